import type { Hash } from '../../src/tlog/encoding.js';
import { leafHash } from '../../src/tlog/merkle.js';
import { entryBundles, hashTiles, tilePath, type LogFile } from '../../src/tlog/tiles.js';
import { MerkleTree, treeRoot, type NodeAt } from '../../src/tlog/tree.js';
import { refusalCode } from './refusal.js';
import { sha256 } from './sha256.js';

const LARGEST = 70_000;
const record = (index: number) => `record ${index}`;
const tree = new MerkleTree(sha256);
for (let index = 0; index < LARGEST; index++) tree.append(leafHash(sha256, record(index)));
const leafAt = (index: number) => tree.leaf(index);
const files = (all: Iterable<LogFile>) => new Map([...all].map(({ path, bytes }) => [path, bytes]));
const hashesOf = (bytes: Uint8Array): Hash[] =>
  Array.from({ length: bytes.length / 32 }, (_, at) =>
    Buffer.from(bytes).toString('latin1', 32 * at, 32 * at + 32),
  );

describe('tile paths', () => {
  it('are in groups of three digits, all but the last marked', () => {
    expect(tilePath(0, 0)).toBe('tile/0/000');
    expect(tilePath(1, 999)).toBe('tile/1/999');
    expect(tilePath(0, 1000)).toBe('tile/0/x001/000');
    expect(tilePath(0, 1234067)).toBe('tile/0/x001/x234/067');
    expect(tilePath('entries', 1234067, 12)).toBe('tile/entries/x001/x234/067.p/12');
    expect(tilePath(2, 2 ** 45)).toBe('tile/2/x035/x184/x372/x088/832');
  });
});

describe('hash tiles', () => {
  it('of 256 records are one full tile and one of a single hash above', () => {
    const tiles = files(hashTiles(sha256, 256, leafAt));
    expect([...tiles.keys()]).toEqual(['tile/0/000', 'tile/1/000.p/1']);
    expect(tiles.get('tile/0/000')).toHaveLength(8192);
    expect(hashesOf(tiles.get('tile/1/000.p/1')!)).toEqual([tree.root(256)]);
  });

  it('of 70,000 records are as the specification counts them', () => {
    const paths = [...files(hashTiles(sha256, LARGEST, leafAt)).keys()];
    const count = (level: number) => paths.filter((path) => path.startsWith(`tile/${level}/`)).length;
    expect(paths.filter((path) => path.includes('.p/'))).toEqual([
      'tile/0/273.p/112',
      'tile/1/001.p/17',
      'tile/2/000.p/1',
    ]);
    expect([count(0), count(1), count(2), count(3)]).toEqual([274, 2, 1, 0]);
  });

  it('hold the tree: its roots can be had from the tiles alone', () => {
    for (const size of [0, 1, 2, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, LARGEST]) {
      const tiles = files(hashTiles(sha256, size, leafAt));
      const nodeAt: NodeAt = (level, index) => {
        const depth = Math.floor(level / 8);
        const inTile = 256 / 2 ** (level % 8);
        const number = Math.floor(index / inTile);
        const width = Math.min(256, Math.floor(size / 256 ** depth) - 256 * number);
        const hashes = hashesOf(tiles.get(tilePath(depth, number, width))!);
        const first = (index % inTile) * 2 ** (level % 8);
        const part = new MerkleTree(sha256);
        for (const hash of hashes.slice(first, first + 2 ** (level % 8))) part.append(hash);
        return part.root();
      };
      expect(treeRoot(sha256, nodeAt, size)).toBe(tree.root(size));
    }
  });
});

describe('entry bundles', () => {
  const entryAt = (index: number) => new Uint8Array(Buffer.from(record(index)));

  it('hold each record after its length, 256 to a file', () => {
    for (const size of [0, 1, 255, 256, 257, 1000]) {
      const bundles = [...entryBundles(size, entryAt)];
      expect(bundles).toHaveLength(Math.ceil(size / 256));
      const found: string[] = [];
      for (const [number, { path, bytes }] of bundles.entries()) {
        const width = Math.min(256, size - 256 * number);
        expect(path).toBe(tilePath('entries', number, width));
        for (let rest = Buffer.from(bytes); rest.length > 0;) {
          const length = rest.readUInt16BE();
          found.push(rest.toString('utf8', 2, 2 + length));
          rest = rest.subarray(2 + length);
        }
      }
      expect(found).toEqual(Array.from({ length: size }, (_, index) => record(index)));
    }
  });

  it('hold records of 65,535 bytes and none longer', () => {
    const [file] = entryBundles(1, () => new Uint8Array(65_535));
    expect(file?.bytes).toHaveLength(65_537);
    expect(refusalCode(() => [...entryBundles(1, () => new Uint8Array(65_536))])).toBe('too-large');
  });

  it('of a million records are 3,907 files', () => {
    expect([...entryBundles(1_000_000, () => new Uint8Array())]).toHaveLength(3907);
  });
});
