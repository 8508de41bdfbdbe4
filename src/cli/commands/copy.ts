import { existsSync, realpathSync } from 'node:fs';
import { replicate, type Replicated } from '../../operations/replicate.js';
import type { EventStore } from '../../store/event-store.js';
import { isKurrentDBAddress } from '../../store/kurrentdb/address.js';
import { openStore, openStoreForReading } from '../../store/open-store.js';
import { ledgerExists } from '../../store/sqlite/open-sqlite.js';
import { isStoreError } from '../../store/store-error.js';
import { WriterLock } from '../../store/sqlite/writer-lock.js';
import type { Io } from '../subcommand.js';
import { Failure } from '../output/failure.js';
import { Progress } from '../output/progress.js';
import { table, wrapped } from '../output/table.js';

const HOLDER = 'study-ledger copy';

export interface CopyOptions {
  readonly from: string;
  readonly to: string;
  readonly json?: boolean;
}

/** Copies the records of one store into another and shows that both are the same, root by root. */
export async function copy({ from, to, json = false }: CopyOptions, { draw }: Io): Promise<string> {
  if (isSame(from, to))
    throw new Failure('Source and target are the same.', 'Name another target with --to.');
  const { store: source, inUse, release } = await openSource(from);
  let target: EventStore | undefined;
  let progress: Progress | undefined;
  try {
    target = await openStore(to, { create: true, holder: HOLDER, store: addressIn(to) });
    const copied = await replicate(source, target, {
      onProgress: (done, total) => (progress ??= new Progress(draw, 'copying', total)).at(done),
    });
    progress?.end();
    const logs = copied.logs.map(({ log, from: before, size, root }) => ({ log, from: before, size, root }));
    const { sourceGrew } = copied;
    return json
      ? JSON.stringify({ logs, sourceGrew, inUse: inUse ?? null })
      : shown(copied, { from, to }, inUse);
  } finally {
    progress?.end();
    await target?.close();
    await source.close();
    release();
  }
}

/** A place is a folder or a cluster’s address. */
function addressIn(place: string): string | undefined {
  return isKurrentDBAddress(place) ? place : undefined;
}

function isSame(one: string, other: string): boolean {
  return one === other || (existsSync(one) && existsSync(other) && realpathSync(one) === realpathSync(other));
}

interface Source {
  readonly store: EventStore;
  /** Who writes it, where somebody does; a cluster does not know. */
  readonly inUse: string | undefined;
  readonly release: () => void;
}

/** Nobody else becomes the writer of a folder while it is copied; where somebody is, that is said, not refused. */
async function openSource(place: string): Promise<Source> {
  const store = addressIn(place);
  if (store !== undefined)
    return { store: await openStoreForReading('', { store }), inUse: undefined, release: () => undefined };
  if (!ledgerExists(place))
    throw new Failure(
      `There are no records in ${place}.`,
      'Name the source with --from: a ledger’s folder, or the address of the cluster that holds its records.',
    );
  let lock: WriterLock | undefined;
  let inUse: string | undefined;
  try {
    lock = WriterLock.take(place, HOLDER);
  } catch (error) {
    // A medium that cannot be written has no writer either.
    if (isStoreError(error, 'locked')) inUse = error.holder?.what ?? 'another process';
  }
  return { store: await openStoreForReading(place), inUse, release: () => lock?.release() };
}

function shown(
  { logs, sourceGrew }: Replicated,
  { from, to }: CopyOptions,
  inUse: string | undefined,
): string {
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
    wrapped(whatStays(from, to)),
  ].join('\n');
}

function whatStays(from: string, to: string): string {
  const rest = 'Seed, marks, published heads, policy and ledger.json are no records';
  if (!isKurrentDBAddress(to))
    return `${rest}: move them, never copy them, into ${to}${isKurrentDBAddress(from) ? '; and take “store” out of ledger.json' : ` from ${from}`}.`;
  const folder = isKurrentDBAddress(from) ? 'the ledger’s folder' : from;
  return `${rest} and stay in ${folder}. Write “store” with the address of the cluster into its ledger.json: whoever opens the folder then finds the records there, and the old ones, ledger.sqlite, are only a copy.`;
}
