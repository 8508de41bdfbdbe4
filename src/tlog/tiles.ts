/** C2SP tlog-tiles v0.1.0: a log as plain files, 256 hashes or records in each. */
import { putHash, type Hash } from './encoding.js';
import { LedgerError } from './error.js';
import { Frontier, type Sha256 } from './merkle.js';

const WIDTH = 256;
const MAX_ENTRY = 65_535;

/** A file below the log's directory; the path has `/` between its parts. */
export type LogFile = { readonly path: string; readonly bytes: Uint8Array };

/**
 * Path of a hash tile, or of an entry bundle where the level is `entries`.
 * @param width 256 for a full one.
 */
export function tilePath(level: number | 'entries', index: number, width = WIDTH): string {
  let path = String(index % 1000).padStart(3, '0');
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000))
    path = `x${String(rest % 1000).padStart(3, '0')}/${path}`;
  return `tile/${level}/${path}${width === WIDTH ? '' : `.p/${width}`}`;
}

/**
 * The hash tiles of the first `size` leaves. A tile comes as soon as it is full and its root goes into the level
 * above; partial tiles come last, one a level at most, and are not hashed upward.
 */
export function* hashTiles(
  sha256: Sha256,
  size: number,
  leafAt: (index: number) => Hash,
): Generator<LogFile> {
  const levels: Level[] = [];
  for (let index = 0; index < size; index++) {
    let hash = leafAt(index);
    for (let depth = 0; ; depth++) {
      const level = (levels[depth] ??= { full: 0, hashes: [] });
      level.hashes.push(hash);
      if (level.hashes.length < WIDTH) break;
      yield { path: tilePath(depth, level.full), bytes: tileBytes(level.hashes) };
      hash = tileRoot(sha256, level.hashes);
      level.full++;
      level.hashes = [];
    }
  }
  for (const [depth, { full, hashes }] of levels.entries())
    if (hashes.length > 0) yield { path: tilePath(depth, full, hashes.length), bytes: tileBytes(hashes) };
}

/**
 * The entry bundles of the first `size` records: before each record its length in two bytes, the higher first.
 * @throws LedgerError `too-large` for a record over 65,535 bytes.
 */
export function* entryBundles(size: number, entryAt: (index: number) => Uint8Array): Generator<LogFile> {
  for (let start = 0; start < size; start += WIDTH) {
    const width = Math.min(WIDTH, size - start);
    const entries = Array.from({ length: width }, (_, at) => entryAt(start + at));
    yield { path: tilePath('entries', start / WIDTH, width), bytes: bundleBytes(entries) };
  }
}

type Level = { full: number; hashes: Hash[] };

function tileBytes(hashes: readonly Hash[]): Uint8Array {
  const bytes = new Uint8Array(32 * hashes.length);
  for (const [at, hash] of hashes.entries()) putHash(bytes, 32 * at, hash);
  return bytes;
}

function tileRoot(sha256: Sha256, hashes: readonly Hash[]): Hash {
  const frontier = new Frontier(sha256);
  for (const hash of hashes) frontier.append(hash);
  return frontier.root();
}

function bundleBytes(entries: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(entries.reduce((sum, entry) => sum + 2 + entry.length, 0));
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const entry of entries) {
    if (entry.length > MAX_ENTRY) throw new LedgerError('too-large', `a record of ${entry.length} bytes`);
    view.setUint16(offset, entry.length);
    bytes.set(entry, offset + 2);
    offset += 2 + entry.length;
  }
  return bytes;
}
