import { cpSync, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { v7 } from 'uuid';
import { EMPTY_LAB, foldLab, logsOf, type Lab } from '../lab/lab.js';
import { originOf, type LogName } from '../lab/origins.js';
import { hashFromBase64, hashToBase64 } from '../tlog/encoding.js';
import { leafHash, type TreeHead } from '../tlog/merkle.js';
import { MerkleTree } from '../tlog/tree.js';
import type { EventStore, StoredRecord } from '../store/event-store.js';
import { openStore } from '../store/open-store.js';
import { batches } from './append-batches.js';
import { Engine } from '../recording/engine.js';
import { proposeLabFact } from '../recording/lab-records.js';
import { FolderCustody, LedgerFolder } from '../anchoring/ledger-folder.js';
import { openRestoreSource, type RestoreSource } from './restore-source.js';
import { sha256 } from '../shared/sha256.js';
import { isOwnNote, readSignedHead } from '../signing/signed-note.js';
import { LAB } from '../recording/streams.js';

export type RestoreCode =
  /** Records that are there are not those that were signed: adding others cannot mend that. */
  | 'store-inconsistent'
  /** The source does not reach what was signed, or has other records. */
  | 'source-unfit'
  /** Records are missing, and there is nothing to bring them back from. */
  | 'source-needed'
  | 'mark-unreadable'
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
  /** As in LedgerOptions. */
  readonly store?: string;
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
  const store = await openStore(data, {
    create: true,
    holder: 'study-ledger restore',
    store: options.store ?? LedgerFolder.read(data).config.store,
  });
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
            ...(marks !== undefined && { marks: resolve(marks) }),
            ...(seedFile !== undefined && { seedFile: resolve(seedFile) }),
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

type RestoredLog = Restored['logs'][number];

class Restoring {
  private lab: Lab = EMPTY_LAB;

  constructor(
    private readonly store: EventStore,
    private readonly folder: LedgerFolder,
    private readonly source: RestoreSource | undefined,
    private readonly options: RestoreOptions,
  ) {}

  /** Everything is looked at before anything is written. */
  async run(): Promise<Restored> {
    this.lab = await this.wholeLab();
    if (this.lab.size === 0)
      throw new RestoreError('source-needed', 'There is no lab log here: name a copy with --from.');
    const logs: RestoredLog[] = [];
    for (const log of logsOf(this.lab)) logs.push(await this.planned(log));
    for (const { log, from, size } of logs) if (size > from) await this.append(log, from);
    return this.recordIt(logs);
  }

  /** Keys, studies and anchors by the lab as it will be. That the source's part of it belongs to it is seen below. */
  private async wholeLab(): Promise<Lab> {
    const mine = await folded(EMPTY_LAB, this.store.read('lab'));
    return this.source?.has('lab') ? folded(mine, this.source.read('lab', mine.size)) : mine;
  }

  private async planned(log: LogName): Promise<RestoredLog> {
    const tree = new MerkleTree(sha256);
    for await (const page of this.store.read(log))
      for (const { text } of page) tree.append(leafHash(sha256, text));
    const from = tree.size;
    const heads = await this.headsOf(log);
    const vouched = Math.max(0, ...heads.map(({ size }) => size));
    for (const head of heads) if (head.size <= from) this.mustAgree(log, tree, head, 'store-inconsistent');
    if (this.source?.has(log)) await this.grow(log, tree, this.source);
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
    return { log, from, size: tree.size, vouched };
  }

  /** The source must have the very records that are here; only then do those that follow belong to this log. */
  private async grow(log: LogName, tree: MerkleTree, source: RestoreSource): Promise<void> {
    const from = tree.size;
    for await (const page of source.read(log, 0)) {
      for (const { number, leaf } of page) {
        if (number >= from) tree.append(leaf);
        else if (tree.leaf(number) !== leaf)
          throw new RestoreError(
            'source-unfit',
            `Record ${number} of ${log} in the source is another than here: it is not a copy of this ledger. Nothing was taken.`,
          );
      }
    }
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

  /** What was signed, anchored and published of a log. A mark that cannot be read is no reason to do without it. */
  private async headsOf(log: LogName): Promise<TreeHead[]> {
    const origin = originOf(this.lab.facility, log);
    const keys = this.lab.keys.get(origin) ?? [];
    const heads: TreeHead[] = [];
    const mark = await this.folder.heads.load(log);
    if (mark !== undefined) {
      const head = readSignedHead(mark, origin, keys);
      if (!head)
        throw new RestoreError(
          'mark-unreadable',
          `The mark of ${log} is not a note that this log has signed. Find out whose it is; where it is lost, take the file away.`,
        );
      heads.push(head);
    }
    const published = log === 'lab' ? this.folder.anchors.newest(isOwnNote(this.lab))?.note : undefined;
    const head = published === undefined ? undefined : readSignedHead(published, origin, keys);
    if (head) heads.push(head);
    const anchor = this.lab.anchors.get(log);
    if (anchor) heads.push({ size: anchor.size, root: hashFromBase64(anchor.root) });
    return heads;
  }

  private async append(log: LogName, from: number): Promise<void> {
    let size = from;
    for await (const page of this.source?.read(log, from) ?? []) {
      for (const batch of batches(page)) {
        await this.store.append(log, size, batch);
        size += batch.length;
      }
    }
  }

  private async recordIt(logs: Restored['logs']): Promise<Restored> {
    const { folder, options, source } = this;
    const custody = new FolderCustody(folder, options.seedDescriptor);
    const engine = new Engine(this.store, () => Date.now(), { custody });
    await engine.lab();
    const marked = (await folder.heads.load('lab')) !== undefined;
    const grown = logs.filter(({ from, size }) => size > from);
    if (grown.length === 0 && marked && folder.alarm() === undefined)
      throw new RestoreError('nothing-to-restore', 'Everything that was signed is there: nothing was done.');
    for (const { log, size } of grown.length > 0 ? grown : logs.slice(0, 1)) {
      const root = hashToBase64((await engine.log(log)).log.root(size));
      const data = { log, size, root, source: source?.name ?? 'none', cause: options.cause };
      await engine.recordInLab(
        proposeLabFact(
          { type: 'RestoredFromBackup', command: 'RestoreFromBackup', commandId: v7(), data: () => data },
          engine.now,
        ),
      );
    }
    folder.clearAlarm();
    try {
      await engine.heads.signAgain();
      return { logs };
    } catch (error) {
      return { logs, unsigned: (error as Error).message };
    }
  }
}

async function folded(lab: Lab, pages: AsyncIterable<readonly StoredRecord[]>): Promise<Lab> {
  for await (const page of pages)
    lab = foldLab(
      lab,
      page.map(({ number, text }) => ({ number, leaf: '', record: LAB.parse(text) })),
    );
  return lab;
}
