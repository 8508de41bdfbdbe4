/** Consecutive records of a stream as they stand in the store, nothing of them believed. */
export interface RawRows {
  /** Record numbers in order; where one is left out, its record is not there. */
  readonly numbers: readonly number[];
  /** The records, each after one line feed. */
  readonly bytes: Buffer;
  readonly lengths: readonly number[];
  /** The leaf hashes that the store keeps beside them, one after another, 32 latin1 characters each; undefined where it keeps none. */
  readonly leaves?: string;
}

/** What speaks against the store itself, as a sentence. `fail`: something was changed. */
export interface StoreProblem {
  readonly severity: 'incomplete' | 'fail';
  readonly stream: string;
  readonly message: string;
}

/** What a store holds, for a check of it: by page, without judging what stands there. Close it. */
export interface RecordRows {
  /** Whether all that is read is of one moment, whatever is written meanwhile. */
  readonly isOneMoment: boolean;
  /** The streams that the store itself names, with how many records each has; KurrentDB names none but the fixed two. */
  streams(): Promise<{ stream: string; rows: number }[]>;
  size(stream: string): Promise<number>;
  pages(stream: string): Iterable<RawRows> | AsyncIterable<RawRows>;
  /** `streams`: all that were found; `total`: the records that they showed. */
  problems(streams: readonly string[], total: number): Promise<StoreProblem[]>;
  close(): Promise<void>;
}
