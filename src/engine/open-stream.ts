import { hashToBase64, type Hash } from '../ledger/encoding.js';
import { MerkleTree, leafHash } from '../ledger/merkle.js';
import { StoreError } from '../store/store-error.js';
import type { EventStore, StoredRecord } from '../store/event-store.js';
import type { Numbered, RecordAttributes } from '../study/record.js';
import { SealedRecord, type Sealed } from './seal.js';
import { sha256 } from './sha256.js';

/** What makes a stream one of its kind: where its fold begins, and the fold. */
export interface StreamKind<S, R extends RecordAttributes> {
  readonly stream: string;
  readonly empty: S;
  fold(state: S, records: readonly Numbered<R>[]): S;
  parse(text: string): R;
}

/** The Merkle tree of a stream, for reading: any root or proof at any size up to its own, in logarithmic time. */
export type StreamTree = Omit<MerkleTree, 'append'>;

/** The records that one command appended, by number, and what the command was. */
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
}

/**
 * A stream that is open: folded state, Merkle tree and answered commands, all of the same durable prefix. Only what the
 * store has confirmed ever enters it.
 */
export class OpenStream<S, R extends RecordAttributes> {
  state: S;
  /** The first record whose bytes are not those that its stored leaf hash was made of. Reading goes on; signing does not. */
  damaged: number | undefined;
  private readonly tree = new MerkleTree(sha256);
  private readonly answered = new Map<string, Answered>();
  private catchingUp: Promise<void> | undefined;

  constructor(
    readonly kind: StreamKind<S, R>,
    private readonly store: EventStore,
  ) {
    this.state = kind.empty;
  }

  get size(): number {
    return this.tree.size;
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
    return this.answered.get(commandId);
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

  /** Whether the last record that is folded stands in the store as it was folded, and no part of the stream is gone. */
  async stands(): Promise<boolean> {
    const { stream } = this.kind;
    if (this.size === 0) return true;
    if ((await this.store.size(stream)) < this.size) return false;
    for await (const [last] of this.store.read(stream, this.size - 1))
      return last !== undefined && leafHash(sha256, last.text) === this.tree.leaf(this.size - 1);
    return false;
  }

  /** Folds what the store holds beyond what is folded. Callers that come while it reads share one reading. */
  catchUp(): Promise<void> {
    this.catchingUp ??= this.readOn().finally(() => {
      this.catchingUp = undefined;
    });
    return this.catchingUp;
  }

  /** Takes what the store has confirmed. `state` is the fold that the records were decided on, carried on over them. */
  commit(records: readonly Sealed<R>[], state: S): void {
    for (const { leaf, parsed } of records) this.admit(leaf, parsed);
    this.state = state;
  }

  private async readOn(): Promise<void> {
    for await (const page of this.store.read(this.kind.stream, this.size)) {
      const records = page.map((stored) => this.parsed(stored));
      const state = this.kind.fold(this.state, records);
      for (const record of records) this.admit(record.hash, record);
      this.state = state;
    }
  }

  private parsed({ number, text, leaf }: StoredRecord): SealedRecord<R> {
    const hash = leafHash(sha256, text);
    if (hash !== leaf) this.damaged ??= number;
    try {
      return new SealedRecord(number, hash, this.kind.parse(text));
    } catch (cause) {
      const message = `Record ${number} of ${this.kind.stream} is not a record: run verify.`;
      throw new StoreError('integrity', message, { cause });
    }
  }

  private admit(leaf: Hash, { number, record }: Numbered<R>): void {
    this.tree.append(leaf);
    const known = this.answered.get(record.commandid);
    if (!known) this.answered.set(record.commandid, { first: number, count: 1 });
    else if (known.first + known.count === number) {
      this.answered.set(record.commandid, { first: known.first, count: known.count + 1 });
    }
  }
}
