import { existsSync, realpathSync } from 'node:fs';
import { copyRecords, type Copied } from '../engine/copy.js';
import type { EventStore } from '../store/event-store.js';
import { ledgerExists, openSqliteReader, openSqliteStore } from '../store/sqlite-ledger.js';
import { isStoreError } from '../store/store-error.js';
import { WriterLock } from '../store/writer-lock.js';
import { Failure } from './failure.js';
import { Progress } from './progress.js';
import { table, wrapped } from './table.js';

const HOLDER = 'study-ledger copy';

export interface CopyOptions {
  readonly from: string;
  readonly to: string;
  readonly json?: boolean;
}

/** Copies the records of one store into another and shows that both are the same, root by root. */
export async function copy({ from, to, json = false }: CopyOptions): Promise<string> {
  if (existsSync(from) && existsSync(to) && realpathSync(from) === realpathSync(to))
    throw new Failure('Source and target are the same.', 'Name another target with --to.');
  const { store: source, inUse, release } = openSource(from);
  let target: EventStore | undefined;
  let progress: Progress | undefined;
  try {
    target = openSqliteStore(to, { create: true, holder: HOLDER });
    const copied = await copyRecords(source, target, (done, total) =>
      (progress ??= new Progress('copying', total)).at(done),
    );
    progress?.end();
    return json ? JSON.stringify({ ...copied, inUse: inUse ?? null }) : shown(copied, { from, to }, inUse);
  } finally {
    progress?.end();
    await target?.close();
    await source.close();
    release();
  }
}

interface Source {
  readonly store: EventStore;
  /** Who writes it, where somebody does. */
  readonly inUse: string | undefined;
  readonly release: () => void;
}

/** Nobody else becomes the writer of the source while it is copied; where somebody is, that is said, not refused. */
function openSource(folder: string): Source {
  if (!ledgerExists(folder))
    throw new Failure(`There is no ledger in ${folder}.`, 'Name the source with --from.');
  let lock: WriterLock | undefined;
  let inUse: string | undefined;
  try {
    lock = WriterLock.take(folder, HOLDER);
  } catch (error) {
    // A medium that cannot be written has no writer either.
    if (isStoreError(error, 'locked')) inUse = error.holder?.what ?? 'another process';
  }
  return { store: openSqliteReader(folder), inUse, release: () => lock?.release() };
}

function shown({ logs, sourceGrew }: Copied, { from, to }: CopyOptions, inUse: string | undefined): string {
  const carried = logs.reduce((sum, { from: before, size }) => sum + size - before, 0);
  return [
    table(logs, [
      { head: 'log', cell: ({ log }) => log },
      { head: 'records', cell: ({ size }) => String(size), align: 'right' },
      { head: 'carried', cell: ({ from: before, size }) => String(size - before), align: 'right' },
      { head: 'root, the same on both sides', cell: ({ root }) => root },
    ]),
    '',
    wrapped(
      `${carried} records carried. Each root was derived from the bytes as they can be read there now.`,
    ),
    wrapped(
      sourceGrew || inUse !== undefined
        ? `The source is in use${inUse === undefined ? '' : ` (${inUse})`}: what is recorded there from now on is missing in the target. Stop what writes to it, and run the same copy again: only the rest is carried.`
        : 'From now on, let one of the two be recorded into, and one only: two that go on are two histories under one name.',
    ),
    wrapped(
      `Seed, marks, published heads, policy and ledger.json are no records and stay in ${from}. Move them, never copy them, to where ${to} is served from.`,
    ),
  ].join('\n');
}
