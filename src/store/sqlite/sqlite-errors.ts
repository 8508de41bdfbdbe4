import { statfsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { StoreError } from '../store-error.js';

/** Below this much free space an I/O error is taken for a full disk: SQLite has no code for a full disk everywhere. */
const FULL_BELOW_BYTES = 128 * 1024;

/** Whether another connection has what this one asks for. */
export function isBusy(error: unknown): boolean {
  return codeOf(error).startsWith('SQLITE_BUSY');
}

/** Whether SQLite may not even create the shared-memory file that it reads by. */
export function isUnopenable(error: unknown): boolean {
  return /^SQLITE_(CANTOPEN|READONLY)/.test(codeOf(error));
}

/** Whether the schema refused a row: it does not continue its stream, or its number is taken. */
export function isMisplaced(error: unknown): boolean {
  return codeOf(error).startsWith('SQLITE_CONSTRAINT');
}

/** By the code alone: under Jest one process loads these classes more than once, and `instanceof` knows only its own. */
function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/** The StoreError for an error of SQLite or Node. `file` is the database, for the message and to look at its disk. */
export function storeError(error: unknown, file: string): unknown {
  const code = codeOf(error);
  const meaning = code.startsWith('SQLITE_')
    ? ofSqlite(code, file)
    : isSystemError(error)
      ? ofSystem(code)
      : undefined;
  if (meaning === undefined) return error;
  const { message } = error as Error;
  return new StoreError(meaning, `${SENTENCES[meaning](file)} (${code}: ${message})`, { cause: error });
}

export function diskFull(file: string): StoreError {
  return new StoreError('full', SENTENCES.full(file));
}

type Meaning = 'full' | 'unavailable' | 'read-only' | 'integrity' | 'too-large';

const SENTENCES: Record<Meaning, (file: string) => string> = {
  full: (file) => `No space is left for ${file}. Nothing was written; free some space and try again.`,
  unavailable: (file) =>
    `${file} cannot be used now. Look at its disk and at who else uses it, then try again.`,
  'read-only': (file) => `${file} cannot be written. Look at the rights of its folder and its disk.`,
  // It is sent to clients, who need not know where the file lies.
  integrity: (file) =>
    `${basename(file)} is damaged, or no ledger. Keep the files as they are and run verify.`,
  'too-large': () => 'A record is too large for SQLite.',
};

function ofSqlite(code: string, file: string): Meaning {
  switch (code.split('_')[1]) {
    case 'FULL':
      return 'full';
    case 'IOERR':
      return diskIsFull(dirname(file)) ? 'full' : 'unavailable';
    case 'READONLY':
    case 'PERM':
      return 'read-only';
    case 'CORRUPT':
    case 'NOTADB':
      return 'integrity';
    case 'TOOBIG':
      return 'too-large';
    default:
      return 'unavailable';
  }
}

/** The files beside the database are written by Node, which has other codes for the same errors. */
function ofSystem(code: string): Meaning {
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'full';
  return code === 'EROFS' || code === 'EACCES' || code === 'EPERM' ? 'read-only' : 'unavailable';
}

function isSystemError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'syscall' in error;
}

export function diskIsFull(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize < FULL_BELOW_BYTES;
  } catch {
    return false;
  }
}
