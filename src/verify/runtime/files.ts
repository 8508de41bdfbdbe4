import { isUtf8 } from 'node:buffer';
import { createHash, hash, type Hash } from 'node:crypto';
import {
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
  /** Every file that was opened to be checked; of the uppermost folder, also those opened below it. */
  readonly used = new Set<string>();
  /** By path: SHA-512, hex, of files that were found to be as a list of checksums says. */
  private readonly checksums = new Map<string, string>();
  /** What is checked does not change meanwhile. */
  private listed: readonly Entry[] | undefined;
  private regular: ReadonlySet<string> = new Set<string>();
  /** What is known of files is kept there, by their paths in it. */
  private readonly top: Files;

  constructor(
    readonly root: string,
    top?: Files,
    private readonly prefix = '',
  ) {
    this.top = top ?? this;
  }

  /** Those of a folder. */
  below(folder: string): Files {
    return new Files(this.path(folder), this.top, `${this.prefix}${folder}/`);
  }

  /** To be told of files that are as a list of checksums says. */
  confirm(path: string, sha512: string): void {
    this.top.checksums.set(this.prefix + path, sha512);
  }

  /** Whether a file has this content. One whose checksum is known is not read again. */
  holds(path: string, content: string | Uint8Array): boolean {
    const { top, prefix } = this;
    const whole = prefix + path;
    top.used.add(whole);
    const known = top.checksums.get(whole);
    if (known !== undefined) return known === hash('sha512', content, 'hex');
    return (
      this.isFile(path) &&
      this.bytes(path).equals(typeof content === 'string' ? Buffer.from(content) : content)
    );
  }

  path(path: string): string {
    return join(this.root, path);
  }

  has(path: string): boolean {
    return existsSync(this.path(path));
  }

  isFile(path: string): boolean {
    if (this.top.regular.has(this.prefix + path)) return true;
    return statSync(this.path(path), { throwIfNoEntry: false })?.isFile() ?? false;
  }

  /** Where a file lies that is opened by others. */
  use(path: string): string {
    this.top.used.add(this.prefix + path);
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
    const bytes = this.bytes(path);
    return isUtf8(bytes) ? bytes.toString() : '';
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
      .filter(({ isLink }) => isLink)
      .map(({ path }) => path)
      .filter((path) => !isBelow(root, this.path(path)));
  }

  private files(folder: string): string[] {
    return this.entries(folder).map(({ path }) => path);
  }

  private entries(folder: string): readonly Entry[] {
    const { top, prefix } = this;
    if (folder === '.' && top === this) return (this.listed ??= this.readAll());
    const start = folder === '.' ? prefix : `${prefix}${folder}/`;
    // Where no link leads elsewhere, one reading of the whole tree tells of every folder in it.
    if (!top.listed || top.listed.some(({ isLink }) => isLink)) return entriesIn(this.path(folder));
    return top.listed
      .filter(({ path }) => path.startsWith(start))
      .map((entry) => ({ ...entry, path: entry.path.slice(start.length) }));
  }

  private readAll(): readonly Entry[] {
    const entries = entriesIn(this.path('.'));
    this.regular = new Set(entries.flatMap(({ isFile, path }) => (isFile ? [path] : [])));
    return entries;
  }
}

/** What is no folder. */
interface Entry {
  readonly path: string;
  readonly isFile: boolean;
  readonly isLink: boolean;
}

/** Sorted by path. */
function entriesIn(top: string): Entry[] {
  if (!existsSync(top)) return [];
  return readdirSync(top, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => {
      const below = `${entry.parentPath}${sep}${entry.name}`.slice(top.length + 1);
      const path = sep === '/' ? below : below.split(sep).join('/');
      return { path, isFile: entry.isFile(), isLink: entry.isSymbolicLink() };
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
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
