import type Database from 'better-sqlite3';
import type { Histogram } from '../../shared/histogram.js';
import type { NewRecord } from '../event-store.js';
import { isMisplaced, storeError } from './sqlite-errors.js';
import type { SqliteReads } from './reads.js';
import { conflictError, StoreError } from '../store-error.js';

export interface Append {
  readonly stream: string;
  readonly expectedSize: number;
  readonly records: readonly NewRecord[];
}

/** Undefined where the records are in the file. */
export type Outcome = Error | undefined;

/** Writes appends in one transaction, in the order in which they came. Each has an outcome of its own. */
export class SqliteAppends {
  readonly #db: Database.Database;
  readonly #reads: SqliteReads;
  readonly #syncTimes: Histogram;
  readonly #insert: Database.Statement<[string, number, string, Buffer]>;
  readonly #begin: Database.Statement;
  readonly #commit: Database.Statement;
  readonly #rollback: Database.Statement;

  constructor(db: Database.Database, reads: SqliteReads, syncTimes: Histogram) {
    this.#db = db;
    this.#reads = reads;
    this.#syncTimes = syncTimes;
    // CAST: passing a string to SQLite costs less than making a Buffer of it.
    this.#insert = db.prepare(
      'INSERT INTO records (stream, number, bytes, leaf) VALUES (?, ?, CAST(? AS BLOB), ?)',
    );
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
    this.#rollback = db.prepare('ROLLBACK');
  }

  commit(appends: readonly Append[]): Outcome[] {
    try {
      this.#begin.run();
      const outcomes = appends.map((append) => this.#insertAll(append));
      const begun = performance.now();
      this.#commit.run();
      this.#syncTimes.addSince(begun);
      return outcomes;
    } catch (error) {
      return this.#afterFailure(appends, storeError(error, this.#db.name) as Error);
    }
  }

  /**
   * A failed COMMIT may have been written all the same, so the database is asked. After a failed sync it shows the state
   * before: SQLite does not make the pages of the failed commit visible, and the next commit overwrites them. Only a crash
   * before that could bring them back, and then the whole append, never a part of it.
   */
  #afterFailure(appends: readonly Append[], error: Error): Outcome[] {
    return appends.map((append) => {
      try {
        if (this.#db.inTransaction) this.#rollback.run();
        if (this.#holds(append)) return undefined;
        const actual = this.#reads.size(append.stream);
        return actual > append.expectedSize ? misplaced(append, actual) : error;
      } catch (cause) {
        return unknownOutcome(append.stream, cause);
      }
    });
  }

  /** The triggers of the schema decide where a record may stand. */
  #insertAll(append: Append): Outcome {
    const { stream, expectedSize, records } = append;
    let number = expectedSize;
    try {
      for (const { text, leaf } of records)
        this.#insert.run(stream, number++, text, Buffer.from(leaf, 'latin1'));
      return undefined;
    } catch (error) {
      // Only the first record can be misplaced: the others continue it.
      if (isMisplaced(error) && number === expectedSize + 1) return this.#refused(append);
      throw error;
    }
  }

  /** No error where exactly these records are at that place already: then the append is a repetition. */
  #refused(append: Append): Outcome {
    return this.#holds(append) ? undefined : misplaced(append, this.#reads.size(append.stream));
  }

  #holds({ stream, expectedSize, records }: Append): boolean {
    const end = expectedSize + records.length;
    if (this.#reads.size(stream) < end) return false;
    return this.#reads.page(stream, expectedSize, end).every(({ leaf }, i) => leaf === records[i]!.leaf);
  }
}

function misplaced({ stream, expectedSize }: Append, actualSize: number): StoreError {
  return conflictError(stream, expectedSize, actualSize);
}

function unknownOutcome(stream: string, cause: unknown): StoreError {
  return new StoreError(
    'unknown-outcome',
    `Whether this append to ${stream} was written could not be found out. Repeat exactly this append.`,
    { cause },
  );
}
