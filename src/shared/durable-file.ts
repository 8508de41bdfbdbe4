import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';

/** A whole file, or its pieces in order. */
type Content = string | Uint8Array | Iterable<string | Uint8Array>;

let count = 0;

/** Writes a file so that after a power cut it has the old content or the new one; after the return, the new one. */
export function writeDurably(path: string, content: Content, mode = 0o644): void {
  const part = partOf(path);
  writePart(part, content, mode);
  renameSync(part, path);
  syncFile(dirname(path));
}

/** As `writeDurably`, but an existing file is left as it is: false. */
export function createDurably(path: string, content: Content, mode = 0o644): boolean {
  const part = partOf(path);
  writePart(part, content, mode);
  try {
    linkSync(part, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(part, { force: true });
  }
  syncFile(dirname(path));
  return true;
}

/** Makes a folder, and those above it, so that their names survive a power cut. */
export function makeFolder(folder: string, mode = 0o777): void {
  const first = mkdirSync(folder, { recursive: true, mode });
  if (first === undefined) return;
  const top = dirname(resolve(first));
  for (let path = resolve(folder); path !== top; path = dirname(path)) syncFile(dirname(path));
}

/** Of a file the content, of a folder the names in it. */
export function syncFile(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** A different name for every write: two processes may write the same file at the same moment. */
function partOf(path: string): string {
  return `${path}.${process.pid}.${count++}.part`;
}

function writePart(part: string, content: Content, mode: number): void {
  const descriptor = openSync(part, 'wx', mode);
  try {
    if (typeof content === 'string' || content instanceof Uint8Array) writeFileSync(descriptor, content);
    else for (const piece of content) writeWhole(descriptor, piece);
    fsyncSync(descriptor);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

function writeWhole(descriptor: number, piece: string | Uint8Array): void {
  const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
  for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
}
