import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { SEAL_BYTES } from './zip-form.js';

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;

/** What the directory at the end of a zip file says of a file in it. */
interface Listed {
  readonly name: string;
  readonly crc: number;
  readonly size: number;
}

/**
 * What speaks against a zip file whose entries were unpacked one after another, from front to back, as `paths` by name.
 * Other programs unpack by the directory at its end: where the two differ, they would show other files than those that
 * were checked. Dates, attributes and versions in it say nothing of the contents and are not looked at here: that a bundle is
 * as it was made, is for zip-form.ts.
 */
export function directoryMismatch(file: string, paths: ReadonlyMap<string, string>): string | undefined {
  const listed = directoryOf(file);
  if (!listed) return 'the directory at its end cannot be read';
  const names = new Set(listed.map(({ name }) => name));
  if (names.size !== listed.length) return 'its directory lists a file twice';
  for (const name of paths.keys()) if (!names.has(name)) return `its directory does not list ${name}`;
  for (const { name, crc, size } of listed) {
    if (name.endsWith('/')) continue;
    const path = paths.get(name);
    if (path === undefined) return `its directory lists ${name}, which is not in it`;
    const found = sumOf(path);
    if (found.size !== size || found.crc !== crc) return `${name} is not what its directory says`;
  }
  return undefined;
}

/** Undefined where it does not end with a plain directory (PKWARE APPNOTE 4.3.12, 4.3.16; no zip64, no comment but a seal). */
function directoryOf(file: string): Listed[] | undefined {
  const descriptor = openSync(file, 'r');
  try {
    return directoryBefore(descriptor, 0) ?? directoryBefore(descriptor, SEAL_BYTES);
  } finally {
    closeSync(descriptor);
  }
}

function directoryBefore(descriptor: number, comment: number): Listed[] | undefined {
  const last = fstatSync(descriptor).size - END_BYTES - comment;
  if (last < 0) return undefined;
  const tail = read(descriptor, last, END_BYTES);
  const [size, start] = [tail.readUInt32LE(12), tail.readUInt32LE(16)];
  const isWhole = tail.readUInt16LE(8) === tail.readUInt16LE(10) && tail.readUInt16LE(20) === comment;
  const isPlain = tail.readUInt32LE(0) === END && isWhole && start + size === last;
  return isPlain ? entriesOf(read(descriptor, start, size), tail.readUInt16LE(10)) : undefined;
}

function entriesOf(zip: Buffer, count: number): Listed[] | undefined {
  const listed: Listed[] = [];
  const end = zip.length;
  let at = 0;
  while (at + ENTRY_BYTES <= end && zip.readUInt32LE(at) === ENTRY) {
    const length = zip.readUInt16LE(at + 28);
    const name = zip.toString('utf8', at + ENTRY_BYTES, at + ENTRY_BYTES + length);
    listed.push({ name, crc: zip.readUInt32LE(at + 16), size: zip.readUInt32LE(at + 24) });
    at += ENTRY_BYTES + length + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return at === end && listed.length === count ? listed : undefined;
}

const BLOCK = 1 << 20;

function sumOf(path: string): { size: number; crc: number } {
  const descriptor = openSync(path, 'r');
  try {
    let [size, crc] = [0, 0];
    for (;;) {
      const block = read(descriptor, size, BLOCK);
      if (block.length === 0) return { size, crc };
      crc = crc32(block, crc);
      size += block.length;
    }
  } finally {
    closeSync(descriptor);
  }
}

function read(descriptor: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(descriptor, bytes, 0, length, at));
}
