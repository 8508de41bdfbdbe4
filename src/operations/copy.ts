import { EMPTY_LAB, foldLab, logsOf } from '../lab/lab.js';
import type { LogName } from '../lab/origins.js';
import { hashToBase64 } from '../tlog/encoding.js';
import { leafHash } from '../tlog/merkle.js';
import { MerkleTree } from '../tlog/tree.js';
import type { EventStore, StoredRecord } from '../store/event-store.js';
import { batches } from './append-batches.js';
import { sha256 } from '../shared/sha256.js';
import { LAB } from '../recording/streams.js';

export type CopyCode =
  /** There is no ledger in the source. */
  | 'source-empty'
  /** A record's bytes are not those that its stored hash was made of; copying would make it look whole. */
  | 'source-damaged'
  /** The target holds all that the source holds, and more. */
  | 'source-behind'
  /** The target holds another record in a place of the source's. */
  | 'target-differs'
  /** What can be read from the target afterwards is not what was written. */
  | 'copy-differs';

export class CopyError extends Error {
  override readonly name = 'CopyError';

  constructor(
    readonly code: CopyCode,
    message: string,
  ) {
    super(message);
  }
}

export interface CopiedStream {
  readonly log: LogName;
  /** Records that the target had before. */
  readonly from: number;
  readonly size: number;
  /** RFC 6962 root at that size, base64: the same on both sides, each derived from its own bytes. */
  readonly root: string;
}

export interface Copied {
  readonly logs: readonly CopiedStream[];
  /** The source was written to meanwhile: there is more in it. */
  readonly sourceGrew: boolean;
}

/** How many times a source that is in use is gone through again for what came meanwhile. */
const ROUNDS = 5;

type OnProgress = (done: number, total: number) => void;

/**
 * Carries every record of a ledger into another store, byte for byte, and compares the roots of both at the end. What
 * the target has already must be the beginning of it, so a copy that was cut off goes on where it stopped. Records
 * alone are carried: seed, marks, published heads and policy are no part of a store.
 */
export async function copyRecords(
  source: EventStore,
  target: EventStore,
  onProgress: OnProgress = () => undefined,
): Promise<Copied> {
  return new Copying(source, target, onProgress).run();
}

class Copying {
  /** What the target held before and holds now, by log. */
  private readonly before = new Map<LogName, number>();
  private readonly held = new Map<LogName, number>();
  private done = 0;
  private total = 0;

  constructor(
    private readonly source: EventStore,
    private readonly target: EventStore,
    private readonly onProgress: OnProgress,
  ) {}

  async run(): Promise<Copied> {
    const { logs } = await this.register();
    if (logs.length === 0)
      throw new CopyError('source-empty', 'There is no ledger in the source: nothing was done.');
    await this.estimate(logs);
    // Everything is looked at before anything is written.
    for (const log of logs) await this.mustBeBeginning(log);
    for (let round = 0; round < ROUNDS && (await this.round()) > 0;) round++;
    return this.compared();
  }

  /**
   * The lab comes last. It is what makes a store a ledger, so a copy that was cut off is none, and nobody goes on from
   * it by mistake; and it comes no further than it was before the studies were read, so whatever it says of a study's
   * head is there.
   */
  private async round(): Promise<number> {
    const { logs, size } = await this.register();
    let carried = 0;
    for (const log of [...logs].reverse()) {
      if (!this.held.has(log)) await this.mustBeBeginning(log);
      carried += await this.carry(log, log === 'lab' ? size : Infinity);
    }
    return carried;
  }

  /** Which logs there are, the lab first, by the source's own register. */
  private async register(): Promise<{ logs: LogName[]; size: number }> {
    let lab = EMPTY_LAB;
    for await (const page of this.source.read('lab')) {
      const records = page.map(({ number, text }) => ({ number, leaf: '', record: LAB.parse(text) }));
      lab = foldLab(lab, records);
    }
    return { logs: lab.size === 0 ? [] : logsOf(lab), size: lab.size };
  }

  private async mustBeBeginning(log: LogName): Promise<void> {
    const size = await this.source.size(log);
    const held = await this.target.size(log);
    const theirs = recordsOf(this.target, log);
    try {
      for await (const { number, text } of recordsOf(this.source, log)) {
        if (number >= held) break;
        const { value } = await theirs.next();
        if ((value as StoredRecord | undefined)?.text !== text)
          throw new CopyError(
            'target-differs',
            `Record ${number} of ${log} in the target is another than in the source: it is not a copy of this ledger. Nothing was written; name an empty target.`,
          );
        this.advance();
      }
    } finally {
      await theirs.return(undefined);
    }
    if (held > size)
      throw new CopyError(
        'source-behind',
        `The target holds ${held} records of ${log}, the source only their first ${size}: the target is the later one. Nothing was written.`,
      );
    this.before.set(log, held);
    this.held.set(log, held);
  }

  private async carry(log: LogName, limit: number): Promise<number> {
    const from = this.held.get(log) ?? 0;
    let size = from;
    for await (const page of this.source.read(log, from)) {
      const wanted = page.filter(({ number }) => number < limit);
      if (wanted.length === 0) break;
      for (const batch of batches(wanted.map((record) => undamaged(log, record)))) {
        await this.target.append(log, size, batch);
        size += batch.length;
        this.held.set(log, size);
        this.advance(batch.length);
      }
    }
    return size - from;
  }

  private async compared(): Promise<Copied> {
    const logs: CopiedStream[] = [];
    let sourceGrew = false;
    for (const [log, size] of this.held) {
      const mine = await this.treeOf(this.source, log, size);
      const theirs = await this.treeOf(this.target, log, Infinity);
      if (mine.size !== size || theirs.size !== size || mine.root() !== theirs.root())
        throw new CopyError(
          'copy-differs',
          `${log} has ${theirs.size} records and root ${rootOf(theirs)} in the target; ${mine.size} and ${rootOf(mine)} in the source. Do not use the target: somebody else writes to it, or the store does not keep what it is given.`,
        );
      if ((await this.source.size(log)) > size) sourceGrew = true;
      logs.push({ log, from: this.before.get(log) ?? 0, size, root: rootOf(mine) });
    }
    return { logs, sourceGrew };
  }

  /** Over the bytes as they are read back, never over the hashes that are stored beside them. */
  private async treeOf(store: EventStore, log: LogName, limit: number): Promise<MerkleTree> {
    const tree = new MerkleTree(sha256);
    for await (const { number, text } of recordsOf(store, log)) {
      if (number >= limit) break;
      tree.append(leafHash(sha256, text));
      this.advance();
    }
    return tree;
  }

  /** Each record is read on both sides to compare them; before that, compared or carried. */
  private async estimate(logs: readonly LogName[]): Promise<void> {
    for (const log of logs) this.total += 3 * (await this.source.size(log));
  }

  private advance(records = 1): void {
    this.done += records;
    if (this.done % 256 < records) this.onProgress(Math.min(this.done, this.total), this.total);
  }
}

function undamaged(log: LogName, record: StoredRecord): StoredRecord {
  if (leafHash(sha256, record.text) === record.leaf) return record;
  throw new CopyError(
    'source-damaged',
    `Record ${record.number} of ${log} in the source is not what its stored hash says. Run verify there before anything is copied.`,
  );
}

function rootOf(tree: MerkleTree): string {
  return hashToBase64(tree.root());
}

async function* recordsOf(store: EventStore, log: LogName): AsyncGenerator<StoredRecord> {
  for await (const page of store.read(log)) yield* page;
}
