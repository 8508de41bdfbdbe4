import { statSync } from 'node:fs';
import { StoreError } from '../store-error.js';

interface Identity {
  readonly device: number;
  readonly inode: number;
  readonly size: number;
}

/**
 * Notices that the database or its write-ahead log was removed, replaced or cut while they are open. SQLite would go on
 * writing into the files that it has open, and all of that would be lost when they are closed.
 */
export class FileGuard {
  readonly #log: Identity;
  #database: Identity;

  /** For a database that is open, and was written since, so that its log is there. */
  constructor(private readonly file: string) {
    this.#database = this.#identityOf(file);
    this.#log = this.#identityOf(`${file}-wal`);
  }

  /** To be asked before each commit. @throws StoreError `integrity`. */
  check(): void {
    const database = this.#identityOf(this.file);
    const log = this.#identityOf(`${this.file}-wal`);
    if (!isSameFile(database, this.#database)) throw lost(this.file, 'was replaced');
    if (!isSameFile(log, this.#log)) throw lost(`${this.file}-wal`, 'was replaced');
    // The log is not measured: whoever checkpoints may truncate it.
    if (database.size < this.#database.size) throw lost(this.file, 'was cut');
    this.#database = database;
  }

  #identityOf(file: string): Identity {
    const found = statSync(file, { throwIfNoEntry: false });
    if (!found) throw lost(file, 'was removed');
    return { device: found.dev, inode: found.ino, size: found.size };
  }
}

function isSameFile(one: Identity, other: Identity): boolean {
  return one.device === other.device && one.inode === other.inode;
}

function lost(file: string, what: string): StoreError {
  return new StoreError(
    'integrity',
    `${file} ${what} while it was open. Nothing more is recorded, because it would be lost. Stop the server, bring the file back, and run verify.`,
  );
}
