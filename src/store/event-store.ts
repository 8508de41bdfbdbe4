import type { Histogram } from '../shared/histogram.js';

/**
 * The store port: append to a stream at an expected size, and read a stream. It does not list streams, since KurrentDB
 * lists none to a user who may only append; the register in the `lab` stream names them. Every adapter passes
 * test/store/store-contract.ts, so its promises hold for all of them.
 *
 * Trust: nothing here is evidence. A store may lose, alter or withhold records; the tree over the leaf hashes, its
 * checkpoints and their witnesses show it.
 */

/** A record to be appended. The store keeps its bytes and does not interpret them. */
export interface NewRecord {
  /** The canonical bytes as text: exactly its UTF-8 is stored and later returned. */
  readonly text: string;
  /** The RFC 6962 leaf hash of those bytes: 32 latin1 characters, one a byte. */
  readonly leaf: string;
  /** The `type` in the text, if the caller knows it; otherwise a store that needs it parses the text. */
  readonly type?: string;
}

/** A stored record. `leaf` was stored beside it, and is not checked against `text` unless `hashesOnRead`. */
export interface StoredRecord {
  /** 0-based position in the stream: revision, record number and leaf index in one. */
  readonly number: number;
  readonly text: string;
  readonly leaf: string;
}

export interface EventStore {
  /** True where only this object can append: the state in memory is then known to be the latest. */
  readonly soleWriter: boolean;

  /** The folder of a store on this machine; another thread can read it there. */
  readonly folder?: string | undefined;

  /** True where `read` computes the leaf hash of each text itself, instead of returning the stored one. */
  readonly hashesOnRead: boolean;

  /** How long this process waited until what it appended was on the disk, where the store itself writes it there. */
  readonly syncTimes?: Histogram;

  /**
   * True where appends to one stream that are asked for in one turn of the event loop stand or fall together, however large
   * they are in all: a crash leaves every one of them, or none.
   */
  readonly groupsAppends: boolean;

  /** The most UTF-8 bytes of `text` in one append; more is refused with `too-large` before anything is sent. */
  readonly maxAppendBytes: number;

  /**
   * Appends all records or none, and resolves once they would survive a power cut.
   *
   * `expectedSize` is the number of records that the stream must hold now; 0 means that it must not exist. If its size is
   * another one, that is a `conflict`, unless the stream already holds exactly these records at that position: then this
   * repeats an append whose answer was lost, and it succeeds.
   */
  append(stream: string, expectedSize: number, records: readonly NewRecord[]): Promise<void>;

  /**
   * Pages of consecutive records from number `from` to the end as it is when reading begins; no page is empty. A gap is an
   * `integrity` error, never a shorter answer. Stopping early releases everything.
   */
  read(stream: string, from?: number): AsyncIterable<readonly StoredRecord[]>;

  /** The number of records in the stream; 0 where nothing was ever appended. @throws StoreError `integrity` if it was deleted and that shows */
  size(stream: string): Promise<number>;

  /** Where the disk is known. @throws StoreError `full` where nothing could be appended now. */
  refuseFull?(): void;

  /** Finishes the calls under way, then releases the store and its lock. Repeating it does nothing. */
  close(): Promise<void>;
}

/**
 * The limit of one append in every adapter, since KurrentDB 23.10 and 24.10 refuse more than 1 MiB. One limit for all
 * stores keeps a ledger portable between them.
 */
export const MAX_APPEND_BYTES = 1_000_000;

/** The most records in a page of `read`. A record has at most 64 KiB, so a page stays below 16 MiB. */
export const PAGE_RECORDS = 256;
