import type Database from 'better-sqlite3';
import { setImmediate } from 'node:timers/promises';
import { PAGE_RECORDS, type StoredRecord } from '../event-store.js';
import { StoreError } from '../store-error.js';

type RecordRow = [number: number, text: string, leafHex: string];

const LEAF_CHARACTERS = 32;

/** Bytes that are not UTF-8 are read as this character; it may also be in the text itself. */
const REPLACEMENT = '\uFFFD';

/** A long read yields to other work of the process after so many pages. */
const PAGES_AT_A_TIME = 16;

/** The statements that read the table of records, prepared once for a connection. */
export class SqliteReads {
  readonly #size: Database.Statement<[string], number>;
  readonly #streams: Database.Statement<[], string>;
  readonly #page: Database.Statement<[string, number, number], RecordRow>;
  readonly #bytes: Database.Statement<[string, number], Buffer>;

  constructor(db: Database.Database) {
    this.#size = db.prepare('SELECT coalesce(max(number) + 1, 0) FROM records WHERE stream = ?');
    this.#size.pluck();
    // From one stream to the next by the index; DISTINCT would walk over every record.
    this.#streams = db.prepare(
      'WITH RECURSIVE found(stream) AS (SELECT min(stream) FROM records UNION ALL ' +
        'SELECT (SELECT min(stream) FROM records WHERE stream > found.stream) FROM found ' +
        'WHERE found.stream IS NOT NULL) SELECT stream FROM found WHERE stream IS NOT NULL',
    );
    this.#streams.pluck();
    // Text and hex: reading a string from SQLite costs less than half of reading a Buffer.
    this.#page = db.prepare(
      'SELECT number, CAST(bytes AS TEXT), hex(leaf) FROM records ' +
        'WHERE stream = ? AND number >= ? AND number < ? ORDER BY number',
    );
    this.#page.raw();
    this.#bytes = db.prepare('SELECT bytes FROM records WHERE stream = ? AND number = ?');
    this.#bytes.pluck();
  }

  size(stream: string): number {
    return this.#size.get(stream) ?? 0;
  }

  streams(): string[] {
    return this.#streams.all().sort();
  }

  /** Each page is read whole: a statement that is not finished would block writing on this connection. */
  async *pages(stream: string, from: number): AsyncGenerator<readonly StoredRecord[]> {
    const end = this.size(stream);
    for (let start = from, pages = 1; start < end; start += PAGE_RECORDS, pages++) {
      yield this.page(stream, start, Math.min(start + PAGE_RECORDS, end));
      if (pages % PAGES_AT_A_TIME === 0) await setImmediate();
    }
  }

  page(stream: string, start: number, end: number): StoredRecord[] {
    const rows = this.#page.all(stream, start, end);
    let hex = '';
    for (const row of rows) hex += row[2];
    const leaves = Buffer.from(hex, 'hex').toString('latin1');
    if (rows.length !== end - start || leaves.length !== rows.length * LEAF_CHARACTERS)
      throw damaged(stream, firstGap(rows, start));

    return rows.map(([number, text], i) => {
      if (number !== start + i) throw damaged(stream, start + i);
      if (text.includes(REPLACEMENT)) this.#mustBeUtf8(stream, number, text);
      return { number, text, leaf: leaves.slice(i * LEAF_CHARACTERS, (i + 1) * LEAF_CHARACTERS) };
    });
  }

  /** Otherwise invalid bytes in the place of a U+FFFD would be read as if nothing had been changed. */
  #mustBeUtf8(stream: string, number: number, text: string): void {
    if (!this.#bytes.get(stream, number)?.equals(Buffer.from(text))) throw damaged(stream, number);
  }
}

function firstGap(rows: readonly RecordRow[], start: number): number {
  const index = rows.findIndex((row, i) => row[0] !== start + i);
  return start + (index < 0 ? rows.length : index);
}

function damaged(stream: string, number: number): StoreError {
  return new StoreError(
    'integrity',
    `Record ${number} of ${stream} is missing or is not what was stored. Write nothing more, and run verify.`,
  );
}
