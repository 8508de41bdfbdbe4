import { createHash, randomUUID } from 'node:crypto';
import { constants, lstatSync, readdirSync, renameSync, rmSync, utimesSync } from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder, syncFile } from '../shared/durable-file.js';

/** What is wrong with the bytes of an attachment. `cut`: their source ended early. `quota`: too much waits for its record. */
export class AttachmentError extends Error {
  override readonly name = 'AttachmentError';

  constructor(
    readonly code: 'cut' | 'damaged' | 'differs' | 'empty' | 'missing' | 'quota' | 'too-large',
    message: string,
  ) {
    super(message);
  }
}

export interface KeptAttachment {
  /** Hex. */
  readonly sha256: string;
  /** In bytes. */
  readonly size: number;
}

export interface Bounds {
  /** Bytes. */
  readonly most: number;
  /** What the bytes must be. */
  readonly sha256?: string | undefined;
}

/** The most bytes that one attachment may have. */
export const MOST_ATTACHED_BYTES = 100 * 1_048_576;

/** How long bytes may wait for the record that names them, in milliseconds. */
export const UNNAMED_MS = 86_400_000;

const DIGEST = /^[0-9a-f]{64}$/;
const PART = /^[0-9a-f-]{36}\.part$/;
const LEAVING = '.leaving';

/**
 * Files that records name by SHA-256: one file an attachment, named by its digest. Only their owner can read folder and files.
 * Nothing here is believed because of its name: whatever is read is hashed. A link is not followed.
 */
export class Attachments {
  constructor(readonly folder: string) {}

  /** In a folder that ends with the process, for a ledger that does so too. */
  static passing(): Attachments {
    passing ??= passingFolder();
    return new Attachments(join(passing, randomUUID()));
  }

  /**
   * Takes bytes as they come, without holding them. Durable once it resolves; where it fails nothing is left. Bytes that are
   * here already are written again, so a damaged file is mended.
   * @throws AttachmentError
   */
  async receive(bytes: AsyncIterable<Uint8Array>, { most, sha256 }: Bounds): Promise<KeptAttachment> {
    makeFolder(this.folder, 0o700);
    const part = join(this.folder, `${randomUUID()}.part`);
    const file = await open(part, 'wx', 0o600);
    try {
      const kept = await written(bytes, file, most);
      if (kept.size === 0) throw new AttachmentError('empty', 'The file is empty.');
      if (sha256 !== undefined && kept.sha256 !== sha256)
        throw new AttachmentError('differs', `What came has the SHA-256 ${kept.sha256}, not ${sha256}.`);
      await file.sync();
      await file.close();
      await rename(part, this.path(kept.sha256));
      syncFile(this.folder);
      return kept;
    } catch (error) {
      await file.close();
      await rm(part, { force: true });
      throw error;
    }
  }

  /** In bytes; undefined where there is no such file. Whether its bytes have that digest is not looked at. */
  sizeOf(sha256: string): number | undefined {
    const found = lstatSync(this.path(sha256), { throwIfNoEntry: false });
    return found?.isFile() ? found.size : undefined;
  }

  /** As `sizeOf`, for whoever is about to name it in a record: it counts as new from now on. */
  claim(sha256: string): number | undefined {
    const size = this.sizeOf(sha256);
    const now = new Date();
    return unlessGone(() => {
      if (size !== undefined) utimesSync(this.path(sha256), now, now);
      return size;
    });
  }

  /** Hashes what is kept. @throws AttachmentError `missing`, `damaged` */
  async check(sha256: string): Promise<KeptAttachment> {
    let size = 0;
    for await (const chunk of this.bytes(sha256)) size += chunk.length;
    return { sha256, size };
  }

  /** Its bytes; the last of them come once all were hashed. @throws AttachmentError `missing`, `damaged` */
  async *bytes(sha256: string): AsyncGenerator<Buffer> {
    const file = await this.opened(sha256);
    try {
      const digest = createHash('sha256');
      let held: Buffer | undefined;
      for await (const chunk of file.createReadStream({ autoClose: false })) {
        if (held) yield held;
        held = chunk as Buffer;
        digest.update(held);
      }
      if (digest.digest('hex') !== sha256)
        throw new AttachmentError(
          'damaged',
          `The bytes kept as ${sha256} were changed: restore them from a backup.`,
        );
      if (held) yield held;
    } finally {
      await file.close();
    }
  }

  /** Everything that is here, with what a writer that died left, and since when. */
  *kept(): Generator<{ readonly name: string; readonly isPart: boolean; readonly sinceMs: number }> {
    for (const name of namesIn(this.folder)) {
      const isPart = PART.test(name);
      if (!isPart && !DIGEST.test(name)) continue;
      const found = lstatSync(join(this.folder, name), { throwIfNoEntry: false });
      if (found && !found.isDirectory()) yield { name, isPart, sinceMs: found.mtimeMs };
    }
  }

  /**
   * Takes a file away, unless somebody has claimed it since, also while it is taken away by another process.
   * @param before ms
   * @returns how many bytes it had
   */
  remove(name: string, before: number): number | undefined {
    const [path, leaving] = [join(this.folder, name), join(this.folder, `${name}${LEAVING}`)];
    return unlessGone(() => {
      const { mtimeMs, size } = lstatSync(path);
      if (mtimeMs >= before) return undefined;
      renameSync(path, leaving);
      if (lstatSync(leaving).mtimeMs < before) {
        rmSync(leaving);
        return size;
      }
      renameSync(leaving, path);
      return undefined;
    });
  }

  /** What a process that died was about to take away. */
  putBack(): void {
    for (const name of namesIn(this.folder)) {
      if (!name.endsWith(LEAVING)) continue;
      const path = join(this.folder, name);
      unlessGone(() => renameSync(path, path.slice(0, -LEAVING.length)));
    }
  }

  private async opened(sha256: string): Promise<FileHandle> {
    try {
      const file = await open(this.path(sha256), constants.O_RDONLY | constants.O_NOFOLLOW);
      if ((await file.stat()).isFile()) return file;
      await file.close();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT' && code !== 'ELOOP') throw error;
    }
    throw new AttachmentError('missing', `The bytes of ${sha256} are not here: restore them from a backup.`);
  }

  private path(sha256: string): string {
    if (!DIGEST.test(sha256)) throw new Error('not the digest of an attachment');
    return join(this.folder, sha256);
  }
}

let passing: string | undefined;

/** It is made with the first file in it. */
function passingFolder(): string {
  const folder = join(tmpdir(), `study-ledger-attachments-${randomUUID()}`);
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function written(
  bytes: AsyncIterable<Uint8Array>,
  file: FileHandle,
  most: number,
): Promise<KeptAttachment> {
  const digest = createHash('sha256');
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > most)
      throw new AttachmentError('too-large', `The file is larger than ${most / 1_048_576} MB: divide it.`);
    digest.update(chunk);
    await file.appendFile(chunk);
  }
  return { sha256: digest.digest('hex'), size };
}

function namesIn(folder: string): string[] {
  return unlessGone(() => readdirSync(folder)) ?? [];
}

/** Undefined where another process took the file away at this moment. */
function unlessGone<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
