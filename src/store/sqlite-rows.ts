import type Database from 'better-sqlite3';
import { storeError } from './sqlite-errors.js';

/** Consecutive rows of a stream as they stand in the file, nothing of them believed. */
export interface RawRows {
  /** Record numbers in order; where one is left out, its row is not there. */
  readonly numbers: readonly number[];
  /** The records, each after one line feed. */
  readonly bytes: Buffer;
  readonly lengths: readonly number[];
  /** The hash column, one after another in lower-case hex. */
  readonly leaves: string;
}

type Row = [numbers: string | null, bytes: Buffer, lengths: string, leaves: string];

/** Rows at a time: one answer of SQLite for so many costs a fraction of as many answers. */
const ROWS = 1024;

/** Reads the table of records for a check: by page, without judging what stands there. */
export class SqliteRows {
  readonly #db: Database.Database;
  readonly #page: Database.Statement<[string, number, number], Row>;

  constructor(db: Database.Database) {
    this.#db = db;
    this.#page = db.prepare(
      "SELECT group_concat(number), CAST(group_concat(x'0a' || bytes, '') AS BLOB), group_concat(length(bytes)), " +
        "lower(group_concat(hex(leaf), '')) " +
        'FROM (SELECT * FROM records WHERE stream = ? AND number >= ? ORDER BY number LIMIT ?)',
    );
    this.#page.raw();
  }

  /** Every stream that a row names, with the number of its rows. */
  streams(): { stream: string; rows: number }[] {
    const sql = 'SELECT stream, count(*) AS rows FROM records GROUP BY stream ORDER BY stream';
    return this.#ask(() => this.#db.prepare<[], { stream: string; rows: number }>(sql).all());
  }

  /** Rows that a walk over the table itself meets: an index may hide some. */
  count(): number {
    const sql = 'SELECT count(*) FROM records NOT INDEXED';
    return this.#ask(() => this.#db.prepare<[], number>(sql).pluck().get() ?? 0);
  }

  /** The rules by which SQLite itself refuses to change a record; gone where somebody dropped them. */
  triggers(): string[] {
    const sql = "SELECT name FROM sqlite_schema WHERE type = 'trigger' ORDER BY name";
    return this.#ask(() => this.#db.prepare<[], string>(sql).pluck().all());
  }

  /** All rows are of one moment, whatever is written meanwhile. */
  snapshot(): void {
    // It begins with the first read.
    this.#ask(() => this.#db.exec('BEGIN').prepare('SELECT 1 FROM records LIMIT 1').get());
  }

  *pages(stream: string): Generator<RawRows> {
    for (let from = 0; ;) {
      const [numbers, bytes, lengths, leaves] = this.#ask(() => this.#page.get(stream, from, ROWS)!);
      if (numbers === null) return;
      const all = numbers.split(',').map(Number);
      yield { numbers: all, bytes, lengths: lengths.split(',').map(Number), leaves };
      from = all.at(-1)! + 1;
    }
  }

  close(): void {
    this.#db.close();
  }

  /** What stands in a file that somebody edited may be no database at all. @throws StoreError */
  #ask<T>(question: () => T): T {
    try {
      return question();
    } catch (error) {
      throw storeError(error, this.#db.name);
    }
  }
}
