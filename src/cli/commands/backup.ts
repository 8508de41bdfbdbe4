import { backUp, restoreDrill as drill, type CopiedLog } from '../../operations/backup.js';
import { ledgerExists } from '../../store/sqlite/open-sqlite.js';
import type { Io } from '../subcommand.js';
import { Failure } from '../output/failure.js';
import { mustExist, storeOf, type Place } from '../open-ledger.js';
import { counted, table, wrapped } from '../output/table.js';

export interface BackupOptions extends Place {
  readonly to: string;
  readonly json?: boolean;
}

export async function backup({ data, store, to, json = false }: BackupOptions): Promise<string> {
  mustExist({ data, store });
  if (storeOf({ data, store }) !== undefined)
    throw new Failure(
      'These records lie on a cluster, and a backup copies a folder.',
      'Back the cluster up by its own means, or copy the records into a folder.',
      'store-elsewhere',
    );
  if (ledgerExists(to))
    throw new Failure(`There is a ledger in ${to} already.`, 'Name an empty folder with --to.');
  const made = await backUp(data, to, Date.now());
  const { logs } = made;
  if (json) return JSON.stringify(made);
  return [
    shown(logs),
    '',
    wrapped(`Copied to ${to}, without seed and marks. Try it: study-ledger restore-drill ${to}`),
  ].join('\n');
}

/** Gives 1 if the copy is no good. */
export async function restoreDrill(
  folder: string,
  { json = false }: { json?: boolean },
  { print }: Io,
): Promise<number> {
  if (!ledgerExists(folder)) throw new Failure(`There is no copy of a ledger in ${folder}.`);
  const result = await drill(folder);
  const { logs, published, failures, simulated } = result;
  if (json) {
    print(JSON.stringify(result));
    return failures.length === 0 ? 0 : 1;
  }
  const since = logs.reduce((sum, { size, anchored = size }) => sum + size - anchored, 0);
  print(
    [
      ...(simulated ? ['SIMULATED DATA', ''] : []),
      shown(logs),
      '',
      ...failures.map((failure) => `FAILED  ${failure}`),
      failures.length === 0
        ? wrapped(
            `The copy can be restored: every record was derived again from its bytes and folded. It reaches lab size ${logs[0]?.size ?? 0}; published was ${published}. ${since === 0 ? 'Every record in it is anchored.' : `${counted(since, 'record')} in it came after the last anchor of their log.`} What was recorded after it was made is not in it.`,
          )
        : 'This copy cannot be relied upon.',
    ].join('\n'),
  );
  return failures.length === 0 ? 0 : 1;
}

function shown(logs: readonly CopiedLog[]): string {
  return table(logs, [
    { head: 'log', cell: ({ log }) => log },
    { head: 'records', cell: ({ size }) => String(size), align: 'right' },
    {
      head: 'anchored',
      cell: ({ anchored }) => (anchored === undefined ? '' : String(anchored)),
      align: 'right',
    },
    {
      head: 'since',
      cell: ({ size, anchored }) => (anchored === undefined ? '' : String(size - anchored)),
      align: 'right',
    },
    { head: 'root', cell: ({ root }) => root },
  ]);
}
