import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { StoreError } from '../store-error.js';

interface Identity {
  readonly device: number;
  readonly inode: number;
  readonly size: number;
}

/** A change of a folder shows in its time of change, which has the resolution of the kernel's clock: some milliseconds. */
const SETTLED_MS = 1000;

/**
 * Notices that the database or its write-ahead log was removed, replaced or cut while they are open. SQLite would go on
 * writing into the files that it has open, and all of that would be lost when they are closed.
 *
 * The log is looked at only when something in its folder was added, removed or renamed: to ask the time of a file that is
 * written all the time makes each of its syncs slower.
 */
export class FileGuard {
  readonly #folder: string;
  readonly #log: Identity;
  #database: Identity;
  /** When the folder had changed last, at the last look at the log; NaN where it has to be looked at again. */
  #folderChangedMs = NaN;

  /** For a database that is open, and was written since, so that its log is there. */
  constructor(private readonly file: string) {
    this.#folder = dirname(file);
    this.#database = identityOf(file);
    this.#log = identityOf(`${file}-wal`);
  }

  /** To be asked before each commit. @throws StoreError `integrity`. */
  check(): void {
    const database = identityOf(this.file);
    if (!isSameFile(database, this.#database)) throw lost(this.file, 'was replaced');
    if (database.size < this.#database.size) throw lost(this.file, 'was cut');
    this.#database = database;
    const changedMs = statSync(this.#folder).mtimeMs;
    if (changedMs === this.#folderChangedMs) return;
    // The log is not measured: whoever checkpoints may truncate it.
    if (!isSameFile(identityOf(`${this.file}-wal`), this.#log))
      throw lost(`${this.file}-wal`, 'was replaced');
    this.#folderChangedMs = Date.now() - changedMs > SETTLED_MS ? changedMs : NaN;
  }
}

function identityOf(file: string): Identity {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) throw lost(file, 'was removed');
  return { device: found.dev, inode: found.ino, size: found.size };
}

function isSameFile(one: Identity, other: Identity): boolean {
  return one.device === other.device && one.inode === other.inode;
}

function lost(file: string, what: string): StoreError {
  return new StoreError(
    'integrity',
    `${basename(file)} ${what} while it was open. Nothing more is recorded, because it would be lost. Stop the server, bring the file back, and run verify.`,
  );
}
