/** C2SP tlog-tiles in a folder, held against the log that its records make. */
import { bytesToHash, type Hash } from '../../tlog/encoding.js';
import { leafHash } from '../../tlog/merkle.js';
import { hashTiles, tilePath } from '../../tlog/tiles.js';
import { sha256 } from '../runtime/crypto.js';
import type { Files } from '../runtime/files.js';
import type { Findings } from './findings.js';

const WIDTH = 256;

interface Leaves {
  readonly log: string;
  readonly size: number;
  leafAt(number: number): Hash;
}

/** @param folder where `tile/` lies @param entries whether the records themselves are to be there too */
export function checkTiles(
  files: Files,
  folder: string,
  log: Leaves,
  entries: boolean,
  findings: Findings,
): void {
  const expected = new Set<string>();
  const wrong = (path: string, record?: number): void => {
    const place = record === undefined ? '' : `: record ${record} is another one there`;
    findings.fail(
      'tile',
      log.log,
      `${folder}/${path} does not fit the records${place}`,
      record === undefined ? {} : { record },
    );
  };
  for (const { path, bytes } of hashTiles(sha256, log.size, (index) => log.leafAt(index))) {
    expected.add(path);
    const found = read(files, `${folder}/${path}`);
    if (found?.equals(bytes)) continue;
    const at =
      path.startsWith('tile/0/') && found?.length === bytes.length ? difference(found, bytes) : undefined;
    wrong(path, at === undefined ? undefined : firstOf(path) + at);
  }
  const bundled = entries ? log.size : 0;
  for (let first = 0; first < bundled; first += WIDTH) {
    const width = Math.min(WIDTH, log.size - first);
    const path = tilePath('entries', first / WIDTH, width);
    expected.add(path);
    const at = wrongEntry(read(files, `${folder}/${path}`), first, width, log);
    if (at !== undefined) wrong(path, at < 0 ? undefined : at);
  }
  for (const name of files.list(`${folder}/tile`))
    if (!expected.has(`tile/${name}`))
      findings.fail('layout', log.log, `${folder}/tile/${name} does not belong there`);
}

/** The leaf hashes that a folder of tiles holds, where nothing else tells them. */
export function leavesInTiles(files: Files, folder: string, size: number): Hash[] | undefined {
  const leaves: Hash[] = [];
  for (let first = 0; first < size; first += WIDTH) {
    const width = Math.min(WIDTH, size - first);
    const tile = read(files, `${folder}/${tilePath(0, first / WIDTH, width)}`);
    if (tile?.length !== 32 * width) return undefined;
    for (let i = 0; i < width; i++) leaves.push(bytesToHash(tile.subarray(32 * i, 32 * i + 32)));
  }
  return leaves;
}

function read(files: Files, path: string): Buffer | undefined {
  return files.isFile(path) ? files.bytes(path) : undefined;
}

function difference(found: Uint8Array, bytes: Uint8Array): number {
  return Math.floor(bytes.findIndex((byte, i) => byte !== found[i]) / 32);
}

/** Number of the first record of a level-0 tile, from its path. */
function firstOf(path: string): number {
  const digits = path
    .slice('tile/0/'.length)
    .replace(/\.p\/\d+$/, '')
    .replaceAll(/[x/]/g, '');
  return Number(digits) * WIDTH;
}

/** The first record that is not as it should be, −1 where the file itself is not; undefined where all is right. */
function wrongEntry(
  bundle: Buffer | undefined,
  first: number,
  width: number,
  log: Leaves,
): number | undefined {
  if (!bundle) return -1;
  let at = 0;
  for (let number = first; number < first + width; number++) {
    if (at + 2 > bundle.length) return number;
    const end = at + 2 + bundle.readUInt16BE(at);
    if (end > bundle.length || leafHash(sha256, bundle.subarray(at + 2, end)) !== log.leafAt(number))
      return number;
    at = end;
  }
  return at === bundle.length ? undefined : -1;
}
