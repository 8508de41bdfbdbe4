import type Sqlite from 'better-sqlite3';
import { readFileSync } from 'node:fs';
import { StoreError, type Holder } from '../store-error.js';
import { Database } from './driver.js';

const SCHEMA_VERSION = 1;
const APPLICATION_ID = 0x53744c67;
const FULL = 2;

/**
 * Pages in the write-ahead log before SQLite copies them into the database file: four times its default. Every commit
 * writes the last pages of the table and of its index again, and a longer log needs fewer copies of them.
 */
const CHECKPOINT_PAGES = 4000;

/** How long a statement waits for a lock: a backup tool, or a reader that recovers the log after a crash. */
const BUSY_MILLISECONDS = 5000;

/** Opens the database for writing and refuses to go on if a commit would not reach the disk. */
export function openForWriting(file: string, create: boolean, holder: Holder): Sqlite.Database {
  const db = new Database(file, { fileMustExist: !create, timeout: BUSY_MILLISECONDS });
  try {
    requireFullSync(db);
    // Before the log is switched on: so the file is empty until it holds the whole schema.
    if (create && isEmpty(db)) applySchema(db);
    requireSchema(db, file);
    db.pragma('journal_mode = WAL');
    requireFullSync(db);
    db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    db.pragma('journal_size_limit = -1');
    db.prepare('INSERT INTO openings (since, pid, host, what) VALUES (:since, :pid, :host, :what)').run(
      holder,
    );
    assertFullSync(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Opens the database for reading, beside a writer or without one, and reads once, so that a failure shows here. */
export function openForReading(file: string): Sqlite.Database {
  const db = new Database(file, { readonly: true, fileMustExist: true, timeout: BUSY_MILLISECONDS });
  try {
    requireFullSync(db);
    requireSchema(db, file);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** This SQLite is built with NORMAL for the write-ahead log, which loses acknowledged commits in a power cut. */
function requireFullSync(db: Sqlite.Database): void {
  db.pragma('synchronous = FULL');
}

/** Only meaningful after a write: before the first one, SQLite reports FULL and then falls back to its default. */
function assertFullSync(db: Sqlite.Database): void {
  const level = db.pragma('synchronous', { simple: true });
  if (level !== FULL)
    throw new StoreError(
      'unsupported',
      `SQLite syncs at level ${String(level)}, not at FULL; it will not be used.`,
    );
}

function isEmpty(db: Sqlite.Database): boolean {
  return db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
}

function applySchema(db: Sqlite.Database): void {
  const schema = readFileSync(new URL('./schema.sql', import.meta.url), 'utf8');
  db.transaction(() => db.exec(schema)).immediate();
}

function requireSchema(db: Sqlite.Database, file: string): void {
  if (isEmpty(db)) throw new StoreError('missing', `${file} holds no ledger yet. Create it first.`);
  const application = db.pragma('application_id', { simple: true });
  const version = db.pragma('user_version', { simple: true });
  if (application !== APPLICATION_ID)
    throw new StoreError('unsupported', `${file} is a database of another program.`);
  if (version !== SCHEMA_VERSION)
    throw new StoreError(
      'unsupported',
      `${file} has schema version ${String(version)}; this program knows ${SCHEMA_VERSION}. Use the program it belongs to.`,
    );
}
