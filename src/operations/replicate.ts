import { EMPTY_LAB, foldLab, logsOf, type Lab } from '../lab/lab.js';
import type { LogName } from '../lab/origins.js';
import { deletedRecords } from '../recording/open-logs.js';
import { LAB } from '../recording/streams.js';
import { sha256 } from '../shared/sha256.js';
import type { EventStore, StoredRecord } from '../store/event-store.js';
import { hashToBase64 } from '../tlog/encoding.js';
import { leafHash, type TreeHead } from '../tlog/merkle.js';
import { MerkleTree } from '../tlog/tree.js';
import { splitIntoAppends } from './append-batches.js';
import {
  ReplicationError,
  mustAgree,
  mustBeUndamaged,
  otherRecord,
  sourceBehind,
  tooShort,
} from './replication-error.js';

/** Where records come from. An EventStore is one. */
export type RecordSource = Pick<EventStore, 'read' | 'size'>;

export interface ReplicateOptions {
  /**
   * The heads that the target must have, where there are any: the records that are there and those that come must make
   * exactly these roots. Then the target may also hold more than the source.
   */
  readonly heads?: (log: LogName, lab: Lab) => Promise<readonly TreeHead[]>;
  /** Compares only; nothing is written. */
  readonly dryRun?: boolean;
  /** In a dry run, the logs that are not compared. */
  readonly leaveOut?: ReadonlySet<LogName>;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface ReplicatedLog {
  readonly log: LogName;
  /** Records that the target held before. */
  readonly from: number;
  /** Records that it holds now; in a dry run, that it would hold. */
  readonly size: number;
  /** RFC 6962 root at that size, base64. */
  readonly root: string;
  /** The size of the largest of the heads; 0 without. */
  readonly vouched: number;
}

export interface Replicated {
  readonly logs: readonly ReplicatedLog[];
  /** The lab, by which these are all the logs. */
  readonly lab: Lab;
  /** The source was written to meanwhile: there is more in it. */
  readonly sourceGrew: boolean;
}

/** How many times a source that is in use is read again for what was recorded meanwhile. */
const ROUNDS = 5;

/**
 * Brings every record of a ledger that the target lacks from the source, byte for byte. One of the two must be the
 * beginning of the other in every log. Everything is compared before anything is written, and the roots of both are
 * compared at the end, each derived from the bytes as they are read. What was cut off is continued by doing it again.
 * Records alone are replicated: seed, signed heads, published heads and policy are no part of a store.
 *
 * @throws ReplicationError
 */
export async function replicate(
  source: RecordSource,
  target: EventStore,
  options: ReplicateOptions = {},
): Promise<Replicated> {
  return new Replication(source, target, options).run();
}

class Replication {
  private readonly plans = new Map<LogName, ReplicatedLog>();
  private done = 0;
  private total = 0;

  constructor(
    private readonly source: RecordSource,
    private readonly target: EventStore,
    private readonly options: ReplicateOptions,
  ) {}

  async run(): Promise<Replicated> {
    const { lab } = await this.register();
    if (lab.size === 0)
      throw new ReplicationError('source-empty', 'There is no ledger in the source: nothing was done.');
    const logs = logsOf(lab).filter((log) => !this.options.leaveOut?.has(log));
    await this.estimate(logs);
    for (const log of logs) this.plans.set(log, await this.compare(log, lab));
    if (this.options.dryRun) return { logs: [...this.plans.values()], lab, sourceGrew: false };
    for (let round = 0; round < ROUNDS && (await this.round()) > 0;) round++;
    return this.verified(lab);
  }

  /** The lab of the target, with what the source has beyond it; and how many records that takes of the source. */
  private async register(): Promise<{ lab: Lab; size: number }> {
    let lab = EMPTY_LAB;
    for (const store of [this.target, this.source])
      for await (const page of store.read('lab', lab.size)) {
        const records = page.map(({ number, text }) => ({ number, leaf: '', record: LAB.parse(text) }));
        lab = foldLab(lab, records);
      }
    return { lab, size: lab.size };
  }

  /**
   * The lab comes last. It is what makes a store a ledger, so a copy that was cut off is none and nobody goes on from it
   * by mistake. It comes no further than it was before the studies were read, so every head that it names is there.
   */
  private async round(): Promise<number> {
    const { lab, size } = await this.register();
    let carried = 0;
    for (const log of logsOf(lab).reverse()) {
      if (!this.plans.has(log)) this.plans.set(log, await this.compare(log, lab));
      carried += await this.carry(log, log === 'lab' ? size : Infinity);
    }
    return carried;
  }

  /** Compares a log on both sides, and with its heads, without writing. */
  private async compare(log: LogName, lab: Lab): Promise<ReplicatedLog> {
    const tree = new MerkleTree(sha256);
    for await (const { text } of recordsOf(this.target, log)) tree.append(leafHash(sha256, text));
    const from = tree.size;
    const heads = (await this.options.heads?.(log, lab)) ?? [];
    for (const head of heads) if (head.size <= from) mustAgree(log, tree, head, 'store-inconsistent');
    for await (const record of recordsOf(this.source, log)) {
      const leaf = mustBeUndamaged(log, record);
      if (record.number >= from) tree.append(leaf);
      else {
        if (tree.leaf(record.number) !== leaf)
          throw otherRecord(log, record.number, this.options.heads ? 'source-unfit' : 'target-differs');
        this.advance();
      }
    }
    const size = await this.source.size(log);
    if (size < from && !this.options.heads) throw sourceBehind(log, from, size);
    const anchored = lab.anchors.get(log)?.size ?? 0;
    if (!this.options.heads && tree.size < anchored) throw deletedRecords(log, tree.size, anchored);
    const vouched = Math.max(0, ...heads.map((head) => head.size));
    if (tree.size < vouched) throw tooShort(log, { from, vouched, size });
    for (const head of heads) if (head.size > from) mustAgree(log, tree, head, 'source-unfit');
    return { log, from, size: tree.size, root: rootOf(tree), vouched };
  }

  private async carry(log: LogName, limit: number): Promise<number> {
    const plan = this.plans.get(log)!;
    const from = await this.target.size(log);
    let size = from;
    for await (const page of this.source.read(log, from)) {
      const wanted = page.filter(({ number }) => number < limit);
      if (wanted.length === 0) break;
      for (const record of wanted) mustBeUndamaged(log, record);
      for (const batch of splitIntoAppends(wanted)) {
        await this.target.append(log, size, batch);
        size += batch.length;
        this.advance(batch.length);
      }
    }
    this.plans.set(log, { ...plan, size });
    return size - from;
  }

  private async verified(lab: Lab): Promise<Replicated> {
    const logs: ReplicatedLog[] = [];
    let sourceGrew = false;
    for (const plan of this.plans.values()) {
      const { log, size } = plan;
      const mine = await this.treeOf(this.source, log, size);
      const theirs = await this.treeOf(this.target, log, Infinity);
      if (theirs.size !== size || theirs.root(mine.size) !== mine.root())
        throw new ReplicationError(
          'copy-differs',
          `${log} has ${theirs.size} records and root ${rootOf(theirs)} in the target; ${mine.size} and ${rootOf(mine)} in the source. Do not use the target: another process writes to it, or the store does not keep what it is given.`,
        );
      if ((await this.source.size(log)) > size) sourceGrew = true;
      logs.push({ ...plan, root: rootOf(theirs) });
    }
    return { logs, lab, sourceGrew };
  }

  /** Over the bytes as they are read back, never over the hashes that are stored beside them. */
  private async treeOf(store: RecordSource, log: LogName, limit: number): Promise<MerkleTree> {
    const tree = new MerkleTree(sha256);
    for await (const { number, text } of recordsOf(store, log)) {
      if (number >= limit) break;
      tree.append(leafHash(sha256, text));
      this.advance();
    }
    return tree;
  }

  /** Each record of the source is compared or carried, and read on both sides at the end. */
  private async estimate(logs: readonly LogName[]): Promise<void> {
    for (const log of logs) {
      // A stream that was deleted in the target shows here, before anything is written.
      await this.target.size(log);
      this.total += 3 * (await this.source.size(log));
    }
  }

  private advance(records = 1): void {
    this.done += records;
    if (this.done % 256 < records) this.options.onProgress?.(Math.min(this.done, this.total), this.total);
  }
}

async function* recordsOf(store: RecordSource, log: LogName): AsyncGenerator<StoredRecord> {
  for await (const page of store.read(log)) yield* page;
}

function rootOf(tree: MerkleTree): string {
  return hashToBase64(tree.root());
}
