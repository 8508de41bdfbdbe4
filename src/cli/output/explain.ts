import { CommanderError } from 'commander';
import { isStoreError } from '../../store/store-error.js';
import { Failure } from './failure.js';
import { wrapped, type Block } from './page.js';

/** What to print on the error output after a failure, and the exit code. */
export interface Explained {
  readonly exitCode: number;
  /** Empty if the error has been printed already. */
  readonly lines: readonly Block[];
}

/**
 * Exit codes: 0 done; 1 refused or failed; 2 usage error. `verify` uses 2 for an incomplete result and 3 for a usage error.
 */
export function explain(error: unknown, { command, json }: { command: string; json: boolean }): Explained {
  const usageError = command === 'verify' ? 3 : 2;
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return { exitCode: 0, lines: [] };
    const message = error.message.replace(/^error: /, '');
    // Commander has printed the text for people.
    return { exitCode: usageError, lines: json ? [asJson({ code: 'usage', message, next: '' })] : [] };
  }
  const failure = asFailure(error);
  const { message, next, code } = failure;
  return {
    exitCode: failure.understood ? 1 : usageError,
    lines: json
      ? [asJson(failure)]
      : [wrapped(message), ...(next === '' ? [] : [wrapped(next)]), `(${code})`],
  };
}

function asJson({ code, message, next }: Pick<Failure, 'code' | 'message' | 'next'>): string {
  return JSON.stringify({ ok: false, code, message, ...(next && { next }) });
}

const CREATE =
  'Name the folder of a ledger with --data, or create one: study-ledger init --data ledger --facility lab.example';

function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  // The message ends with the cause in the words of SQLite or Node, which is for a log.
  if (isStoreError(error)) {
    const message = error.message.replace(/ \([A-Z_]+: [^\n]*\)$/, '');
    const next = error.code === 'missing' ? CREATE : '';
    return new Failure(message, next, `store-${error.code}`, error.code !== 'address');
  }
  const { message, code, path, syscall, port } = error as Partial<NodeJS.ErrnoException> & { port?: number };
  if (typeof code === 'string' && syscall !== undefined)
    return syscall === 'listen' ? ofPort(code, port ?? 0) : ofFile(code, path ?? 'A file');
  return new Failure(message ?? String(error), '', typeof code === 'string' ? code : 'failed');
}

function ofPort(code: string, port: number): Failure {
  const why: Record<string, string> = {
    EADDRINUSE: `Port ${port} is in use by another program.`,
    EACCES: `Port ${port} is reserved for the system.`,
  };
  const message = why[code] ?? `The server cannot listen on port ${port} (${code}).`;
  return new Failure(message, 'Give another one with --port, such as --port 3001.', 'port-unavailable');
}

const FILES: Readonly<Record<string, readonly [message: string, next: string]>> = {
  ENOENT: ['does not exist', 'Check the path.'],
  EEXIST: ['already exists', 'Name a new one.'],
  ENOTEMPTY: ['is not empty', 'Name an empty folder.'],
  EACCES: ['cannot be read or written by you', 'Check the permissions of the file and of its folder.'],
  EPERM: ['cannot be changed by you', 'Check the permissions of the file and of its folder.'],
  EROFS: ['is on a read-only disk', 'Name one on another disk.'],
  ENOTDIR: ['has a file in its path where a folder should be', 'Check the path.'],
  EISDIR: ['is a folder, not a file', 'Name a file.'],
  ENOSPC: ['cannot be written: the disk is full', 'Free some space, then try again.'],
  EDQUOT: ['cannot be written: your quota is used up', 'Free some space, then try again.'],
  EMFILE: ['cannot be opened: too many files are open', 'Close other programs, then try again.'],
  ELOOP: ['is a link that leads to itself', 'Check the path.'],
  ENAMETOOLONG: ['has a name that is too long', 'Give a shorter one.'],
};

function ofFile(code: string, path: string): Failure {
  const [what, next] = FILES[code] ?? [`cannot be used (${code})`, 'Check its disk.'];
  return new Failure(`${path} ${what}.`, next, 'file-unusable');
}
