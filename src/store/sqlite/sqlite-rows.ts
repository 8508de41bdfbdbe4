import type Database from 'better-sqlite3';
import type { RawRows, RecordRows, StoreProblem } from '../record-rows.js';
import { storeError } from './sqlite-errors.js';

type PageRow = [numbers: string | null, bytes: Buffer, lengths: string, leaves: Buffer];

const RULES = ['records_are_never_changed', 'records_are_never_deleted', 'records_are_only_appended'];

/** Rows in one answer of SQLite. One answer for all of them costs a fraction of one for each. */
const ROWS = 1024;

/** Reads the table of records for a check: by page, without judging what stands there. */
export class SqliteRows implements RecordRows {
  readonly isOneMoment = true;
  readonly #db: Database.Database;
  readonly #page: Database.Statement<[string, number, number], PageRow>;

  constructor(db: Database.Database) {
    this.#db = db;
    this.#page = db.prepare(
      "SELECT group_concat(number), CAST(group_concat(x'0a' || bytes, '') AS BLOB), group_concat(length(bytes)), " +
        "CAST(group_concat(leaf, '') AS BLOB) " +
        'FROM (SELECT * FROM records WHERE stream = ? AND number >= ? ORDER BY number LIMIT ?)',
    );
    this.#page.raw();
  }

  /** Every stream that a row names. */
  async streams(): Promise<{ stream: string; rows: number }[]> {
    // All reads from here on see one snapshot.
    this.#ask(() => this.#db.inTransaction || this.#db.exec('BEGIN'));
    const sql = 'SELECT stream, count(*) AS rows FROM records GROUP BY stream ORDER BY stream';
    return this.#ask(() => this.#db.prepare<[], { stream: string; rows: number }>(sql).all());
  }

  async size(stream: string): Promise<number> {
    const sql = 'SELECT count(*) FROM records WHERE stream = ?';
    return this.#ask(() => this.#db.prepare<[string], number>(sql).pluck().get(stream) ?? 0);
  }

  async problems(_streams: readonly string[], total: number): Promise<StoreProblem[]> {
    const problems: StoreProblem[] = [];
    const triggers = this.#triggers();
    const missing = RULES.filter((rule) => !triggers.includes(rule));
    if (missing.length > 0)
      problems.push({
        severity: 'incomplete',
        stream: 'store',
        message: `the database has lost its rules against changes: ${missing.join(', ')}`,
      });
    const rows = this.#count();
    if (rows !== total)
      problems.push({
        severity: 'fail',
        stream: 'store',
        message: `the table holds ${rows} rows, its index shows ${total}: the file was edited or is damaged`,
      });
    return problems;
  }

  *pages(stream: string): Generator<RawRows> {
    for (let from = 0; ;) {
      const [numbers, bytes, lengths, leaves] = this.#ask(() => this.#page.get(stream, from, ROWS)!);
      if (numbers === null) return;
      const all = numbers.split(',').map(Number);
      yield {
        numbers: all,
        bytes,
        lengths: lengths.split(',').map(Number),
        leaves: leaves.toString('latin1'),
      };
      from = all.at(-1)! + 1;
    }
  }

  async close(): Promise<void> {
    this.#db.close();
  }

  /** Counts the rows of the table itself, since an index may hide some. */
  #count(): number {
    const sql = 'SELECT count(*) FROM records NOT INDEXED';
    return this.#ask(() => this.#db.prepare<[], number>(sql).pluck().get() ?? 0);
  }

  /** The triggers that keep records from being changed, as far as nobody dropped them. */
  #triggers(): string[] {
    const sql = "SELECT name FROM sqlite_schema WHERE type = 'trigger' ORDER BY name";
    return this.#ask(() => this.#db.prepare<[], string>(sql).pluck().all());
  }

  /** A file that somebody edited may be no database at all. @throws StoreError */
  #ask<T>(question: () => T): T {
    try {
      return question();
    } catch (error) {
      throw storeError(error, this.#db.name);
    }
  }
}
