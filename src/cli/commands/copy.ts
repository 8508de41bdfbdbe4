import { counted } from '../../shared/counted.js';
import { existsSync, realpathSync } from 'node:fs';
import { LedgerFolder } from '../../anchoring/ledger-folder.js';
import { attachmentsNamed, copyAttachments, type CopiedAttachments } from '../../operations/attachments.js';
import { noLedger } from '../../operations/require-ledger.js';
import { replicate, type Replicated } from '../../operations/replicate.js';
import type { EventStore } from '../../store/event-store.js';
import { isKurrentDBAddress } from '../../store/kurrentdb/address.js';
import { openStore, openStoreForReading } from '../../store/open-store.js';
import { ledgerExists } from '../../store/sqlite/open-sqlite.js';
import { isStoreError } from '../../store/store-error.js';
import { WriterLock } from '../../store/sqlite/writer-lock.js';
import type { Io } from '../subcommand.js';
import { filesInWords } from '../output/files-in-words.js';
import { Failure } from '../output/failure.js';
import { Progress } from '../output/progress.js';
import { wrapped, type Block } from '../output/page.js';
import { table } from '../output/table.js';

const HOLDER = 'study-ledger copy';

export interface CopyOptions {
  readonly from: string;
  readonly to: string;
  readonly json?: boolean;
}

/** Copies the records of one store into another and compares the roots of both. */
export async function copy({ from, to, json = false }: CopyOptions, { draw }: Io): Promise<string | Block[]> {
  if (isSame(from, to))
    throw new Failure('Source and target are the same.', 'Name another target with --to.');
  const { store: source, inUse, release } = await openSource(from);
  let target: EventStore | undefined;
  let progress: Progress | undefined;
  try {
    target = await openStore(to, { create: true, holder: HOLDER, store: addressIn(to) });
    const replicated = await replicate(source, target, {
      onProgress: (done, total) => (progress ??= new Progress(draw, 'copying', total)).at(done),
    });
    progress?.end();
    const logs = replicated.logs.map(({ log, from: before, size, root }) => ({
      log,
      from: before,
      size,
      root,
    }));
    const { sourceGrew } = replicated;
    const files = await copyFiles(from, to, target, replicated);
    return json
      ? JSON.stringify({ logs, sourceGrew, inUse: inUse ?? null, ...(files && { attachments: files }) })
      : [...describe(replicated, { from, to }, inUse), ...(files ? [wrapped(filesInWords(files))] : [])];
  } finally {
    progress?.end();
    await target?.close();
    await source.close();
    release();
  }
}

/** From folder to folder; beside a cluster they stay in the folder that its processes share. */
async function copyFiles(
  from: string,
  to: string,
  target: EventStore,
  { logs }: Replicated,
): Promise<CopiedAttachments | undefined> {
  if (isKurrentDBAddress(from) || isKurrentDBAddress(to)) return undefined;
  const named = await attachmentsNamed(
    target,
    logs.map(({ log }) => log),
  );
  if (named.size === 0) return undefined;
  return copyAttachments(named, LedgerFolder.read(from).attachments, LedgerFolder.read(to).attachments);
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
  /** The process that records into a folder, if there is one; a cluster does not tell. */
  readonly inUse: string | undefined;
  readonly release: () => void;
}

/** Opens the source. No process can begin to record into a folder while it is copied; one that does so already is reported. */
async function openSource(place: string): Promise<Source> {
  const store = addressIn(place);
  if (store !== undefined)
    return { store: await openStoreForReading('', { store }), inUse: undefined, release: () => undefined };
  if (!ledgerExists(place))
    throw new Failure(
      noLedger(place).message,
      'Name the source with --from: a ledger’s folder, or the address of the cluster that holds its records.',
      'store-missing',
    );
  let lock: WriterLock | undefined;
  let inUse: string | undefined;
  try {
    lock = WriterLock.take(place, HOLDER);
  } catch (error) {
    // A read-only medium cannot be locked and needs no lock.
    if (isStoreError(error, 'locked')) inUse = error.holder?.what ?? 'another process';
  }
  return { store: await openStoreForReading(place), inUse, release: () => lock?.release() };
}

function describe(
  { logs, sourceGrew }: Replicated,
  { from, to }: CopyOptions,
  inUse: string | undefined,
): Block[] {
  const copied = logs.reduce((sum, { from: before, size }) => sum + size - before, 0);
  return [
    table(logs, [
      { head: 'log', cell: ({ log }) => log },
      { head: 'records', cell: ({ size }) => String(size), align: 'right' },
      { head: 'copied', cell: ({ from: before, size }) => String(size - before), align: 'right' },
      { head: 'root, the same on both sides', cell: ({ root }) => root },
    ]),
    '',
    wrapped(
      `${counted(copied, 'record')} copied. Each root was derived from the bytes read back from the target.`,
    ),
    wrapped(
      sourceGrew || inUse !== undefined
        ? `The source is in use${inUse === undefined ? '' : ` (${inUse})`}: later records are missing in the target. Stop the process, then run the same command again; it copies only the rest.`
        : 'From now on, record into one of the two only: otherwise two histories exist under one name.',
    ),
    wrapped(describeRest(from, to)),
  ];
}

function describeRest(from: string, to: string): string {
  const rest = 'Seed, marks, published heads, policy and ledger.json are not copied';
  if (!isKurrentDBAddress(to))
    return `${rest}. Move them${isKurrentDBAddress(from) ? '' : ` from ${from}`} into ${to}; keep no second copy${isKurrentDBAddress(from) ? ', and remove “store” from ledger.json' : ''}.`;
  const folder = isKurrentDBAddress(from) ? 'the ledger’s folder' : from;
  return `${rest} and stay in ${folder}. Add “store” with the address of the cluster to its ledger.json. The folder then uses the cluster, and its ledger.sqlite is only a copy.`;
}
