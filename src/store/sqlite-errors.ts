import Database from 'better-sqlite3';
import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { StoreError } from './store-error.js';

/** Below this much free space an I/O error is taken for a full disk: SQLite has no code for a full disk everywhere. */
const FULL_BELOW_BYTES = 128 * 1024;

/** Whether SQLite refused a row by a key, a check or a trigger: the one kind of error that spoils only its own append. */
export function isConstraint(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_CONSTRAINT');
}

/** Whether SQLite could not even begin to read, as on a medium where it may not create its shared-memory file. */
export function isUnopenable(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(CANTOPEN|READONLY)/.test(error.code);
}

/** Says by meaning what SQLite says by cause. `file` is the database, for the sentence and to look at its disk. */
export function storeError(error: unknown, file: string): unknown {
  if (!(error instanceof Database.SqliteError))
    return isSystemError(error) ? systemError(error, file) : error;
  const say = (code: StoreError['code'], sentence: string) =>
    new StoreError(code, `${sentence} (${error.code}: ${error.message})`, { cause: error });
  const kind = error.code.split('_')[1];
  switch (kind) {
    case 'FULL':
      return say('full', `No space is left for ${file}. Free some and try again; nothing was written.`);
    case 'IOERR':
      return diskIsFull(file)
        ? say('full', `No space is left for ${file}. Free some and try again; nothing was written.`)
        : say('unavailable', `The disk of ${file} does not obey. Look at it, then try again.`);
    case 'READONLY':
    case 'PERM':
      return say('read-only', `${file} cannot be written. Look at the rights of its folder and its disk.`);
    case 'CORRUPT':
    case 'NOTADB':
      return say('integrity', `${file} is damaged or no ledger. Keep the files as they are and run verify.`);
    case 'TOOBIG':
      return say('too-large', 'A record is too large for SQLite.');
    case 'BUSY':
    case 'LOCKED':
      return say('unavailable', `Another program keeps ${file} locked. Let it finish, then try again.`);
    default:
      return say('unavailable', `SQLite refused to work on ${file}.`);
  }
}

/** The files beside the database are written by Node, which has its own names for the same troubles. */
function systemError(error: NodeJS.ErrnoException, file: string): StoreError {
  const say = (code: StoreError['code'], sentence: string) =>
    new StoreError(code, `${sentence} (${error.message})`, { cause: error });
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return say('full', `No space is left for ${file}. Free some and try again; nothing was written.`);
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return say('read-only', `${file} cannot be written. Look at the rights of its folder and its disk.`);
    default:
      return say('unavailable', `The folder of ${file} cannot be used.`);
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

function diskIsFull(file: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(file));
    return bavail * bsize < FULL_BELOW_BYTES;
  } catch {
    return false;
  }
}
