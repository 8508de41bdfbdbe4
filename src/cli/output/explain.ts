import { CommanderError } from 'commander';
import { isStoreError } from '../../store/store-error.js';
import { Failure } from './failure.js';

/** How a command ended badly: what to print on the error stream, and the exit code. */
export interface Explained {
  readonly exitCode: number;
  /** Empty where all has been said. */
  readonly text: string;
}

/**
 * Exit codes: 0 done; 1 the answer is no, or it could not be done; 2 the command line was not understood. A verifier's 2
 * is a result (incomplete), so `verify` says 3 for the last.
 */
export function explain(error: unknown, { command, json }: { command: string; json: boolean }): Explained {
  const notUnderstood = command === 'verify' ? 3 : 2;
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return { exitCode: 0, text: '' };
    const message = error.message.replace(/^error: /, '');
    // For a person, Commander has printed it already.
    return { exitCode: notUnderstood, text: json ? asJson({ code: 'usage', message, next: '' }) : '' };
  }
  const failure = asFailure(error);
  const { message, next, code } = failure;
  return {
    exitCode: failure.understood ? 1 : notUnderstood,
    text: json ? asJson(failure) : `${message}${next ? `\n${next}` : ''}\n(${code})`,
  };
}

function asJson({ code, message, next }: Pick<Failure, 'code' | 'message' | 'next'>): string {
  return JSON.stringify({ ok: false, code, message, ...(next && { next }) });
}

function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  // Its sentence ends with the cause in the words of SQLite or Node, which belongs into a log.
  if (isStoreError(error)) {
    const message = error.message.replace(/ \([A-Z_]+: [^\n]*\)$/, '');
    return new Failure(message, '', `store-${error.code}`, error.code !== 'address');
  }
  const { message, code, path, syscall, port } = error as Partial<NodeJS.ErrnoException> & { port?: number };
  if (typeof code === 'string' && syscall !== undefined)
    return syscall === 'listen' ? ofPort(code, port ?? 0) : ofFile(code, path ?? 'A file');
  return new Failure(message ?? String(error), '', typeof code === 'string' ? code : 'failed');
}

function ofPort(code: string, port: number): Failure {
  const why: Record<string, string> = {
    EADDRINUSE: `Port ${port} is taken by another program.`,
    EACCES: `Port ${port} is kept for the system.`,
  };
  const message = why[code] ?? `Port ${port} cannot be listened on (${code}).`;
  return new Failure(message, 'Choose another with --port, such as --port 3001.', 'port-unavailable');
}

const FILES: Readonly<Record<string, readonly [message: string, next: string]>> = {
  ENOENT: ['does not exist', 'Look at the path.'],
  EEXIST: ['is there already', 'Name a place where nothing is.'],
  ENOTEMPTY: ['is not empty', 'Name an empty folder.'],
  EACCES: ['may not be read or written by you', 'Look at the rights of the file and of its folder.'],
  EPERM: ['may not be changed by you', 'Look at the rights of the file and of its folder.'],
  EROFS: ['lies on a disk that cannot be written', 'Name a place on another disk.'],
  ENOTDIR: ['goes through something that is no folder', 'Look at the path.'],
  EISDIR: ['is a folder, not a file', 'Name a file.'],
  ENOSPC: ['finds no space left on its disk', 'Free some space, and try again.'],
  EDQUOT: ['finds no space left in your quota', 'Free some space, and try again.'],
  EMFILE: ['cannot be opened: too many files are open', 'Close other programs, and try again.'],
  ELOOP: ['is a link that leads to itself', 'Look at the path.'],
  ENAMETOOLONG: ['has too long a name', 'Name a shorter one.'],
};

function ofFile(code: string, path: string): Failure {
  const [what, next] = FILES[code] ?? [`cannot be used (${code})`, 'Look at its disk.'];
  return new Failure(`${path} ${what}.`, next, 'file-unusable');
}
