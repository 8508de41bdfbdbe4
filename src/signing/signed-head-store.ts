import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder, writeDurably } from '../shared/durable-file.js';
import { Database } from '../store/sqlite/driver.js';

/**
 * The last signed head of each log, as the signed note itself.
 *
 * Trust: whoever can change this can make a log forget what it signed, never make it sign what its records do not
 * say. It is kept apart from the records, so that a restore of those does not bring back an old head as well.
 */
export interface SignedHeadStore {
  /** The note, or undefined where this log never signed. Rejects where it cannot be read. */
  load(log: string): Promise<string | undefined>;
  /** Replaces exactly `from` by `to`; false where another note stands there. Durable once it has resolved. */
  swap(log: string, from: string | undefined, to: string): Promise<boolean>;
}

/** For tests, and for a ledger that ends with its process. */
export class MemorySignedHeads implements SignedHeadStore {
  readonly #notes = new Map<string, string>();

  async load(log: string): Promise<string | undefined> {
    return this.#notes.get(log);
  }

  async swap(log: string, from: string | undefined, to: string): Promise<boolean> {
    if (this.#notes.get(log) !== from) return false;
    this.#notes.set(log, to);
    return true;
  }
}

/** How long a swap waits for another process that is swapping. */
const BUSY_MILLISECONDS = 5000;

/**
 * One file a log, `<log>.note`. The lock that makes compare-and-swap hold between processes is an exclusive
 * transaction on an empty database beside them, which the kernel gives back when a process dies.
 */
export class FileSignedHeads implements SignedHeadStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async load(log: string): Promise<string | undefined> {
    return this.#read(log);
  }

  async swap(log: string, from: string | undefined, to: string): Promise<boolean> {
    makeFolder(this.#folder);
    const lock = new Database(join(this.#folder, 'marks.lock'), { timeout: BUSY_MILLISECONDS });
    try {
      lock.exec('BEGIN EXCLUSIVE');
      if (this.#read(log) !== from) return false;
      writeDurably(this.#file(log), to);
      return true;
    } finally {
      lock.close();
    }
  }

  #read(log: string): string | undefined {
    try {
      return readFileSync(this.#file(log), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  #file(log: string): string {
    return join(this.#folder, `${log}.note`);
  }
}
