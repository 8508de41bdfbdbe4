/**
 * The store port. A ledger needs two things of a store: append to a stream at an expected size, and read a stream. Which
 * streams there are is told by the register in the `lab` stream itself, since KurrentDB lists none to a user who may only
 * append. Every adapter passes test/store/contract.ts, so what is promised here holds for all of them.
 *
 * Trust: nothing here is evidence. A store may lose, alter or withhold records; the tree over the leaf hashes, its
 * checkpoints and their witnesses are what shows it.
 */

/** A record to be appended. The store looks at none of its content; it keeps bytes. */
export interface NewRecord {
  /** The canonical bytes, as text: what is stored, and later handed back, is the UTF-8 of exactly this. */
  readonly text: string;
  /** The RFC 6962 leaf hash of those bytes: 32 latin1 characters, one a byte. */
  readonly leaf: string;
  /** Its type, from whoever knows that the text is a JSON object which has it: then no store needs to look. */
  readonly type?: string;
}

/** A record as it stands in the store. `leaf` is what was stored beside it, not a proof that it fits `text`, unless the store hashes on reading. */
export interface StoredRecord {
  /** 0-based position in the stream: revision, record number and leaf index in one. */
  readonly number: number;
  readonly text: string;
  readonly leaf: string;
}

export interface EventStore {
  /** True where nobody but this object can append, so that what has been folded is known to be the head. */
  readonly soleWriter: boolean;

  /** Of a store that is a folder of this machine: another thread can read it there as well. */
  readonly folder?: string | undefined;

  /** True where `read` itself has hashed every text that it hands out: its leaf hashes are not merely stored ones. */
  readonly hashesOnRead: boolean;

  /** The most UTF-8 bytes of `text` that one append takes; more is refused with `too-large`, before anything is sent. */
  readonly maxAppendBytes: number;

  /**
   * Appends all records or none, and resolves only after they would survive a power cut.
   *
   * `expectedSize` is the number of records that the stream holds now; 0 means that it must not exist. There is no
   * "whatever the size". Another actual size is a `conflict`, unless the stream already holds exactly these records at
   * that place: then this is the repetition of an append whose answer was lost, and it succeeds with the first result.
   */
  append(stream: string, expectedSize: number, records: readonly NewRecord[]): Promise<void>;

  /**
   * Pages of consecutive records from number `from` to what is the end when reading begins; no page is empty. A gap
   * is an `integrity` error, never a shorter answer. Stopping early leaves nothing behind.
   */
  read(stream: string, from?: number): AsyncIterable<readonly StoredRecord[]>;

  /** The number of records in the stream; 0 for a stream that nothing was ever appended to. */
  size(stream: string): Promise<number>;

  /** Answers what was already asked, then lets go of the store and its lock. Repeating it does nothing. */
  close(): Promise<void>;
}

/**
 * What one append takes at once, in every adapter: KurrentDB 23.10 and 24.10 refuse more than 1 MiB in all. One limit
 * for all stores keeps a ledger portable between them.
 */
export const MAX_APPEND_BYTES = 1_000_000;

/** How many records a page of `read` holds at most. A record is at most 64 KiB, so a page stays below 16 MiB. */
export const PAGE_RECORDS = 256;
