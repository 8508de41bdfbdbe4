import { Unzip, UnzipInflate, Zip, ZipDeflate } from 'fflate';
import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readdirSync, readSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Files } from '../../verify/runtime/files.js';
import { directoryMismatch } from './zip-directory.js';
import { ZIP_DATE } from '../../shared/zip.js';
import { formFault, isSealed, SEAL_BYTES, sealOf } from './zip-form.js';

const BLOCK = 1 << 16;
/** Offsets in a zip file without extensions have 32 bits. */
const MAX_BYTES = 0xffff_ffff;
/** And the number of its files has 16. */
const MAX_FILES = 0xffff;

/** What cannot be packed or unpacked, with what to do instead. */
export class ZipError extends Error {
  readonly code = 'zip';
}

/** Packs a folder into a zip file with one folder at its root. The same files give the same bytes. @throws ZipError */
export function packZip(folder: string, root: string, target: string): void {
  const files = new Files(folder);
  const paths = files.list('.');
  const tooLarge = new ZipError('The bundle is too large for a zip file: export it into a folder.');
  if (paths.length > MAX_FILES) throw tooLarge;
  const out = openSync(target, 'wx');
  const digest = createHash('sha256');
  let size = 0;
  const write = (part: Uint8Array): void => {
    size += part.length;
    if (size > MAX_BYTES) throw tooLarge;
    digest.update(part);
    writeSync(out, part);
  };
  try {
    const zip = new Zip((error, part, last) => {
      if (error) throw error;
      // The last two bytes are the length of a comment: there is one.
      write(last ? part.subarray(0, -2) : part);
    });
    for (const path of paths) {
      const entry = new ZipDeflate(`${root}/${path}`, { level: 6 });
      entry.mtime = ZIP_DATE;
      zip.add(entry);
      eachBlock(files.path(path), (block, last) => entry.push(block, last));
    }
    zip.end();
    write(Uint8Array.of(SEAL_BYTES, 0));
    writeSync(out, sealOf(digest.digest('hex')));
  } finally {
    closeSync(out);
  }
}

/**
 * Unpacks a zip file of packZip's making in which nothing was touched: not even what makes no difference.
 * @throws ZipError
 */
export function unpackOwnZip(file: string, target: string): string {
  const fault = formFault(file);
  if (fault !== undefined)
    throw new ZipError(
      `${file} is damaged, or was packed by another program: ${fault} is not as study-ledger export writes it. Unpack it, and verify the folder.`,
    );
  const unpacked = unpackZip(file, target);
  if (isSealed(file)) return unpacked;
  throw new ZipError(`${file} is damaged: it unpacks, but its bytes are not those that it was sealed with.`);
}

/** Unpacks a zip file into an empty folder; the folder in it, where it holds nothing else. @throws ZipError */
export function unpackZip(file: string, target: string): string {
  const unpacked = new Map<string, string>();
  const unzip = new Unzip((entry) => {
    const parts = entry.name.split('/');
    // The name is whoever's made the file: it must not lead out of the folder.
    if (
      entry.name.startsWith('/') ||
      entry.name.includes('\\') ||
      parts.some((part) => part === '..' || part === '.')
    )
      throw new ZipError(`${file} holds a file with a name that leads elsewhere.`);
    if (entry.name.endsWith('/')) return;
    const path = join(target, ...parts);
    mkdirSync(dirname(path), { recursive: true });
    const out = openSync(path, 'wx');
    unpacked.set(entry.name, path);
    entry.ondata = (error, part, last) => {
      if (error) throw error;
      writeSync(out, part);
      if (last) closeSync(out);
    };
    entry.start();
  });
  unzip.register(UnzipInflate);
  try {
    eachBlock(file, (block, last) => unzip.push(block, last));
  } catch (error) {
    if (error instanceof ZipError) throw error;
    throw new ZipError(`${file} is not a zip file, or is damaged: ${(error as Error).message}`, {
      cause: error,
    });
  }
  const [only, ...others] = readdirSync(target);
  if (only === undefined) throw new ZipError(`${file} is not a zip file, or is empty.`);
  const mismatch = directoryMismatch(file, unpacked);
  if (mismatch !== undefined) throw new ZipError(`${file} is damaged, or was made to deceive: ${mismatch}.`);
  return others.length === 0 ? join(target, only) : target;
}

function eachBlock(path: string, take: (block: Uint8Array, last: boolean) => void): void {
  const file = openSync(path, 'r');
  try {
    let next = readBlock(file);
    for (let block = next; ; block = next) {
      next = readBlock(file);
      take(block, next.length === 0);
      if (next.length === 0) return;
    }
  } finally {
    closeSync(file);
  }
}

function readBlock(file: number): Uint8Array {
  const block = new Uint8Array(BLOCK);
  return block.subarray(0, readSync(file, block));
}
