import type Database from 'better-sqlite3';
import type { NewRecord } from './event-store.js';
import { storeError } from './sqlite-errors.js';
import { fillLog } from './sqlite-log.js';
import type { SqliteReads } from './sqlite-reads.js';
import { conflict, StoreError } from './store-error.js';

/** An append, and the caller who waits for it. */
export interface Waiting {
  readonly stream: string;
  readonly expectedSize: number;
  readonly records: readonly NewRecord[];
  resolve(): void;
  reject(error: unknown): void;
}

type Outcome = 'written' | 'already there' | StoreError;

/** A process that has committed so often will go on doing so, and is worth preparing the log for. */
const BUSY_COMMITS = 64;

/** Writes the appends that wait in one transaction, in the order in which they came, and answers each by itself. */
export class SqliteAppends {
  readonly #db: Database.Database;
  readonly #reads: SqliteReads;
  readonly #insert: Database.Statement<[string, number, string, Buffer]>;
  readonly #begin: Database.Statement;
  readonly #commit: Database.Statement;
  readonly #rollback: Database.Statement;
  /** Sizes in the transaction that is open, or as of the last commit. The key (stream, number) is the authority: where
   *  it refuses, somebody wrote past the lock, the whole transaction is undone, and the sizes are read again. */
  readonly #sizes = new Map<string, number>();
  #commits = 0;

  constructor(db: Database.Database, reads: SqliteReads) {
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

  commit(waiting: readonly Waiting[]): void {
    let outcomes: Outcome[];
    try {
      this.#begin.run();
      outcomes = waiting.map((append) => this.#misplaced(append) ?? this.#insertAll(append));
      if (outcomes.includes('written')) this.#commit.run();
      else this.#rollback.run();
    } catch (error) {
      this.#answerAfterFailure(waiting, storeError(error, this.#db.name));
      return;
    }
    waiting.forEach((append, i) => answer(append, outcomes[i]!));
    if (++this.#commits === BUSY_COMMITS) fillLog(`${this.#db.name}-wal`);
  }

  /** What is to be answered without writing anything, where the stream has not the size that the append expects. */
  #misplaced(append: Waiting): Outcome | undefined {
    const { stream, expectedSize } = append;
    let size = this.#sizes.get(stream);
    if (size === undefined) this.#sizes.set(stream, (size = this.#reads.size(stream)));
    if (size === expectedSize) return undefined;
    return this.#holds(append) ? 'already there' : conflict(stream, expectedSize, size);
  }

  #insertAll({ stream, expectedSize, records }: Waiting): Outcome {
    let number = expectedSize;
    for (const { text, leaf } of records)
      this.#insert.run(stream, number++, text, Buffer.from(leaf, 'latin1'));
    this.#sizes.set(stream, number);
    return 'written';
  }

  /** Whether exactly these records stand where this append wants them: then it is a repetition. */
  #holds({ stream, expectedSize, records }: Waiting): boolean {
    const end = expectedSize + records.length;
    if (this.#reads.size(stream) < end) return false;
    return this.#reads.page(stream, expectedSize, end).every(({ leaf }, i) => leaf === records[i]!.leaf);
  }

  #undo(): void {
    this.#sizes.clear();
    if (this.#db.inTransaction) this.#rollback.run();
  }

  /**
   * A failed transaction wrote nothing, but a failed COMMIT may have happened all the same; the database is asked. What
   * it shows after a failed sync is what stood before: the pages of the failed commit are not made visible, and the next
   * commit overwrites them. Only a crash before that could bring them back, and then the whole append, never a part.
   */
  #answerAfterFailure(waiting: readonly Waiting[], error: unknown): void {
    for (const append of waiting) {
      try {
        this.#undo();
        const { stream, expectedSize } = append;
        const size = this.#reads.size(stream);
        if (this.#holds(append)) append.resolve();
        else append.reject(size > expectedSize ? conflict(stream, expectedSize, size) : error);
      } catch (cause) {
        append.reject(unknownOutcome(append.stream, cause));
      }
    }
  }
}

function answer(append: Waiting, outcome: Outcome): void {
  if (typeof outcome === 'string') append.resolve();
  else append.reject(outcome);
}

function unknownOutcome(stream: string, cause: unknown): StoreError {
  return new StoreError(
    'unknown-outcome',
    `Whether this append to ${stream} was written could not be found out. Repeat exactly this append.`,
    { cause },
  );
}
