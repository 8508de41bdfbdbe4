import { createHash, hash, type Hash } from 'node:crypto';
import {
  type Dirent,
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { join, sep } from 'node:path';
import { utf8Text } from '../../tlog/encoding.js';

/** So much of a file is held in memory. */
const BLOCK = 1 << 20;
const block = Buffer.allocUnsafeSlow(BLOCK);

/** What file managers and office programs leave in a folder that somebody opens, such as .DS_Store. */
const LEFT_BY_PROGRAMS =
  /(^|\/)(\.DS_Store|\._[^/]*|\.localized|\.directory|__MACOSX|\.Spotlight-V100|\.Trashes|\.fseventsd|@eaDir|(eh)?thumbs\.db|desktop\.ini|\$RECYCLE\.BIN|System Volume Information|~\$[^/]*|\.~lock\.[^/]*#)(\/|$)/i;

export function isLeftByProgram(path: string): boolean {
  return LEFT_BY_PROGRAMS.test(path);
}

/** Files below a folder; paths have `/` between their parts, whatever the system. */
export class Files {
  /** Every file that was opened to be checked. */
  readonly used = new Set<string>();
  /** By path: SHA-512, hex, of files that were found to be as a list of checksums says. */
  private readonly checksums = new Map<string, string>();
  /** What is checked does not change meanwhile. */
  private listed: readonly Entry[] | undefined;
  private regular: ReadonlySet<string> = new Set<string>();

  constructor(
    readonly root: string,
    private readonly above?: { readonly files: Files; readonly folder: string },
  ) {}

  /** Those of a folder. */
  below(folder: string): Files {
    return new Files(this.path(folder), { files: this, folder });
  }

  /** To be told of files that are as a list of checksums says. */
  confirm(path: string, sha512: string): void {
    this.checksums.set(path, sha512);
  }

  /** Whether a file has this content. One whose checksum is known is not read again. */
  holds(path: string, content: string | Uint8Array): boolean {
    this.used.add(path);
    const known = this.checksumOf(path);
    if (known !== undefined) return known === hash('sha512', content, 'hex');
    return (
      this.isFile(path) &&
      this.bytes(path).equals(typeof content === 'string' ? Buffer.from(content) : content)
    );
  }

  private checksumOf(path: string): string | undefined {
    return this.above
      ? this.above.files.checksumOf(`${this.above.folder}/${path}`)
      : this.checksums.get(path);
  }

  path(path: string): string {
    return join(this.root, ...path.split('/'));
  }

  has(path: string): boolean {
    return existsSync(this.path(path));
  }

  isFile(path: string): boolean {
    if (this.isListed(path)) return true;
    return statSync(this.path(path), { throwIfNoEntry: false })?.isFile() ?? false;
  }

  private isListed(path: string): boolean {
    return this.regular.has(path) || (this.above?.files.isListed(`${this.above.folder}/${path}`) ?? false);
  }

  /** Where a file lies that is opened by others. */
  use(path: string): string {
    this.used.add(path);
    return this.path(path);
  }

  bytes(path: string): Buffer {
    return readFileSync(this.use(path));
  }

  /** Content of a file that is not checked by being read. */
  peek(path: string): Buffer {
    return readFileSync(this.path(path));
  }

  /** Text of a small file; undefined where it is not there, and empty where its bytes are not UTF-8. */
  text(path: string): string | undefined {
    if (!this.isFile(path)) return undefined;
    try {
      return utf8Text(this.bytes(path));
    } catch {
      return '';
    }
  }

  /** Every file below a folder, sorted, but for what programs left; none where there is no such folder. */
  list(folder: string): string[] {
    return this.files(folder).filter((path) => !isLeftByProgram(path));
  }

  /** What programs left anywhere below the root, sorted. */
  leftByPrograms(): string[] {
    return this.files('.').filter(isLeftByProgram);
  }

  /** Symbolic links that lead out of the folder, or nowhere. */
  leadingOut(): string[] {
    const root = realpathSync(this.root);
    return this.entries('.')
      .filter(({ entry }) => entry.isSymbolicLink())
      .map(({ path }) => path)
      .filter((path) => !isBelow(root, this.path(path)))
      .sort();
  }

  private files(folder: string): string[] {
    return this.entries(folder)
      .filter(({ entry }) => !entry.isDirectory())
      .map(({ path }) => path)
      .sort();
  }

  private entries(folder: string): readonly Entry[] {
    const { above, listed } = this;
    if (folder !== '.') return this.entriesOf(folder) ?? entriesIn(this.path(folder));
    if (listed) return listed;
    const entries = above?.files.entriesOf(above.folder) ?? entriesIn(this.path('.'));
    this.regular = new Set(entries.flatMap(({ entry, path }) => (entry.isFile() ? [path] : [])));
    return (this.listed = entries);
  }

  /** Where no link leads elsewhere, one reading of the whole tree tells of every folder in it. */
  private entriesOf(folder: string): readonly Entry[] | undefined {
    const { listed, above } = this;
    if (!listed) return above?.files.entriesOf(`${above.folder}/${folder}`);
    if (listed.some(({ entry }) => entry.isSymbolicLink())) return undefined;
    const start = `${folder}/`;
    return listed
      .filter(({ path }) => path.startsWith(start))
      .map(({ entry, path }) => ({ entry, path: path.slice(start.length) }));
  }
}

interface Entry {
  readonly entry: Dirent;
  readonly path: string;
}

function entriesIn(top: string): Entry[] {
  if (!existsSync(top)) return [];
  return readdirSync(top, { recursive: true, withFileTypes: true }).map((entry) => {
    const below = `${entry.parentPath}${sep}${entry.name}`.slice(top.length + 1);
    return { entry, path: sep === '/' ? below : below.split(sep).join('/') };
  });
}

function isBelow(root: string, path: string): boolean {
  try {
    return realpathSync(path).startsWith(root + sep);
  } catch {
    return false;
  }
}

/** In hex. */
export function sha512OfFile(path: string): string {
  return digestOfFile(path, 'sha512');
}

export type Algorithm = 'sha256' | 'sha512';

/** In hex, and without holding a large file in memory. */
export function digestOfFile(path: string, algorithm: Algorithm): string {
  let digest: Hash | undefined;
  for (const block of blocksOf(path)) {
    // Most files are small, and hashed in one call.
    if (!digest && block.length < BLOCK) return hash(algorithm, block, 'hex');
    digest = (digest ?? createHash(algorithm)).update(block);
  }
  return (digest ?? createHash(algorithm)).digest('hex');
}

/** The same of the file with each of its line ends as LF, and as CRLF. */
export function sha512ByLineEnd(path: string): string[] {
  const ends = ['\n', '\r\n'];
  const digests = ends.map(() => createHash('sha512'));
  let held = '';
  for (const block of blocksOf(path)) {
    const text = held + block.toString('latin1');
    // The LF after it may be in the next block.
    held = text.endsWith('\r') ? '\r' : '';
    const lines = text.slice(0, text.length - held.length).split(/\r?\n/);
    for (const [i, digest] of digests.entries()) digest.update(lines.join(ends[i]), 'latin1');
  }
  return digests.map((digest) => digest.update(held, 'latin1').digest('hex'));
}

/** Each is full but the last. It is the same memory again and again. */
function* blocksOf(path: string): Generator<Buffer, undefined> {
  const file = openSync(path, 'r');
  try {
    for (let length = BLOCK; length === BLOCK;) {
      length = 0;
      for (let read; length < BLOCK && (read = readSync(file, block, length, BLOCK - length, null)) > 0;)
        length += read;
      if (length > 0) yield block.subarray(0, length);
    }
  } finally {
    closeSync(file);
  }
}
