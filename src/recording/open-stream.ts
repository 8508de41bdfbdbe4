import { hashToBase64, type Hash } from '../tlog/encoding.js';
import { leafHash } from '../tlog/merkle.js';
import { MerkleTree } from '../tlog/tree.js';
import type { EndpointAlert } from '../study/welfare/endpoints.js';
import { StoreError } from '../store/store-error.js';
import type { EventStore, StoredRecord } from '../store/event-store.js';
import type { Numbered, RecordAttributes } from '../study/record.js';
import { SealedRecord, type Sealed } from './seal.js';
import { sha256 } from '../shared/sha256.js';

/** The fold of a kind of stream: its name, its empty state, and how records change the state. */
export interface StreamKind<S, R extends RecordAttributes> {
  readonly stream: string;
  readonly empty: S;
  /** Leaves the given state as it is. */
  fold(state: S, records: readonly Numbered<R>[]): S;
  /** A copy that `extend` may change in place. Cheaper than `fold` for one record after another. */
  draftOf(state: S): S;
  extend(draft: S, records: readonly Numbered<R>[]): S;
  parse(text: string): R;
}

/** The Merkle tree of a stream, for reading: any root or proof at any size up to its own, in logarithmic time. */
export type StreamTree = Omit<MerkleTree, 'append'>;

/** The records that one command appended, by number. */
export interface Answered {
  readonly first: number;
  readonly count: number;
}

/** The answer to a command that was recorded; it can be derived again from the stream at any time. */
export interface Receipt {
  readonly study: string;
  /** `leaf`: RFC 6962 leaf hash in base64. */
  readonly records: readonly { readonly number: number; readonly leaf: string }[];
  /** Just after the command's own last record, even if others have been appended since. */
  readonly treeSize: number;
  /** RFC 6962 root at that size, base64. */
  readonly root: string;
  /** Humane endpoints that wait for a decision because of these records; left out where there is none. */
  readonly endpoints?: readonly EndpointAlert[];
}

/**
 * An open stream: folded state, Merkle tree and answered commands, all of the same prefix. It takes only what the store
 * has confirmed as durable.
 */
export class OpenStream<S, R extends RecordAttributes> {
  state: S;
  /** The first record whose bytes do not have the stored leaf hash. It is read all the same, but nothing is signed. */
  damaged: number | undefined;
  private readonly tree = new MerkleTree(sha256);
  /** The command id of each record, by record number. */
  private readonly commands: string[] = [];
  /** The first record of each command, and how many it made where that is not one. Of the first `indexed` records. */
  private readonly answered = new Map<string, number>();
  private readonly counts = new Map<string, number>();
  private indexed = 0;
  private reading: Promise<void> | undefined;
  private readingNext: Promise<void> | undefined;

  constructor(
    readonly kind: StreamKind<S, R>,
    private readonly store: EventStore,
  ) {
    this.state = kind.empty;
  }

  get size(): number {
    return this.tree.size;
  }

  /** What is wrong with its records, where anything is. */
  get problem(): string | undefined {
    if (this.damaged === undefined) return undefined;
    return `Record ${this.damaged} of ${this.kind.stream} does not have the hash that is stored beside it: run verify.`;
  }

  /** The tree over the bytes as they were read, never over the hashes that are stored beside them. */
  get log(): StreamTree {
    return this.tree;
  }

  /** RFC 6962 root at a size, base64. */
  root(size: number): string {
    return hashToBase64(this.tree.root(size));
  }

  leaf(number: number): Hash {
    return this.tree.leaf(number);
  }

  answerTo(commandId: string): Answered | undefined {
    // Only when a command comes: a study that is opened for reading does not need it.
    while (this.indexed < this.commands.length) this.index(this.indexed++);
    const first = this.answered.get(commandId);
    return first === undefined ? undefined : { first, count: this.counts.get(commandId) ?? 1 };
  }

  receipt(study: string, { first, count }: Answered): Receipt {
    const numbers = Array.from({ length: count }, (_, index) => first + index);
    const treeSize = first + count;
    return {
      study,
      records: numbers.map((number) => ({ number, leaf: hashToBase64(this.tree.leaf(number)) })),
      treeSize,
      root: this.root(treeSize),
    };
  }

  /** Whether the last folded record is in the store as it was folded, and no part of the stream is missing. */
  async stands(): Promise<boolean> {
    const { stream } = this.kind;
    // It may grow while the store is asked.
    const { size } = this;
    if (size === 0) return true;
    if ((await this.store.size(stream)) < size) return false;
    for await (const [last] of this.store.read(stream, size - 1))
      return last !== undefined && leafHash(sha256, last.text) === this.tree.leaf(size - 1);
    return false;
  }

  /**
   * Folds what the store holds beyond what is folded. The reading begins after the call, so it includes everything that
   * was confirmed to anybody by then. Calls that come while one reading is under way share the next one.
   */
  catchUp(): Promise<void> {
    if (this.reading)
      return (this.readingNext ??= this.reading.catch(() => undefined).then(() => this.readNext()));
    return this.readNext();
  }

  /**
   * Takes records that the store has confirmed. `state` is the fold over them. It is used only where no reading has
   * taken these records first.
   */
  commit(records: readonly Sealed<R>[], state: S): void {
    const isNext = records[0]?.parsed.number === this.size;
    this.take(
      records.map(({ parsed }) => parsed),
      isNext ? state : undefined,
    );
  }

  private readNext(): Promise<void> {
    this.readingNext = undefined;
    return (this.reading = this.readOn().finally(() => {
      this.reading = undefined;
    }));
  }

  private async readOn(): Promise<void> {
    for await (const page of this.store.read(this.kind.stream, this.size))
      this.take(page.map((stored) => this.parsed(stored)));
  }

  /** Folds those of consecutive records that are not folded yet. @throws StoreError `integrity` where they contradict. */
  private take(records: readonly SealedRecord<R>[], folded?: S): void {
    const known = records.filter(({ number }) => number < this.size);
    const differs = known.find(({ number, hash }) => this.tree.leaf(number) !== hash);
    if (differs)
      throw new StoreError(
        'integrity',
        `Record ${differs.number} of ${this.kind.stream} has changed: run verify.`,
      );
    const news = known.length === 0 ? records : records.slice(known.length);
    const state = folded ?? this.kind.fold(this.state, news);
    for (const record of news) this.admit(record.hash, record);
    this.state = state;
  }

  private parsed({ number, text, leaf }: StoredRecord): SealedRecord<R> {
    const hash = this.store.hashesOnRead ? leaf : leafHash(sha256, text);
    if (hash !== leaf) this.damaged ??= number;
    try {
      return new SealedRecord(number, hash, this.kind.parse(text));
    } catch (cause) {
      const message = `Record ${number} of ${this.kind.stream} is not a record: run verify.`;
      throw new StoreError('integrity', message, { cause });
    }
  }

  private admit(leaf: Hash, { record }: Numbered<R>): void {
    this.tree.append(leaf);
    this.commands.push(record.commandid);
  }

  private index(number: number): void {
    const id = this.commands[number] as string;
    const first = this.answered.get(id);
    if (first === undefined) {
      this.answered.set(id, number);
      return;
    }
    const count = this.counts.get(id) ?? 1;
    if (first + count === number) this.counts.set(id, count + 1);
  }
}
