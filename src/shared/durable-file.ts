import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';

let count = 0;

/** Writes a file so that a power cut leaves the old content or the new one, and what has returned stays. */
export function writeDurably(path: string, content: string | Uint8Array, mode = 0o644): void {
  const part = partOf(path);
  writePart(part, content, mode);
  renameSync(part, path);
  syncFolder(dirname(path));
}

/** As `writeDurably`, but a file that is there already stays as it is: false. */
export function createDurably(path: string, content: string | Uint8Array, mode = 0o644): boolean {
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
  syncFolder(dirname(path));
  return true;
}

/** Makes a folder whose name survives a power cut, with those above it. */
export function makeFolder(folder: string): void {
  const first = mkdirSync(folder, { recursive: true });
  if (first === undefined) return;
  const top = dirname(resolve(first));
  for (let path = resolve(folder); path !== top; path = dirname(path)) syncFolder(dirname(path));
}

export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** A name of its own for every write: two processes may write the same file at the same moment. */
function partOf(path: string): string {
  return `${path}.${process.pid}.${count++}.part`;
}

function writePart(part: string, content: string | Uint8Array, mode: number): void {
  const descriptor = openSync(part, 'wx', mode);
  try {
    writeFileSync(descriptor, content);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
