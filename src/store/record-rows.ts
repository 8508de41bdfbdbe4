/** Consecutive records of a stream as the store holds them, unchecked. */
export interface RawRows {
  /** Record numbers in ascending order. A missing number is a missing record. */
  readonly numbers: readonly number[];
  /** The records, each preceded by one line feed. */
  readonly bytes: Buffer;
  readonly lengths: readonly number[];
  /** The stored leaf hashes, concatenated, 32 latin1 characters each; undefined where the store keeps none. */
  readonly leaves?: string;
}

/** A problem of the store itself. `fail`: something was changed. */
export interface StoreProblem {
  readonly severity: 'incomplete' | 'fail';
  readonly stream: string;
  readonly message: string;
}

/** The contents of a store for verification, by page and unjudged. Must be closed. */
export interface RecordRows {
  /** Whether all reads see one snapshot, whatever is written meanwhile. */
  readonly isOneMoment: boolean;
  /** The streams that the store can list, with their sizes. KurrentDB can list only the two that every ledger has. */
  streams(): Promise<{ stream: string; rows: number }[]>;
  size(stream: string): Promise<number>;
  pages(stream: string): Iterable<RawRows> | AsyncIterable<RawRows>;
  /** @param streams all that were found. @param total how many records they showed. */
  problems(streams: readonly string[], total: number): Promise<StoreProblem[]>;
  close(): Promise<void>;
}
