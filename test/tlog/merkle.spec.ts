import fc from 'fast-check';
import { hashToBase64, utf8, type Hash } from '../../src/tlog/encoding.js';
import {
  emptyRoot,
  Frontier,
  leafHash,
  nodeHash,
  verifyConsistency,
  verifyInclusion,
} from '../../src/tlog/merkle.js';
import { consistencyProof, inclusionProof, MerkleTree, treeRoot, type NodeAt } from '../../src/tlog/tree.js';
import { refusalCode } from './refusal.js';
import { sha256 } from './sha256.js';
import { runs, times } from '../support/effort.js';

/** RFC 6962 section 2.1 as it is written there, on the leaf hashes themselves. */
const split = (size: number): number => (size <= 2 ? size - 1 : 2 * split(Math.ceil(size / 2)));
const known = new Map<string, Hash>();
function rootOf(leaves: readonly Hash[], from: number, to: number): Hash {
  if (to - from === 1) return leaves[from]!;
  const key = `${from}-${to}`;
  const k = from + split(to - from);
  if (!known.has(key)) known.set(key, nodeHash(sha256, rootOf(leaves, from, k), rootOf(leaves, k, to)));
  return known.get(key)!;
}
function pathOf(index: number, leaves: readonly Hash[], from: number, to: number): Hash[] {
  if (to - from === 1) return [];
  const k = from + split(to - from);
  return index < k
    ? [...pathOf(index, leaves, from, k), rootOf(leaves, k, to)]
    : [...pathOf(index, leaves, k, to), rootOf(leaves, from, k)];
}
function subproofOf(m: number, leaves: readonly Hash[], from: number, to: number, whole: boolean): Hash[] {
  if (m === to) return whole ? [] : [rootOf(leaves, from, to)];
  const k = from + split(to - from);
  return m <= k
    ? [...subproofOf(m, leaves, from, k, whole), rootOf(leaves, k, to)]
    : [...subproofOf(m, leaves, k, to, false), rootOf(leaves, from, k)];
}

const LARGEST = 1100;
const leaves = Array.from({ length: LARGEST }, (_, index) => leafHash(sha256, String(index)));
const tree = new MerkleTree(sha256);
for (const leaf of leaves) tree.append(leaf);
const head = (size: number) => ({ size, root: tree.root(size) });
/** A hash function for what must be refused before anything is hashed. */
const never = () => {
  throw new Error('hashed');
};
/** Another hash of the same length. */
const bent = (hash: Hash) => String.fromCharCode(hash.charCodeAt(0) ^ 1) + hash.slice(1);

describe('known answers for the leaves "0" to "6"', () => {
  const seven = new MerkleTree(sha256);
  for (let digit = 0; digit < 7; digit++) seven.append(leafHash(sha256, String(digit)));

  it('hash', () => {
    expect(hashToBase64(emptyRoot(sha256))).toBe('47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=');
    expect(hashToBase64(leafHash(sha256, '0'))).toBe('2zQm6HgGjSjSabbIcXIyLOU3K2V1bQeJAB00g19gHAM=');
    expect(leafHash(sha256, utf8('0'))).toBe(leafHash(sha256, '0'));
  });

  it('have these roots', () => {
    expect(hashToBase64(seven.root(2))).toBe('ywCYnZSlacCmeK4EK2Pc1GJduWRAUX83put5duok7Us=');
    expect(hashToBase64(seven.root(3))).toBe('cl1SMNto9VdHDcNfHYhlgTrNfrsHrRUndBQd7LrnEyc=');
    expect(hashToBase64(seven.root())).toBe('o+I7Msy2v5bQktFl2KpUbgmCnejwOw6JV1gdHha5K98=');
  });

  it('have these proofs', () => {
    expect(seven.inclusionProof(5, 7).map(hashToBase64)).toEqual([
      'EeH1WCI/THG2vhzs/R8N6HFG0llId8J7KexRn5BAITw=',
      'O/nIHCMcrnC2eNPzA4+fT21rnXrc+bN48lkZrlPRdoY=',
      'n0o/wg1BYtw31OI9kHhIcxp2BD//9taSiL8av7z/R44=',
    ]);
    expect(seven.consistencyProof(3, 7).map(hashToBase64)).toEqual([
      '+mHj3sNDlYn0eEyJO/Mh0AhPBMVyx68raOPzNgo1tIY=',
      'kGxdJIXK5yIHOkMPTQT+F2dQdZLO8iZimurbhaLskJ0=',
      'ywCYnZSlacCmeK4EK2Pc1GJduWRAUX83put5duok7Us=',
      'lz8IOVfHNZ+xlDrPnmaJvKbKXqcZfYCKrTwUSYaJ7+A=',
    ]);
  });
});

describe('the tree', () => {
  it('has the roots of RFC 6962 at every size, whole or as a frontier', () => {
    const frontier = new Frontier(sha256);
    const growing = new MerkleTree(sha256);
    expect([frontier.size, growing.size]).toEqual([0, 0]);
    expect([frontier.root(), growing.root()]).toEqual([sha256(''), sha256('')]);
    for (const [index, leaf] of leaves.entries()) {
      frontier.append(leaf);
      growing.append(leaf);
      const expected = rootOf(leaves, 0, index + 1);
      if (frontier.root() !== expected || growing.root() !== expected || tree.root(index + 1) !== expected)
        throw new Error(`root at size ${index + 1}`);
    }
    expect([frontier.size, growing.size]).toEqual([LARGEST, LARGEST]);
    expect(tree.root(0)).toBe(sha256(''));
  });

  it('gives back its leaves', () => {
    expect(leaves.every((leaf, index) => tree.leaf(index) === leaf)).toBe(true);
  });

  it('takes a record of no bytes as any other', () => {
    expect(leafHash(sha256, '')).toBe(leafHash(sha256, new Uint8Array()));
    expect(leafHash(sha256, '')).toBe(sha256('\0'));
  });

  it('refuses what is not a hash and stays as it was', () => {
    const one = new MerkleTree(sha256);
    one.append(leaves[0]!);
    for (const bad of ['', 'a', '\0'.repeat(31), '\0'.repeat(33), '\u0100'.repeat(32)]) {
      expect(refusalCode(() => one.append(bad))).toBe('bad-hash');
      expect(refusalCode(() => new Frontier(sha256).append(bad))).toBe('bad-hash');
    }
    expect(one.size).toBe(1);
    expect(one.root()).toBe(leaves[0]);
  });

  it('refuses numbers and sizes that it does not have', () => {
    const beyond = LARGEST + 1;
    const out = [-1, 0.5, NaN, Infinity];
    for (const bad of [...out, beyond]) {
      expect(refusalCode(() => tree.root(bad))).toBe('out-of-range');
      expect(refusalCode(() => tree.leaf(bad))).toBe('out-of-range');
      expect(refusalCode(() => tree.inclusionProof(0, bad))).toBe('out-of-range');
      expect(refusalCode(() => tree.inclusionProof(bad, LARGEST))).toBe('out-of-range');
      expect(refusalCode(() => tree.consistencyProof(1, bad))).toBe('out-of-range');
      expect(refusalCode(() => tree.consistencyProof(bad, LARGEST))).toBe('out-of-range');
    }
    expect(refusalCode(() => tree.leaf(LARGEST))).toBe('out-of-range');
    expect(refusalCode(() => tree.inclusionProof(5, 5))).toBe('out-of-range');
    expect(refusalCode(() => tree.inclusionProof(0, 0))).toBe('out-of-range');
    expect(refusalCode(() => tree.consistencyProof(0, 5))).toBe('out-of-range');
    expect(refusalCode(() => tree.consistencyProof(6, 5))).toBe('out-of-range');
  });
});

describe('proofs against the recursive definition', () => {
  const inclusion = (index: number, size: number) => {
    const proof = tree.inclusionProof(index, size);
    const expected = pathOf(index, leaves, 0, size);
    if (proof.join() !== expected.join()) throw new Error(`path of ${index} in ${size}`);
    if (!verifyInclusion(sha256, leaves[index]!, index, head(size), proof))
      throw new Error(`${index} in ${size}`);
  };
  const consistency = (from: number, to: number) => {
    const proof = tree.consistencyProof(from, to);
    const expected = subproofOf(from, leaves, 0, to, true);
    if (proof.join() !== expected.join()) throw new Error(`proof from ${from} to ${to}`);
    if (!verifyConsistency(sha256, head(from), head(to), proof)) throw new Error(`${from} to ${to}`);
  };

  const small = times(300, 70);

  it('hold for every index and size of small trees', () => {
    for (let size = 1; size <= small; size++)
      for (let index = 0; index < size; index++) inclusion(index, size);
  });

  it('hold for every two sizes of small trees', () => {
    for (let to = 1; to <= small; to++) for (let from = 1; from <= to; from++) consistency(from, to);
  });

  it('hold for random pairs above', () => {
    const pair = fc
      .tuple(fc.integer({ min: small + 1, max: LARGEST }), fc.nat())
      .map(([size, any]): [number, number] => [any % size, size]);
    fc.assert(
      fc.property(pair, ([index, size]) => inclusion(index, size)),
      runs(10_000),
    );
    fc.assert(
      fc.property(pair, ([index, size]) => consistency(index + 1, size)),
      runs(10_000),
    );
  });
});

describe('a false proof', () => {
  it('of inclusion is refused when anything in it is bent, dropped, added or moved', () => {
    for (let size = 1; size <= times(40, 20); size++)
      for (let index = 0; index < size; index++) {
        const proof = tree.inclusionProof(index, size);
        const leaf = leaves[index]!;
        const check = (bad: readonly Hash[], hash = leaf, to = head(size), at = index) =>
          verifyInclusion(sha256, hash, at, to, bad);
        const wrong = [
          check(proof, bent(leaf)),
          check(proof, leaf, { size, root: bent(head(size).root) }),
          check([...proof, leaf]),
          check([leaf, ...proof]),
          check(proof, leaf, head(size), size),
          ...proof.flatMap((hash, at) => [
            check(proof.with(at, bent(hash))),
            check(proof.toSpliced(at, 1)),
            check(proof.toSpliced(at, 0, hash)),
            check(proof.with(at, proof[at - 1] ?? leaf)),
          ]),
          ...leaves.slice(0, size).map((_, at) => at !== index && check(proof, leaf, head(size), at)),
        ];
        if (wrong.includes(true)) throw new Error(`${index} of ${size}: ${wrong.indexOf(true)}`);
      }
  });

  it('of consistency is refused when anything in it is bent, dropped, added or moved', () => {
    for (let to = 1; to <= times(40, 20); to++)
      for (let from = 1; from <= to; from++) {
        const proof = tree.consistencyProof(from, to);
        const check = (bad: readonly Hash[], older = head(from), newer = head(to)) =>
          verifyConsistency(sha256, older, newer, bad);
        const wrong = [
          check(proof, { size: from, root: bent(head(from).root) }),
          check(proof, head(from), { size: to, root: bent(head(to).root) }),
          check([...proof, leaves[0]!]),
          check([leaves[0]!, ...proof]),
          from < to && check([]),
          from < to && check(proof, head(to), head(from)),
          ...proof.flatMap((hash, at) => [
            check(proof.with(at, bent(hash))),
            check(proof.toSpliced(at, 1)),
            check(proof.toSpliced(at, 0, hash)),
            check(proof.with(at, proof[at - 1] ?? leaves[0]!)),
          ]),
        ];
        if (wrong.includes(true)) throw new Error(`${from} to ${to}: ${wrong.indexOf(true)}`);
      }
  });

  it('with a hash that has not 32 bytes is refused before hashing', () => {
    expect(verifyInclusion(never, '', 0, { size: 1, root: '' }, [])).toBe(false);
    for (const bad of ['', leaves[1]!.slice(1), leaves[1]! + '\0', '\u0100' + leaves[1]!.slice(1)]) {
      expect(verifyInclusion(never, bad, 0, head(2), [leaves[1]!])).toBe(false);
      expect(verifyInclusion(never, leaves[0]!, 0, head(2), [bad])).toBe(false);
      expect(verifyInclusion(never, leaves[0]!, 0, { size: 2, root: bad }, [leaves[1]!])).toBe(false);
      expect(verifyConsistency(never, head(1), head(2), [bad])).toBe(false);
      expect(verifyConsistency(never, { size: 1, root: bad }, head(2), [leaves[1]!])).toBe(false);
      expect(verifyConsistency(never, head(1), { size: 2, root: bad }, [leaves[1]!])).toBe(false);
      expect(verifyConsistency(never, { size: 2, root: bad }, { size: 2, root: bad }, [])).toBe(false);
    }
  });

  it('of more than 63 hashes is refused before hashing', () => {
    const long = Array.from({ length: 64 }, () => leaves[0]!);
    expect(verifyInclusion(never, leaves[0]!, 0, { size: 2 ** 53 - 1, root: leaves[0]! }, long)).toBe(false);
    expect(verifyConsistency(never, head(1), { size: 2 ** 53 - 1, root: leaves[0]! }, long)).toBe(false);
  });

  it('for numbers that are none is refused before hashing', () => {
    for (const bad of [-1, 0.5, NaN, Infinity, 2 ** 53]) {
      expect(verifyInclusion(never, leaves[0]!, bad, head(2), [leaves[1]!])).toBe(false);
      expect(verifyInclusion(never, leaves[0]!, 0, { ...head(2), size: bad }, [leaves[1]!])).toBe(false);
      expect(verifyConsistency(never, { ...head(1), size: bad }, head(2), [leaves[1]!])).toBe(false);
      expect(verifyConsistency(never, head(1), { ...head(2), size: bad }, [leaves[1]!])).toBe(false);
    }
  });

  it('from an empty tree is refused, whatever it says', () => {
    for (const proof of [[], [leaves[0]!]]) {
      expect(verifyConsistency(sha256, head(0), head(1), proof)).toBe(false);
      expect(verifyConsistency(sha256, head(0), head(0), proof)).toBe(false);
    }
  });

  it('of another size may verify, which is why size and number come from elsewhere', () => {
    const proof = tree.inclusionProof(0, 3);
    expect(verifyInclusion(sha256, leaves[0]!, 0, { size: 4, root: tree.root(3) }, proof)).toBe(true);
  });
});

describe('beyond 2^32 leaves', () => {
  /** A tree whose leaves are all alike but one: a node is known without its subtree. */
  const sparse = (special: number, text = 'special'): NodeAt => {
    const alike = [leafHash(sha256, 'alike')];
    while (alike.length < 54) alike.push(nodeHash(sha256, alike.at(-1)!, alike.at(-1)!));
    return function nodeAt(level, index): Hash {
      if (Math.floor(special / 2 ** level) !== index) return alike[level]!;
      if (level === 0) return leafHash(sha256, text);
      return nodeHash(sha256, nodeAt(level - 1, 2 * index), nodeAt(level - 1, 2 * index + 1));
    };
  };
  const big = fc.oneof(
    fc.maxSafeNat(),
    fc
      .integer({ min: 30, max: 52 })
      .chain((level) => fc.integer({ min: 2 ** level - 2, max: 2 ** level + 2 })),
  );

  it('inclusion is proved and verified, and only for its own leaf', () => {
    fc.assert(
      fc.property(big, big, (any, other) => {
        const size = Math.max(any, other, 1);
        const index = Math.min(any, other) % size;
        const nodeAt = sparse(index);
        const top = { size, root: treeRoot(sha256, nodeAt, size) };
        const proof = inclusionProof(sha256, nodeAt, index, size);
        const leaf = leafHash(sha256, 'special');
        expect(proof.length).toBeLessThanOrEqual(53);
        expect(verifyInclusion(sha256, leaf, index, top, proof)).toBe(true);
        expect(verifyInclusion(sha256, leafHash(sha256, 'alike'), index, top, proof)).toBe(false);
        // What 32-bit arithmetic would confuse.
        expect(index >= 2 ** 32 && verifyInclusion(sha256, leaf, index % 2 ** 32, top, proof)).toBe(false);
      }),
      runs(300),
    );
  });

  it('consistency is proved and verified, and only for trees that agree', () => {
    fc.assert(
      fc.property(big, big, (any, other) => {
        const to = Math.max(any, other, 2);
        const from = Math.max(1, Math.min(any, other, to - 1));
        const nodeAt = sparse(from - 1);
        const older = { size: from, root: treeRoot(sha256, nodeAt, from) };
        const newer = { size: to, root: treeRoot(sha256, nodeAt, to) };
        const proof = consistencyProof(sha256, nodeAt, from, to);
        expect(verifyConsistency(sha256, older, newer, proof)).toBe(true);
        const fork = { size: to, root: treeRoot(sha256, sparse(from - 1, 'forged'), to) };
        expect(verifyConsistency(sha256, older, fork, proof)).toBe(false);
      }),
      runs(300),
    );
  });
});
