import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { counted } from '../../shared/counted.js';
import { backUp, restoreDrill as drill, type CopiedLog } from '../../operations/backup.js';
import {
  MOST_DAYS,
  backUpOnlyDisclosures,
  lastDay,
  type DisclosureBackup,
  type DisclosureCopy,
} from '../../operations/disclosure-backup.js';
import { noLedger, requireLedger } from '../../operations/require-ledger.js';
import { ledgerExists } from '../../store/sqlite/open-sqlite.js';
import { CalendarDate, matches } from '../../study/schema.js';
import type { Io } from '../subcommand.js';
import { Failure } from '../output/failure.js';
import { storeOf, type Place } from '../open-ledger.js';
import { wrapped, type Block } from '../output/page.js';
import { filesInWords } from '../output/files-in-words.js';
import { table } from '../output/table.js';

export interface BackupOptions extends Place {
  readonly to: string;
  readonly disclosuresUntil?: string;
  readonly onlyDisclosures?: boolean;
  readonly json?: boolean;
}

/** Copies a ledger. Exit code 1 if a log is damaged; the copy is made all the same. */
export async function backup(options: BackupOptions, io: Io): Promise<number> {
  const { data, store, to, onlyDisclosures = false, json = false } = options;
  const { print } = io;
  const nowMs = Date.now();
  const until = checkedDay(options.disclosuresUntil, nowMs);
  if (onlyDisclosures) return backUpNames(options, until, io);
  if (storeOf({ data, store }) !== undefined)
    throw new Failure(
      'The records are on a cluster; a backup copies a folder.',
      'Back up the cluster with its own tools, or run study-ledger copy into a folder. Names lie in the folder: copy them with --only-disclosures.',
      'store-elsewhere',
    );
  await requireLedger(data);
  if (ledgerExists(to)) throw new Failure(`${to} already holds a ledger.`, 'Name an empty folder with --to.');
  const made = await backUp(data, to, nowMs, until);
  const { logs, disclosures, attachments } = made;
  const problems = logs.flatMap(({ problem }) => (problem === undefined ? [] : [problem]));
  const exitCode = problems.length === 0 ? 0 : 1;
  if (json) {
    print(JSON.stringify(made));
    return exitCode;
  }
  print(
    shown(logs),
    '',
    ...problems.map((problem) => wrapped(`DAMAGED  ${problem} It was copied as it is.`)),
    wrapped(`Copied to ${to}, without seed and marks. Check the copy: study-ledger restore-drill ${to}`),
    ...(disclosures ? [wrapped(namesCopied(disclosures, to))] : []),
    ...(attachments ? [wrapped(filesInWords(attachments))] : []),
  );
  return exitCode;
}

async function backUpNames(
  { data, store, to, json = false }: BackupOptions,
  until: string,
  { print }: Io,
): Promise<number> {
  await requireLedger(data, { store });
  if (existsSync(join(to, 'disclosures')))
    throw new Failure(`${to} already holds a copy of names.`, 'Name another folder with --to.');
  const made = await backUpOnlyDisclosures({ data, store }, to, { nowMs: Date.now(), until });
  if (json) print(JSON.stringify(made ?? { disclosures: 0 }));
  else print(made ? wrapped(namesCopied(made, to)) : 'There are no names to copy.');
  return 0;
}

function namesCopied({ disclosures, until }: DisclosureBackup, to: string): string {
  return `${counted(disclosures, 'name or label', 'names and labels')} copied to ${join(to, 'disclosures')}. They are restored until ${until}: delete that folder then.`;
}

/** @throws Failure where it is no day on which a copy of names may end. */
function checkedDay(given: string | undefined, nowMs: number): string {
  const day = given ?? lastDay(nowMs);
  const [first, last] = [lastDay(nowMs, 0), lastDay(nowMs, MOST_DAYS)];
  if (matches(CalendarDate, day) && day >= first && day <= last) return day;
  throw Failure.usage(
    `--disclosures-until ${day} is not a day from ${first} to ${last}.`,
    `Give a date such as ${lastDay(nowMs)}. An erased name stays in a copy until then, so no copy may be kept for longer than ${MOST_DAYS} days.`,
  );
}

/** Checks whether a backup can be restored. Exit code 1 if it cannot. */
export async function restoreDrill(
  folder: string,
  { json = false }: { json?: boolean },
  { print }: Io,
): Promise<number> {
  if (!ledgerExists(folder))
    throw new Failure(
      noLedger(folder).message,
      'Name a folder that study-ledger backup wrote.',
      'store-missing',
    );
  const result = await drill(folder);
  const { logs, published, failures, simulated, disclosures, attachments } = result;
  if (json) {
    print(JSON.stringify(result));
    return failures.length === 0 ? 0 : 1;
  }
  const since = logs.reduce((sum, { size = 0, anchored = size }) => sum + Math.max(0, size - anchored), 0);
  print(
    ...(simulated ? ['SIMULATED DATA', ''] : []),
    shown(logs),
    '',
    ...failures.map((failure) => wrapped(`FAILED  ${failure}`)),
    failures.length === 0
      ? wrapped(
          `The copy can be restored: every hash was derived again from the stored bytes, and every record was folded. Its lab log has ${counted(logs[0]?.size ?? 0, 'record')}; the last published size is ${published}. ${since === 0 ? 'Every record is anchored.' : `${counted(since, 'record')} came after the last anchor of their log.`} Later records are not in the copy.`,
        )
      : 'Do not rely on this copy: make another one.',
    ...(disclosures ? [wrapped(namesInCopy(disclosures))] : []),
    ...(attachments ? [wrapped(filesInWords(attachments))] : []),
  );
  return failures.length === 0 ? 0 : 1;
}

function namesInCopy({ usable, missing, until, isExpired }: DisclosureCopy): string {
  const found = `${counted(usable, 'name or label', 'names and labels')} in it can be restored`;
  if (isExpired)
    return `Its names are not restored any more: their copy ended on ${until || 'no known day'}. Delete its folder “disclosures”.`;
  return `${found}${until === undefined ? '' : ` until ${until}`}${missing === 0 ? '' : `; ${missing} are missing`}.`;
}

function shown(logs: readonly CopiedLog[]): Block {
  return table(logs, [
    { head: 'log', cell: ({ log }) => log },
    { head: 'records', cell: ({ size = '?' }) => String(size), align: 'right' },
    {
      head: 'anchored',
      cell: ({ anchored }) => (anchored === undefined ? '' : String(anchored)),
      align: 'right',
    },
    {
      head: 'since',
      cell: ({ size, anchored }) =>
        size === undefined || anchored === undefined ? '' : String(size - anchored),
      align: 'right',
    },
    { head: 'root', cell: ({ root = 'damaged' }) => root },
  ]);
}
