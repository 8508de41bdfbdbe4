import type Database from 'better-sqlite3';
import { dirname } from 'node:path';
import { Histogram } from '../../shared/histogram.js';
import { checkAppend } from '../append-rules.js';
import { MAX_APPEND_BYTES, type EventStore, type NewRecord, type StoredRecord } from '../event-store.js';
import { SqliteAppends, type Append, type Outcome } from './appends.js';
import { FileGuard } from './file-guard.js';
import { diskFull, diskIsFull, storeError } from './sqlite-errors.js';
import { SqliteReads } from './reads.js';
import { StoreError } from '../store-error.js';
import type { WriterLock } from './writer-lock.js';

/** A ledger's file, opened for reading: beside a running writer, or on a medium that cannot be written. */
export class SqliteReader implements EventStore {
  readonly soleWriter: boolean = false;
  readonly maxAppendBytes = MAX_APPEND_BYTES;
  readonly groupsAppends = true;
  readonly hashesOnRead = false;

  protected readonly db: Database.Database;
  protected readonly reads: SqliteReads;

  /** Use `openSqliteReader`. `folder` is undefined where it reads a temporary copy, whose file has no name any more. */
  constructor(
    db: Database.Database,
    readonly folder: string | undefined,
  ) {
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

  /** Every stream that holds a record, sorted by code unit. Not part of the port: it finds streams that no register names. */
  async streams(): Promise<string[]> {
    return this.#ask(() => this.reads.streams());
  }

  async close(): Promise<void> {
    this.db.close();
  }

  protected mustBeOpen(): void {
    if (!this.db.open) throw closed();
  }

  #ask<T>(question: () => T): T {
    this.mustBeOpen();
    try {
      return question();
    } catch (error) {
      throw this.#translated(error);
    }
  }

  /** A read that was under way when the store was closed fails with `closed`, not with the driver's error. */
  #translated(error: unknown): unknown {
    this.mustBeOpen();
    return storeError(error, this.db.name);
  }
}

interface PendingAppend extends Append {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The embedded store, the only writer of its folder. All appends that are asked for in one turn of the event loop, to
 * whichever streams, are written in one transaction and synced once (group commit). They are answered after the sync.
 */
export class SqliteStore extends SqliteReader {
  override readonly soleWriter = true;
  readonly syncTimes = new Histogram();
  readonly #appends: SqliteAppends;
  readonly #lock: WriterLock;
  readonly #guard: FileGuard;
  #pending: PendingAppend[] = [];
  #closing: Promise<void> | undefined;

  /** Use `openSqliteStore`. */
  constructor(db: Database.Database, lock: WriterLock) {
    super(db, dirname(db.name));
    this.#lock = lock;
    this.#guard = new FileGuard(db.name);
    this.#appends = new SqliteAppends(db, this.reads, this.syncTimes);
  }

  refuseFull(): void {
    if (diskIsFull(dirname(this.db.name))) throw diskFull(this.db.name);
  }

  override async append(stream: string, expectedSize: number, records: readonly NewRecord[]): Promise<void> {
    this.mustBeOpen();
    checkAppend(expectedSize, records);
    return new Promise((resolve, reject) => {
      const append = { stream, expectedSize, records, resolve, reject };
      // Not at once: other appends of this turn share the sync.
      if (this.#pending.push(append) === 1) setImmediate(() => this.#flush());
    });
  }

  override close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  protected override mustBeOpen(): void {
    if (this.#closing) throw closed();
    super.mustBeOpen();
  }

  async #close(): Promise<void> {
    this.#flush();
    this.db.close();
    this.#lock.release();
  }

  #flush(): void {
    const pending = this.#pending;
    this.#pending = [];
    if (pending.length === 0) return;
    const outcomes = this.#commit(pending);
    pending.forEach(({ resolve, reject }, i) => {
      const error = outcomes[i];
      if (error) reject(error);
      else resolve();
    });
  }

  #commit(pending: readonly PendingAppend[]): Outcome[] {
    try {
      this.#guard.check();
    } catch (error) {
      return pending.map(() => error as StoreError);
    }
    return this.#appends.commit(pending);
  }
}

function closed(): StoreError {
  return new StoreError('closed', 'This store was closed; open it again.');
}
