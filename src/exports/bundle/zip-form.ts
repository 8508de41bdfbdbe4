/**
 * The form of the zip files that packZip writes, byte for byte. In another one, a date, an attribute, a version or a
 * compressed stream could be changed and unpack to the same files: no harm, and no evidence that nothing was touched.
 * The records of a zip file are those of PKWARE APPNOTE 4.3.7 (local header), 4.3.9 (data descriptor), 4.3.12 (directory)
 * and 4.3.16 (end), as fflate writes them.
 */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const DESCRIPTOR_BYTES = 16;
const ENTRY_BYTES = 46;
const END_BYTES = 22;
const VERSION = 20;
/** Sizes and checksum follow the data (bit 3); the name is in UTF-8 (bit 11). */
const STREAMED = 0x0008;
const UNICODE = 0x0800;
const DEFLATED = 8;
/** 1980-01-01 00:00:00 in MS-DOS form: the earliest. */
const DATE = 0x0021_0000;

const SEAL = 'SHA-256 ';
/** Length of the comment at the end: the hash of all bytes before it, in hex. */
export const SEAL_BYTES = SEAL.length + 64;

interface Entry {
  readonly name: Buffer;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

/** What is not as packZip writes it, the compressed streams apart; undefined where nothing is. */
export function formFault(file: string): string | undefined {
  const descriptor = openSync(file, 'r');
  try {
    const last = fstatSync(descriptor).size - SEAL_BYTES - END_BYTES;
    const end = bytesAt(descriptor, Math.max(0, last), END_BYTES);
    const [count, length, start] = [end.readUInt16LE(10), end.readUInt32LE(12), end.readUInt32LE(16)];
    if (start + length !== last || !end.equals(endOf(count, length, start)))
      return 'the end of its directory';
    const directory = bytesAt(descriptor, start, length);
    let [at, offset] = [0, 0];
    for (let i = 0; i < count && at + ENTRY_BYTES <= length; i++) {
      const entry = entryAt(directory, at, offset);
      const listed = entryOf(entry);
      if (!directory.subarray(at, at + listed.length).equals(listed))
        return `what its directory says of ${entry.name.toString()}`;
      const local = localOf(entry);
      if (!bytesAt(descriptor, offset, local.length).equals(local))
        return `the header of ${entry.name.toString()}`;
      offset += local.length + entry.packed;
      if (!bytesAt(descriptor, offset, DESCRIPTOR_BYTES).equals(descriptorOf(entry)))
        return `what follows ${entry.name.toString()}`;
      offset += DESCRIPTOR_BYTES;
      at += listed.length;
    }
    return offset === start && at === length ? undefined : 'what lies between its files and its directory';
  } catch (error) {
    if (error instanceof RangeError) return 'the end of its directory';
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** Whether its comment is the hash of what stands before it. */
export function isSealed(file: string): boolean {
  const descriptor = openSync(file, 'r');
  try {
    const end = fstatSync(descriptor).size - SEAL_BYTES;
    const digest = createHash('sha256');
    for (let at = 0; at < end;) {
      const block = bytesAt(descriptor, at, Math.min(1 << 20, end - at));
      digest.update(block);
      at += block.length;
    }
    return bytesAt(descriptor, end, SEAL_BYTES).equals(sealOf(digest.digest('hex')));
  } finally {
    closeSync(descriptor);
  }
}

/** @param sha256 of all bytes before it, hex */
export function sealOf(sha256: string): Buffer {
  return Buffer.from(SEAL + sha256);
}

function entryAt(directory: Buffer, at: number, offset: number): Entry {
  const start = at + ENTRY_BYTES;
  return {
    name: directory.subarray(start, start + directory.readUInt16LE(at + 28)),
    crc: directory.readUInt32LE(at + 16),
    packed: directory.readUInt32LE(at + 20),
    size: directory.readUInt32LE(at + 24),
    offset,
  };
}

/** Version needed, flags, method, time and date: the same in both headers. */
function commonOf({ name }: Entry): Buffer {
  const flags = name.length === name.toString().length ? STREAMED : STREAMED | UNICODE;
  return fields([VERSION, 2], [flags, 2], [DEFLATED, 2], [DATE, 4]);
}

function localOf(entry: Entry): Buffer {
  const rest = fields([0, 4], [0, 4], [0, 4], [entry.name.length, 2], [0, 2]);
  return Buffer.concat([fields([0x04034b50, 4]), commonOf(entry), rest, entry.name]);
}

function descriptorOf({ crc, packed, size }: Entry): Buffer {
  return fields([0x08074b50, 4], [crc, 4], [packed, 4], [size, 4]);
}

function entryOf(entry: Entry): Buffer {
  const { name, crc, packed, size, offset } = entry;
  const sizes = fields([crc, 4], [packed, 4], [size, 4], [name.length, 2]);
  // No extra field, no comment, first disk, no attributes.
  const rest = fields([0, 2], [0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]);
  return Buffer.concat([fields([0x02014b50, 4], [VERSION, 2]), commonOf(entry), sizes, rest, name]);
}

function endOf(count: number, length: number, start: number): Buffer {
  return fields(
    [0x06054b50, 4],
    [0, 2],
    [0, 2],
    [count, 2],
    [count, 2],
    [length, 4],
    [start, 4],
    [SEAL_BYTES, 2],
  );
}

function fields(...values: readonly (readonly [value: number, bytes: number])[]): Buffer {
  const out = Buffer.alloc(values.reduce((sum, [, bytes]) => sum + bytes, 0));
  let at = 0;
  for (const [value, bytes] of values) at = out.writeUIntLE(value, at, bytes);
  return out;
}

/** Shorter where the file ends before. */
function bytesAt(descriptor: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(descriptor, bytes, 0, length, at));
}
