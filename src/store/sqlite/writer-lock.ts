import type Sqlite from 'better-sqlite3';
import { readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { writeDurably } from '../../shared/durable-file.js';
import { StoreError, type Holder } from '../store-error.js';
import { isBusy, storeError } from './sqlite-errors.js';
import { Database } from './driver.js';

/**
 * One writer for a ledger's folder, for the life of a process: an exclusive transaction on a second, empty database.
 * The kernel releases such a lock when the process ends, however it ends; a file with a pid in it would stay.
 *
 * `writer.lock` must never be opened by other means in this process: closing any descriptor of a file drops the locks
 * that the process has on it (POSIX). Therefore the description for people is in a file of its own, `writer.json`, which is
 * for information only and may be left over from a process that died.
 */
export class WriterLock {
  readonly #lock: Sqlite.Database;
  readonly #note: string;

  private constructor(
    lock: Sqlite.Database,
    note: string,
    readonly holder: Holder,
  ) {
    this.#lock = lock;
    this.#note = note;
  }

  /** Takes the lock. `what` describes this process to others. @throws StoreError `locked`, with who has it. */
  static take(folder: string, what: string): WriterLock {
    const file = join(folder, 'writer.lock');
    const note = join(folder, 'writer.json');
    let lock: Sqlite.Database | undefined;
    try {
      lock = new Database(file, { timeout: 0 });
      lock.exec('BEGIN EXCLUSIVE');
      const holder = { pid: process.pid, what, since: new Date().toISOString(), host: hostname() };
      writeDurably(note, `${JSON.stringify(holder)}\n`);
      return new WriterLock(lock, note, holder);
    } catch (error) {
      lock?.close();
      if (isBusy(error)) throw locked(folder, note, error);
      throw storeError(error, file);
    }
  }

  release(): void {
    rmSync(this.#note, { force: true });
    this.#lock.close();
  }
}

function locked(folder: string, note: string, cause: unknown): StoreError {
  const holder = readHolder(note);
  const who = holder
    ? `process ${holder.pid} on ${holder.host} (${holder.what}) since ${holder.since}`
    : 'another process';
  return new StoreError(
    'locked',
    `The ledger in ${folder} is being written by ${who}. Stop that process first. Commands that only read work beside it.`,
    holder ? { holder, cause } : { cause },
  );
}

function readHolder(note: string): Holder | undefined {
  try {
    const { pid, what, since, host } = JSON.parse(readFileSync(note, 'utf8')) as Record<string, unknown>;
    return { pid: Number(pid), what: String(what), since: String(since), host: String(host) };
  } catch {
    return undefined;
  }
}
