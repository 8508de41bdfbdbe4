import { counted } from '../../shared/counted.js';
import { backUp, restoreDrill as drill, type CopiedLog } from '../../operations/backup.js';
import { noLedger, requireLedger } from '../../operations/require-ledger.js';
import { ledgerExists } from '../../store/sqlite/open-sqlite.js';
import type { Io } from '../subcommand.js';
import { Failure } from '../output/failure.js';
import { storeOf, type Place } from '../open-ledger.js';
import { wrapped, type Block } from '../output/page.js';
import { table } from '../output/table.js';

export interface BackupOptions extends Place {
  readonly to: string;
  readonly json?: boolean;
}

/** Copies a ledger. Exit code 1 if a log is damaged; the copy is made all the same. */
export async function backup(
  { data, store, to, json = false }: BackupOptions,
  { print }: Io,
): Promise<number> {
  if (storeOf({ data, store }) !== undefined)
    throw new Failure(
      'The records are on a cluster; a backup copies a folder.',
      'Back up the cluster with its own tools, or run study-ledger copy into a folder.',
      'store-elsewhere',
    );
  await requireLedger(data);
  if (ledgerExists(to)) throw new Failure(`${to} already holds a ledger.`, 'Name an empty folder with --to.');
  const made = await backUp(data, to, Date.now());
  const { logs } = made;
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
  );
  return exitCode;
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
  const { logs, published, failures, simulated } = result;
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
  );
  return failures.length === 0 ? 0 : 1;
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
