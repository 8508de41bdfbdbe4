import type Database from 'better-sqlite3';
import { checkAppend } from './append-rules.js';
import { MAX_APPEND_BYTES, type EventStore, type NewRecord, type StoredRecord } from './event-store.js';
import { SqliteAppends, type Waiting } from './sqlite-appends.js';
import { storeError } from './sqlite-errors.js';
import { SqliteReads } from './sqlite-reads.js';
import { StoreError } from './store-error.js';
import type { WriterLock } from './writer-lock.js';

/** A ledger's file, for reading only: beside a running writer, or where nothing can be written. */
export class SqliteReader implements EventStore {
  readonly soleWriter: boolean = false;
  readonly maxAppendBytes = MAX_APPEND_BYTES;
  protected readonly db: Database.Database;
  protected readonly reads: SqliteReads;

  /** `openSqliteReader` makes one. */
  constructor(db: Database.Database) {
    this.db = db;
    this.reads = new SqliteReads(db);
  }

  async append(_stream: string, _expectedSize: number, _records: readonly NewRecord[]): Promise<void> {
    throw new StoreError('read-only', 'This ledger was opened for reading. Send the command to its writer.');
  }

  async *read(stream: string, from = 0): AsyncGenerator<readonly StoredRecord[]> {
    this.mustBeOpen();
    try {
      yield* this.reads.pages(stream, from);
    } catch (error) {
      throw this.#translated(error);
    }
  }

  async size(stream: string): Promise<number> {
    return this.#ask(() => this.reads.size(stream));
  }

  /** Every stream that holds a record, sorted by code unit. Beyond the port: whatever stands in the file is found. */
  async streams(): Promise<string[]> {
    return this.#ask(() => this.reads.streams());
  }

  async close(): Promise<void> {
    this.db.close();
  }

  protected mustBeOpen(): void {
    if (!this.db.open) throw new StoreError('closed', 'This store was closed; open it again.');
  }

  #ask<T>(question: () => T): T {
    this.mustBeOpen();
    try {
      return question();
    } catch (error) {
      throw this.#translated(error);
    }
  }

  /** A read that was under way when the store was closed says so, and not what the driver thinks of it. */
  #translated(error: unknown): unknown {
    this.mustBeOpen();
    return storeError(error, this.db.name);
  }
}

/**
 * The embedded store: the only writer of its folder. What is asked of it in the same moment, for whichever streams, is
 * written in one transaction and synced once (group commit); nobody is answered before that.
 */
export class SqliteStore extends SqliteReader {
  override readonly soleWriter = true;
  readonly #appends: SqliteAppends;
  readonly #lock: WriterLock;
  #waiting: Waiting[] = [];

  /** `openSqliteStore` makes one. */
  constructor(db: Database.Database, lock: WriterLock) {
    super(db);
    this.#lock = lock;
    this.#appends = new SqliteAppends(db, this.reads);
  }

  override async append(stream: string, expectedSize: number, records: readonly NewRecord[]): Promise<void> {
    this.mustBeOpen();
    checkAppend(expectedSize, records);
    return new Promise((resolve, reject) => {
      // Not at once: whoever is ready to run now may ask too, and shares the sync.
      if (this.#waiting.push({ stream, expectedSize, records, resolve, reject }) === 1)
        setImmediate(() => this.#flush());
    });
  }

  override async close(): Promise<void> {
    if (!this.db.open) return;
    this.#flush();
    this.db.close();
    this.#lock.release();
  }

  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    if (waiting.length > 0) this.#appends.commit(waiting);
  }
}
