import { Zip, ZipDeflate } from 'fflate';
import { createHash } from 'node:crypto';
import { closeSync, createReadStream, createWriteStream, openSync, readSync, writeSync } from 'node:fs';
import { mkdir, readdir, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { ZIP_DATE } from '../../shared/zip-files.js';
import { Files, isLeftByProgram } from '../../verify/runtime/files.js';

const BLOCK = 1 << 16;
/** Offsets in a zip file without extensions have 32 bits. */
const MAX_BYTES = 0xffff_ffff;
/** And the number of its files has 16. */
const MAX_FILES = 0xffff;
/** File systems take 255 bytes; a name is written below a folder. */
const MAX_NAME_BYTES = 240;

/** The comment at the end of a zip file of packZip: this, and the SHA-256 of all bytes before the comment, in hex. */
const SEAL = 'SHA-256 ';
const SEAL_BYTES = SEAL.length + 64;

/** What cannot be packed or unpacked, with what to do instead. */
export class ZipError extends Error {
  readonly code = 'zip';
}

/** Packs a folder into a sealed zip file with one folder at its root. The same files give the same bytes. @throws ZipError */
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
      // The last two bytes are the length of the comment, which fflate does not write.
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
    writeSync(out, Buffer.from(SEAL + digest.digest('hex')));
  } finally {
    closeSync(out);
  }
}

export interface Unpacked {
  /** The folder in the zip file, where it holds nothing else; otherwise the target. */
  readonly folder: string;
  /** `broken`: a byte was changed since the file was sealed. Zip files of other programs have no seal. */
  readonly seal: 'intact' | 'broken' | 'none';
}

/**
 * Unpacks a zip file into an empty folder, as its directory lists it. Anybody may have made it: nothing is written outside
 * of the target, and no more than the directory declares. @throws ZipError
 */
export async function unpackZip(file: string, target: string): Promise<Unpacked> {
  try {
    const zip = await openPromise(file, { lazyEntries: true, strictFileNames: true, autoClose: false });
    try {
      const entries = await listEntries(zip);
      await checkSpace(file, entries, target);
      for (const entry of entries) await unpackEntry(zip, entry, target);
      const found = await readdir(target, { withFileTypes: true });
      // Packed anew on a Mac, a folder __MACOSX lies beside the bundle, and is no part of it.
      const [only, ...others] = found.filter(({ name }) => !isLeftByProgram(name));
      const folder = only?.isDirectory() && others.length === 0 ? join(target, only.name) : target;
      return { folder, seal: await checkSeal(file, zip) };
    } finally {
      zip.close();
    }
  } catch (error) {
    if (error instanceof ZipError) throw error;
    throw new ZipError(`${file} is not a zip file, or is damaged: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}

async function listEntries(zip: ZipFile): Promise<Entry[]> {
  const entries = new Map<string, Entry>();
  for await (const entry of zip.eachEntry()) {
    const { fileName } = entry;
    const parts = fileName.replace(/\/$/, '').split('/');
    if (Buffer.byteLength(fileName) > MAX_NAME_BYTES)
      throw new Error(`a name in it is longer than ${MAX_NAME_BYTES} bytes`);
    if (parts.some((part) => part === '' || part === '.' || part === '..') || /\p{Cc}/u.test(fileName))
      throw new Error('a name in it is not the name of a file below a folder');
    if (entries.has(fileName)) throw new Error('its directory lists a file twice');
    entries.set(fileName, entry);
  }
  if (entries.size === 0) throw new Error('it is empty');
  return [...entries.values()];
}

/** A small file can declare terabytes. */
async function checkSpace(file: string, entries: readonly Entry[], target: string): Promise<void> {
  const bytes = entries.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
  const { bavail, bsize } = await statfs(target);
  const most = Math.floor((bavail * bsize) / 2);
  if (bytes > most)
    throw new ZipError(
      `The files in ${file} have ${bytes} bytes, and ${target} takes at most half of its free space: ${most} bytes. Free some space.`,
    );
}

async function unpackEntry(zip: ZipFile, entry: Entry, target: string): Promise<void> {
  if (entry.fileName.endsWith('/')) return;
  const path = join(target, ...entry.fileName.split('/'));
  await mkdir(dirname(path), { recursive: true });
  let sum = 0;
  const check = new Transform({
    transform(block: Buffer, _, done) {
      sum = crc32(block, sum);
      done(null, block);
    },
  });
  // yauzl fails where the entry has more bytes than declared, or fewer; it leaves the CRC to its callers.
  await pipeline(await zip.openReadStreamPromise(entry), check, createWriteStream(path, { flags: 'wx' }));
  if (sum !== entry.crc32) throw new Error(`the CRC of ${entry.fileName} is another`);
}

async function checkSeal(file: string, { comment, fileSize }: ZipFile): Promise<Unpacked['seal']> {
  // A comment as long as a seal is one: a changed letter must not make it none.
  if (comment.length !== SEAL_BYTES && !comment.startsWith(SEAL)) return 'none';
  const digest = createHash('sha256');
  // yauzl reads a comment as CP437: one character a byte.
  const end = fileSize - comment.length - 1;
  for await (const block of createReadStream(file, { end })) digest.update(block as Buffer);
  return comment === SEAL + digest.digest('hex') ? 'intact' : 'broken';
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
