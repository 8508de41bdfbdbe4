import type Database from 'better-sqlite3';
import { dirname } from 'node:path';
import { checkAppend } from '../append-rules.js';
import { MAX_APPEND_BYTES, type EventStore, type NewRecord, type StoredRecord } from '../event-store.js';
import { SqliteAppends, type Append, type Outcome } from './appends.js';
import { storeError } from './sqlite-errors.js';
import { SqliteReads } from './reads.js';
import { SqliteWriter, THREAD } from './writer.js';
import { StoreError } from '../store-error.js';
import type { WriterLock } from './writer-lock.js';

/** A ledger's file, for reading only: beside a running writer, or where nothing can be written. */
export class SqliteReader implements EventStore {
  readonly soleWriter: boolean = false;
  readonly maxAppendBytes = MAX_APPEND_BYTES;
  readonly hashesOnRead = false;

  get appendsAhead(): number {
    return 1;
  }

  protected readonly db: Database.Database;
  protected readonly reads: SqliteReads;

  /** `openSqliteReader` makes one. No folder where it reads a copy, which is to be found nowhere. */
  constructor(
    db: Database.Database,
    readonly folder: string | undefined,
  ) {
    this.db = db;
    this.reads = new SqliteReads(db);
  }

  async append(
    _stream: string,
    _expectedSize: number,
    _records: readonly NewRecord[],
    _follows?: boolean,
  ): Promise<void> {
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

  /** A read that was under way when the store was closed says so, and not what the driver thinks of it. */
  #translated(error: unknown): unknown {
    this.mustBeOpen();
    return storeError(error, this.db.name);
  }
}

interface Waiting extends Append {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** The thread that writes: its program, and from how many records at once on it is worth to hand them over. */
export interface Threading {
  readonly program: URL;
  readonly records: number;
}

const THREADING: Threading = { program: THREAD, records: 8 };

/**
 * The embedded store: the only writer of its folder. What is asked of it in the same moment, for whichever streams, is
 * written in one transaction and synced once (group commit); nobody is answered before that. A few records are written at
 * once, by this thread; a crowd is handed to another, and then all that comes until that has answered.
 */
export class SqliteStore extends SqliteReader {
  override readonly soleWriter = true;
  readonly #appends: SqliteAppends;
  readonly #lock: WriterLock;
  readonly #threading: Threading;
  /** Null once there is none to be had. */
  #writer: SqliteWriter | undefined | null;
  #waiting: Waiting[] = [];
  #closing: Promise<void> | undefined;

  /** `openSqliteStore` makes one. */
  constructor(db: Database.Database, lock: WriterLock, threading = THREADING) {
    super(db, dirname(db.name));
    this.#lock = lock;
    this.#threading = threading;
    this.#appends = new SqliteAppends(db, this.reads);
  }

  override get appendsAhead(): number {
    return this.#writer?.isReady ? 2 : 1;
  }

  override async append(
    stream: string,
    expectedSize: number,
    records: readonly NewRecord[],
    follows = false,
  ): Promise<void> {
    this.mustBeOpen();
    checkAppend(expectedSize, records);
    return new Promise((resolve, reject) => {
      const append = { stream, expectedSize, records, follows, resolve, reject };
      // Not at once: whoever is ready to run now may ask too, and shares the sync.
      if (this.#waiting.push(append) === 1) setImmediate(() => void this.#flush());
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
    await this.#flush();
    await this.#writer?.close();
    this.db.close();
    this.#lock.release();
  }

  async #flush(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    if (waiting.length === 0) return;
    const writer = this.#writerFor(waiting);
    const outcomes = writer
      ? await writer.commit(waiting).catch((error: Error) => this.#withoutWriter(waiting, error))
      : this.#appends.commit(waiting);
    waiting.forEach((append, i) => answer(append, outcomes[i]));
  }

  /** The thread, where it is worth its while or has something before this to write; nobody while it starts. */
  #writerFor(waiting: readonly Waiting[]): SqliteWriter | undefined {
    if (this.#writer?.isBusy) return this.#writer;
    let records = 0;
    for (const append of waiting) records += append.records.length;
    if (records < this.#threading.records) return undefined;
    if (this.#writer === undefined) {
      const opening = { file: this.db.name, holder: this.#lock.holder };
      this.#writer = SqliteWriter.start(opening, this.#threading.program) ?? null;
    }
    return this.#writer?.isReady ? this.#writer : undefined;
  }

  /** The file says what it wrote; from now on this thread writes everything. */
  #withoutWriter(waiting: readonly Waiting[], error: Error): Outcome[] {
    this.#writer = null;
    const message = `The thread that writes ${this.db.name} was lost (${error.message}). Send the command again.`;
    return this.#appends.afterFailure(waiting, new StoreError('unavailable', message, { cause: error }));
  }
}

function answer({ resolve, reject }: Waiting, outcome: Outcome): void {
  if (outcome) reject(outcome);
  else resolve();
}

function closed(): StoreError {
  return new StoreError('closed', 'This store was closed; open it again.');
}
