import type Database from 'better-sqlite3';
import type { NewRecord } from './event-store.js';
import { isConstraint, storeError } from './sqlite-errors.js';
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

/** A process that commits so often will go on doing so, and is worth preparing the log for. */
const BUSY_COMMITS = 64;

/** Why an append was refused, or that it was not. */
type Outcome = { readonly refused: unknown } | 'written' | 'already there';

/** Writes the appends that wait in one transaction, in the order in which they came, and answers each by itself. */
export class SqliteAppends {
  readonly #db: Database.Database;
  readonly #reads: SqliteReads;
  readonly #insert: Database.Statement<[string, number, string, string, Buffer]>;
  readonly #begin: Database.Statement;
  readonly #commit: Database.Statement;
  readonly #savepoint: Database.Statement;
  readonly #release: Database.Statement;
  readonly #undo: Database.Statement;
  /** Sizes as of the last commit, and of the transaction that is open. The key (stream, number) is the authority. */
  readonly #sizes = new Map<string, number>();
  #commits = 0;

  constructor(db: Database.Database, reads: SqliteReads) {
    this.#db = db;
    this.#reads = reads;
    this.#insert = db.prepare(
      "INSERT INTO records (stream, number, id, bytes, leaf) VALUES (?, ?, unhex(?, '-'), CAST(? AS BLOB), ?)",
    );
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
    this.#savepoint = db.prepare('SAVEPOINT one_append');
    this.#release = db.prepare('RELEASE one_append');
    this.#undo = db.prepare('ROLLBACK TO one_append');
  }

  commit(waiting: readonly Waiting[]): void {
    let outcomes: Outcome[];
    try {
      this.#begin.run();
      outcomes = waiting.map((append) => this.#write(append));
      if (outcomes.includes('written')) this.#commit.run();
      else this.#db.exec('ROLLBACK');
    } catch (error) {
      this.#answerAfterFailure(waiting, storeError(error, this.#db.name));
      return;
    }
    waiting.forEach((append, i) => answer(append, outcomes[i]!));
    this.#commits++;
    if (this.#commits === BUSY_COMMITS) fillLog(`${this.#db.name}-wal`);
  }

  /** Throws only what makes the whole transaction worthless. */
  #write(append: Waiting): Outcome {
    const { stream, expectedSize, records } = append;
    const size = this.#size(stream);
    if (size !== expectedSize)
      return this.#holds(append) ? 'already there' : { refused: conflict(stream, expectedSize, size) };
    try {
      if (records.length === 1) this.#insertAt(stream, expectedSize, records[0]!);
      else this.#insertTogether(stream, expectedSize, records);
    } catch (error) {
      if (!isConstraint(error)) throw error;
      return { refused: this.#whatStoodInTheWay(append, error) };
    }
    this.#sizes.set(stream, expectedSize + records.length);
    return 'written';
  }

  #insertAt(stream: string, number: number, { id, text, leaf }: NewRecord): void {
    this.#insert.run(stream, number, id, text, Buffer.from(leaf, 'latin1'));
  }

  #insertTogether(stream: string, expectedSize: number, records: readonly NewRecord[]): void {
    this.#savepoint.run();
    try {
      records.forEach((record, i) => this.#insertAt(stream, expectedSize + i, record));
    } catch (error) {
      // Some errors make SQLite roll the whole transaction back by itself; then there is no savepoint left.
      if (this.#db.inTransaction) this.#undo.run();
      throw error;
    } finally {
      if (this.#db.inTransaction) this.#release.run();
    }
  }

  #size(stream: string): number {
    let size = this.#sizes.get(stream);
    if (size === undefined) this.#sizes.set(stream, (size = this.#reads.size(stream)));
    return size;
  }

  /** Whether exactly these records stand where this append wants them: it is a repetition. */
  #holds({ stream, expectedSize, records }: Waiting): boolean {
    const end = expectedSize + records.length;
    if (this.#reads.size(stream) < end) return false;
    return this.#reads.page(stream, expectedSize, end).every(({ leaf }, i) => leaf === records[i]!.leaf);
  }

  #whatStoodInTheWay({ stream, expectedSize }: Waiting, cause: unknown): StoreError {
    const size = this.#reads.size(stream);
    this.#sizes.set(stream, size);
    if (size !== expectedSize) return conflict(stream, expectedSize, size);
    return new StoreError('duplicate-id', `A record of this append to ${stream} has an id that is taken.`, {
      cause,
    });
  }

  /**
   * A failed transaction wrote nothing, but a failed COMMIT may have happened all the same; the database is asked. What
   * it shows after a failed sync is what stood before: the pages of the failed commit are never made visible, and the
   * next commit overwrites them.
   */
  #answerAfterFailure(waiting: readonly Waiting[], error: unknown): void {
    this.#sizes.clear();
    for (const append of waiting) {
      try {
        if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
        if (this.#holds(append)) append.resolve();
        else append.reject(error);
      } catch (cause) {
        append.reject(unknownOutcome(append.stream, cause));
      }
    }
  }
}

function answer(append: Waiting, outcome: Outcome): void {
  if (typeof outcome === 'string') append.resolve();
  else append.reject(outcome.refused);
}

function unknownOutcome(stream: string, cause: unknown): StoreError {
  return new StoreError(
    'unknown-outcome',
    `Whether this append to ${stream} was written could not be found out. Repeat exactly this append.`,
    { cause },
  );
}
