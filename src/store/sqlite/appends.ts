import type Database from 'better-sqlite3';
import type { NewRecord } from '../event-store.js';
import { isMisplaced, storeError } from './sqlite-errors.js';
import { fillLog } from './write-ahead-log.js';
import { SqliteReads } from './reads.js';
import { conflict, StoreError } from '../store-error.js';

/** An append as it is handed to whoever writes it. */
export interface Append {
  readonly stream: string;
  readonly expectedSize: number;
  readonly records: readonly NewRecord[];
  /** It is made after the one of its stream before it, or not at all. */
  readonly follows: boolean;
}

/** Undefined where it stands in the file. */
export type Outcome = Error | undefined;

/** A process that has committed so often will go on doing so, and is worth preparing the log for. */
const BUSY_COMMITS = 64;

/** Writes appends in one transaction, in the order in which they came, each with an outcome of its own. */
export class SqliteAppends {
  readonly #db: Database.Database;
  readonly #reads: SqliteReads;
  readonly #insert: Database.Statement<[string, number, string, Buffer]>;
  readonly #begin: Database.Statement;
  readonly #commit: Database.Statement;
  readonly #rollback: Database.Statement;
  /** Streams whose last append was not made. */
  readonly #failed = new Set<string>();
  #commits = 0;

  constructor(db: Database.Database, reads = new SqliteReads(db)) {
    this.#db = db;
    this.#reads = reads;
    // CAST, because a string costs less than a Buffer of it on its way into SQLite.
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
      const outcomes = appends.map((append) => this.#noted(append, this.#made(append)));
      this.#commit.run();
      if (++this.#commits === BUSY_COMMITS) fillLog(`${this.#db.name}-wal`);
      return outcomes;
    } catch (error) {
      return this.afterFailure(appends, storeError(error, this.#db.name) as Error);
    }
  }

  /**
   * A failed transaction wrote nothing, but a failed COMMIT may have happened all the same; the database is asked. What
   * it shows after a failed sync is what stood before: the pages of the failed commit are not made visible, and the next
   * commit overwrites them. Only a crash before that could bring them back, and then the whole append, never a part.
   */
  afterFailure(appends: readonly Append[], error: Error): Outcome[] {
    return appends.map((append) => {
      try {
        if (this.#db.inTransaction) this.#rollback.run();
        if (this.#holds(append)) return this.#noted(append, undefined);
        const actual = this.#reads.size(append.stream);
        return this.#noted(append, actual > append.expectedSize ? misplaced(append, actual) : error);
      } catch (cause) {
        return this.#noted(append, unknownOutcome(append.stream, cause));
      }
    });
  }

  /** The rules of the schema are the authority on where a record may stand; they are asked only where they refuse. */
  #made(append: Append): Outcome {
    const { stream, expectedSize, records, follows } = append;
    if (follows && this.#failed.has(stream)) return this.#refused(append);
    let number = expectedSize;
    try {
      for (const { text, leaf } of records)
        this.#insert.run(stream, number++, text, Buffer.from(leaf, 'latin1'));
      return undefined;
    } catch (error) {
      // Only the first of them can be misplaced: the others continue it.
      if (isMisplaced(error) && number === expectedSize + 1) return this.#refused(append);
      throw error;
    }
  }

  /** Nothing, where exactly these records stand where this append wants them: then it is a repetition. */
  #refused(append: Append): Outcome {
    return this.#holds(append) ? undefined : misplaced(append, this.#reads.size(append.stream));
  }

  #holds({ stream, expectedSize, records }: Append): boolean {
    const end = expectedSize + records.length;
    if (this.#reads.size(stream) < end) return false;
    return this.#reads.page(stream, expectedSize, end).every(({ leaf }, i) => leaf === records[i]!.leaf);
  }

  #noted({ stream }: Append, outcome: Outcome): Outcome {
    if (outcome) this.#failed.add(stream);
    else this.#failed.delete(stream);
    return outcome;
  }
}

function misplaced({ stream, expectedSize }: Append, actualSize: number): StoreError {
  return conflict(stream, expectedSize, actualSize);
}

function unknownOutcome(stream: string, cause: unknown): StoreError {
  return new StoreError(
    'unknown-outcome',
    `Whether this append to ${stream} was written could not be found out. Repeat exactly this append.`,
    { cause },
  );
}
