import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { v7 } from 'uuid';
import { EMPTY_LAB, foldLab, logsOf, type Lab } from '../lab/lab.js';
import { originOf, type LogName } from '../lab/origins.js';
import { hashFromBase64, hashToBase64 } from '../ledger/encoding.js';
import { leafHash, MerkleTree, type TreeHead } from '../ledger/merkle.js';
import { MAX_APPEND_BYTES, type EventStore, type StoredRecord } from '../store/event-store.js';
import { openSqliteStore } from '../store/sqlite-ledger.js';
import { Engine } from './engine.js';
import { labFact } from './lab-records.js';
import { FolderCustody, LedgerFolder } from './ledger-folder.js';
import { openRestoreSource, type RestoreSource } from './restore-source.js';
import { sha256 } from './sha256.js';
import { isOwnNote, signedHead } from './signing.js';
import { LAB } from './streams.js';

export type RestoreCode =
  /** Records that are there are not those that were signed: adding others cannot mend that. */
  | 'store-inconsistent'
  /** The source does not reach what was signed, or has other records. */
  | 'source-unfit'
  /** Records are missing, and there is nothing to bring them back from. */
  | 'source-needed'
  | 'nothing-to-restore';

export class RestoreError extends Error {
  override readonly name = 'RestoreError';

  constructor(
    readonly code: RestoreCode,
    message: string,
  ) {
    super(message);
  }
}

export interface RestoreOptions {
  readonly data: string;
  /** A ledger's folder, a backup or an unpacked bundle; undefined to go on with what is there. */
  readonly from?: string;
  readonly cause: string;
  readonly seedFile?: string;
  readonly seedDescriptor?: number;
  readonly marks?: string;
}

export interface Restored {
  readonly logs: readonly {
    readonly log: LogName;
    /** Tree size before and after. */
    readonly from: number;
    readonly size: number;
    /** Up to which size a signature, an anchor or a published head vouches for the records. */
    readonly vouched: number;
  }[];
  /** Why nothing is signed yet, where that is so. */
  readonly unsigned?: string;
}

/**
 * Brings back what a store has lost, byte for byte, and records in the lab that it did. What was signed decides: the
 * records that were there and those brought back must have exactly the root that the mark, the last anchor and the
 * last published head say. No number is ever given to another record.
 */
export async function restore(options: RestoreOptions): Promise<Restored> {
  const { data, from, marks, seedFile } = options;
  const store = openSqliteStore(data, { create: true, holder: 'study-ledger restore' });
  const source =
    from === undefined
      ? undefined
      : await openRestoreSource(from).catch(async (error: unknown) => {
          await store.close();
          throw error;
        });
  try {
    const folder =
      from === undefined
        ? LedgerFolder.read(data)
        : adopted(data, from, {
            ...(marks !== undefined && { marks }),
            ...(seedFile !== undefined && { seedFile }),
          });
    return await new Restoring(store, folder, source, options).run();
  } finally {
    await source?.close();
    await store.close();
  }
}

/** A ledger that is restored into an empty folder takes configuration and published evidence from the copy. */
function adopted(data: string, from: string, places: { marks?: string; seedFile?: string }): LedgerFolder {
  if (existsSync(join(data, 'ledger.json')) || !existsSync(join(from, 'ledger.json'))) {
    const folder = LedgerFolder.read(data).with(places);
    folder.write();
    return folder;
  }
  const copy = LedgerFolder.read(from);
  const folder = new LedgerFolder(data, { ...copy.config, ...places });
  folder.write();
  const policy = copy.policy();
  if (policy !== undefined) folder.writePolicy(policy);
  if (existsSync(copy.anchors.path)) cpSync(copy.anchors.path, folder.anchors.path, { recursive: true });
  return folder;
}

class Restoring {
  private lab: Lab = EMPTY_LAB;

  constructor(
    private readonly store: EventStore,
    private readonly folder: LedgerFolder,
    private readonly source: RestoreSource | undefined,
    private readonly options: RestoreOptions,
  ) {}

  async run(): Promise<Restored> {
    // Keys and anchors come from the lab; where the store has lost some of them, from the source's, to be proved below.
    this.lab = await this.longestLab();
    if (this.lab.size === 0)
      throw new RestoreError('source-needed', 'There is no lab log here: name a copy with --from.');
    const logs = [await this.restoreLog('lab')];
    this.lab = await foldedLab(this.store);
    for (const log of logsOf(this.lab)) if (log !== 'lab') logs.push(await this.restoreLog(log));
    return this.recordIt(logs);
  }

  private async longestLab(): Promise<Lab> {
    const mine = await foldedLab(this.store);
    if (!this.source?.has('lab')) return mine;
    const theirs = await foldedLab(this.source);
    return theirs.size > mine.size ? theirs : mine;
  }

  private async restoreLog(log: LogName): Promise<Restored['logs'][number]> {
    const tree = new MerkleTree(sha256);
    for await (const page of this.store.read(log))
      for (const { text } of page) tree.append(leafHash(sha256, text));
    const from = tree.size;
    const heads = await this.headsOf(log);
    const vouched = Math.max(0, ...heads.map(({ size }) => size));
    for (const head of heads) if (head.size <= from) this.mustAgree(log, tree, head, 'store-inconsistent');
    const lost: StoredRecord[] = [];
    if (this.source?.has(log)) for await (const page of this.source.read(log, from)) lost.push(...page);
    for (const { leaf } of lost) tree.append(leaf);
    if (tree.size < vouched) {
      const what = `${log} holds ${from} records, and ${vouched} were signed`;
      if (!this.source)
        throw new RestoreError('source-needed', `${what}: name a copy that has them with --from.`);
      throw new RestoreError(
        'source-unfit',
        `${what}; the source has ${tree.size}. Find a later copy, export or mirror.`,
      );
    }
    for (const head of heads) if (head.size > from) this.mustAgree(log, tree, head, 'source-unfit');
    await this.append(log, from, lost);
    return { log, from, size: tree.size, vouched };
  }

  private mustAgree(log: LogName, tree: MerkleTree, { size, root }: TreeHead, code: RestoreCode): void {
    if (tree.root(size) === root) return;
    throw new RestoreError(
      code,
      code === 'source-unfit'
        ? `The records of ${log} in the source are not those that were signed at size ${size}: nothing of it was taken.`
        : `The first ${size} records of ${log} are not those that were signed. Adding records cannot mend that: put a true copy of the database in its place, and restore that.`,
    );
  }

  /** What was signed, anchored and published of a log. A note that no key of the log has signed vouches for nothing. */
  private async headsOf(log: LogName): Promise<TreeHead[]> {
    const origin = originOf(this.lab.facility, log);
    const keys = this.lab.keys.get(origin) ?? [];
    const published = log === 'lab' ? this.folder.anchors.newest(isOwnNote(this.lab))?.note : undefined;
    const notes = [await this.folder.marks.load(log), published];
    const heads: TreeHead[] = notes
      .map((note) => (note === undefined ? undefined : signedHead(note, origin, keys)))
      .filter((head) => head !== undefined);
    const anchor = this.lab.anchors.get(log);
    if (anchor) heads.push({ size: anchor.size, root: hashFromBase64(anchor.root) });
    return heads;
  }

  private async append(log: LogName, from: number, records: readonly StoredRecord[]): Promise<void> {
    let batch: { id: string; text: string; leaf: string }[] = [];
    let bytes = 0;
    let size = from;
    const flush = async (): Promise<void> => {
      if (batch.length > 0) await this.store.append(log, size, batch);
      size += batch.length;
      [batch, bytes] = [[], 0];
    };
    for (const { text, leaf } of records) {
      const length = Buffer.byteLength(text);
      if (bytes + length > MAX_APPEND_BYTES) await flush();
      batch.push({ id: (JSON.parse(text) as { id: string }).id, text, leaf });
      bytes += length;
    }
    await flush();
  }

  private async recordIt(logs: Restored['logs']): Promise<Restored> {
    const { folder, options, source } = this;
    const custody = new FolderCustody(folder, options.seedDescriptor);
    const engine = new Engine(this.store, () => Date.now(), { custody });
    await engine.lab();
    const marked = (await folder.marks.load('lab')) !== undefined;
    const grown = logs.filter(({ from, size }) => size > from);
    if (grown.length === 0 && marked && folder.alarm() === undefined)
      throw new RestoreError('nothing-to-restore', 'Everything that was signed is there: nothing was done.');
    for (const { log, size } of grown.length > 0 ? grown : logs.slice(0, 1)) {
      const root = hashToBase64((await engine.log(log)).log.root(size));
      const data = { log, size, root, source: source?.name ?? 'none', cause: options.cause };
      await engine.recordInLab(
        labFact(
          { type: 'RestoredFromBackup', command: 'RestoreFromBackup', commandId: v7(), data: () => data },
          engine.now,
        ),
      );
    }
    folder.clearAlarm();
    try {
      await engine.signAgain();
      return { logs };
    } catch (error) {
      return { logs, unsigned: (error as Error).message };
    }
  }
}

async function foldedLab(from: {
  read(log: 'lab', from: number): AsyncIterable<readonly StoredRecord[]>;
}): Promise<Lab> {
  let lab = EMPTY_LAB;
  for await (const page of from.read('lab', 0))
    lab = foldLab(
      lab,
      page.map(({ number, text }) => ({ number, leaf: '', record: LAB.parse(text) })),
    );
  return lab;
}
