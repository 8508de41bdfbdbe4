import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createDurably, makeFolder, syncFile } from '../shared/durable-file.js';
import { COMMITMENT_DIGEST } from '../tlog/commitment.js';

/**
 * What opens the commitments in records: disclosures, by their digests.
 *
 * Trust: whoever can read this knows the names of the people. Whoever can change it can hide a name, never show another
 * one, since each disclosure is compared with its commitment. It is kept apart from the records, because it can be erased.
 */
export interface DisclosureStore {
  /** Durable once it returns. */
  keep(digest: string, disclosure: string): void;
  /** As it was kept; undefined where there is none. Whether it opens the commitment is not looked at. */
  find(digest: string): string | undefined;
  /** Gone once it returns, also after a power cut. Does nothing where there is none. */
  erase(digest: string): void;
  kept(): Iterable<KeptDisclosure>;
  /** 32 random bytes, made when they are first asked for: the key under which subjects of a provider are recorded. */
  subjectKey(): Uint8Array;
}

export interface KeptDisclosure {
  readonly digest: string;
  readonly sinceMs: number;
}

const KEY_BYTES = 32;

/** For tests, and for a ledger that ends with its process. */
export class MemoryDisclosures implements DisclosureStore {
  readonly #kept = new Map<string, { disclosure: string; sinceMs: number }>();
  #key: Uint8Array | undefined;

  constructor(private readonly clock: () => number = Date.now) {}

  keep(digest: string, disclosure: string): void {
    this.#kept.set(digest, { disclosure, sinceMs: this.clock() });
  }

  find(digest: string): string | undefined {
    return this.#kept.get(digest)?.disclosure;
  }

  erase(digest: string): void {
    this.#kept.delete(digest);
  }

  *kept(): Generator<KeptDisclosure> {
    for (const [digest, { sinceMs }] of this.#kept) yield { digest, sinceMs };
  }

  subjectKey(): Uint8Array {
    return (this.#key ??= randomBytes(KEY_BYTES));
  }
}

const KEY_FILE = 'subject.key';
const KEY_TEXT = /^[0-9a-f]{64}\n$/;

/** One file a disclosure, named by its digest. Only their owner can read folder and files. */
export class FileDisclosures implements DisclosureStore {
  constructor(readonly folder: string) {}

  /**
   * Written in place: a file that a crash cut short opens no commitment, and no record has that digest yet. A part beside it
   * would hold a name under another name.
   */
  keep(digest: string, disclosure: string): void {
    makeFolder(this.folder, 0o700);
    const isThere = this.find(digest) === disclosure;
    const descriptor = openSync(this.#file(digest), isThere ? 'r' : 'w', 0o600);
    try {
      if (!isThere) writeFileSync(descriptor, disclosure);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    syncFile(this.folder);
  }

  find(digest: string): string | undefined {
    return unlessMissing(() => readFileSync(this.#file(digest), 'latin1'));
  }

  erase(digest: string): void {
    if (unlessMissing(() => statSync(this.folder)) === undefined) return;
    rmSync(this.#file(digest), { force: true });
    syncFile(this.folder);
  }

  *kept(): Generator<KeptDisclosure> {
    for (const name of unlessMissing(() => readdirSync(this.folder)) ?? []) {
      if (!COMMITMENT_DIGEST.test(name)) continue;
      // Another process may have erased it meanwhile.
      const found = unlessMissing(() => statSync(this.#file(name)));
      if (found) yield { digest: name, sinceMs: found.mtimeMs };
    }
  }

  /** @throws Error where the file holds something else than a key. */
  subjectKey(): Uint8Array {
    const path = this.#keyFile;
    const text = unlessMissing(() => readFileSync(path, 'latin1')) ?? this.#newKey();
    if (KEY_TEXT.test(text)) return Buffer.from(text.slice(0, 2 * KEY_BYTES), 'hex');
    throw new Error(`${path} holds no key: it is 64 hex digits and a line feed. Restore it from a backup.`);
  }

  /** Gives the key to another folder that has none. A link is not followed. */
  copyKeyTo(other: FileDisclosures): void {
    if (!unlessMissing(() => lstatSync(this.#keyFile))?.isFile()) return;
    const text = readFileSync(this.#keyFile, 'latin1');
    if (KEY_TEXT.test(text)) other.#createKey(text);
  }

  get #keyFile(): string {
    return join(this.folder, KEY_FILE);
  }

  #newKey(): string {
    this.#createKey(`${randomBytes(KEY_BYTES).toString('hex')}\n`);
    return readFileSync(this.#keyFile, 'latin1');
  }

  /** Two processes may make one at the same moment: the first one counts. */
  #createKey(text: string): void {
    makeFolder(this.folder, 0o700);
    createDurably(this.#keyFile, text, 0o600);
  }

  #file(digest: string): string {
    if (!COMMITMENT_DIGEST.test(digest)) throw new Error('not the digest of a disclosure');
    return join(this.folder, digest);
  }
}

function unlessMissing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
