import type Database from 'better-sqlite3';
import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from '../../shared/durable-file.js';
import { openForReading, openForWriting } from './connection.js';
import { isUnopenable, storeError } from './sqlite-errors.js';
import { SqliteRows } from './sqlite-rows.js';
import { SqliteReader, SqliteStore } from './sqlite.store.js';
import { StoreError } from '../store-error.js';
import { WriterLock } from './writer-lock.js';

const FILE = 'ledger.sqlite';

/** How a ledger is opened for writing. `holder` is what a second process is told of the first, such as its command. */
export interface SqliteOptions {
  readonly create?: boolean;
  readonly holder: string;
}

/** Whether the folder holds a ledger of any version. An empty file is left by a creation that was cut short: no ledger. */
export function ledgerExists(folder: string): boolean {
  return (statSync(join(folder, FILE), { throwIfNoEntry: false })?.size ?? 0) > 0;
}

/** Opens a ledger's folder as its one writer; `locked` says who that is already. */
export function openSqliteStore(folder: string, options: SqliteOptions): SqliteStore {
  const create = options.create ?? false;
  if (!create) mustExist(folder);
  const file = join(folder, FILE);
  try {
    if (create) makeFolder(folder);
    const lock = WriterLock.take(folder, options.holder);
    try {
      return new SqliteStore(openForWriting(file, create, lock.holder), lock);
    } catch (error) {
      lock.release();
      throw error;
    }
  } catch (error) {
    throw storeError(error, file);
  }
}

/**
 * Opens a ledger for reading. No lock is taken, so it works beside the writer and sees what that has committed; on a
 * medium that cannot be written it reads a copy, which nobody can be writing to.
 */
export function openSqliteReader(folder: string): SqliteReader {
  mustExist(folder);
  const file = join(folder, FILE);
  try {
    const db = openOrCopy(file);
    return new SqliteReader(db, db.name === file ? folder : undefined);
  } catch (error) {
    throw storeError(error, file);
  }
}

/** The rows of a ledger for verification. Must be closed. */
export function openSqliteRows(folder: string): SqliteRows {
  mustExist(folder);
  const file = join(folder, FILE);
  try {
    return new SqliteRows(openOrCopy(file));
  } catch (error) {
    throw storeError(error, file);
  }
}

/**
 * In WAL mode SQLite needs a shared-memory file beside the database even for reading. Where it may not create one, and
 * no writer has, the files are copied to where it may. (An `immutable=1` URI would need no copy, but it ignores a log
 * that a crash left behind, and this build of SQLite takes no URIs.)
 */
function openOrCopy(file: string): Database.Database {
  try {
    return openForReading(file);
  } catch (error) {
    if (!isUnopenable(error)) throw error;
  }
  const copies = mkdtempSync(join(tmpdir(), 'study-ledger-'));
  try {
    const copy = join(copies, FILE);
    copyFileSync(file, copy);
    if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${copy}-wal`);
    return openForReading(copy);
  } finally {
    // The open descriptors keep the data. The names are removed at once, so that no copy of a study is left behind.
    rmSync(copies, { recursive: true, force: true });
  }
}

function mustExist(folder: string): void {
  if (ledgerExists(folder)) return;
  throw new StoreError(
    'missing',
    `There is no ledger in ${folder}. Create one there, or name another folder.`,
  );
}
