/** A whole log in memory, and the proofs that can be made from it (RFC 6962 section 2.1). */
import { checkedHash, type Hash } from './encoding.js';
import { LedgerError } from './error.js';
import { HashColumn } from './hash-column.js';
import { emptyRoot, nodeHash, type Sha256 } from './merkle.js';

/**
 * Root of the full subtree over leaves [index·2^level, (index+1)·2^level). It is asked only for subtrees that lie
 * wholly inside the tree, so what it answers never changes.
 */
export type NodeAt = (level: number, index: number) => Hash;

/** Powers of two up to 2^53, as exact numbers: bit operators would stop at 32 bits. */
const POWER = [1];
while (POWER.length <= 53) POWER.push(2 * POWER.at(-1)!);

/** A log in memory, with every interior node that can no longer change: any root or proof at any size ≤ `size`. */
export class MerkleTree {
  readonly #levels: HashColumn[] = [new HashColumn()];
  /** By level, the newest full subtree that still waits for its right sibling. */
  readonly #waiting: Hash[] = [];

  constructor(private readonly sha256: Sha256) {}

  get size(): number {
    return this.#levels[0]!.length;
  }

  /** @throws LedgerError `bad-hash`, and the tree is as before. */
  append(leaf: Hash): void {
    let index = this.size;
    let hash = checkedHash(leaf);
    let level = 0;
    this.#levels[0]!.push(hash);
    for (; index % 2 === 1; index = (index - 1) / 2) {
      hash = nodeHash(this.sha256, this.#waiting[level]!, hash);
      (this.#levels[++level] ??= new HashColumn()).push(hash);
    }
    this.#waiting[level] = hash;
  }

  /** The leaf hash of a record. @throws LedgerError `out-of-range`. */
  leaf(index: number): Hash {
    requireRange(0, index, this.size - 1);
    return this.#nodeAt(0, index);
  }

  /** @throws LedgerError `out-of-range`. */
  root(size: number = this.size): Hash {
    requireRange(0, size, this.size);
    return treeRoot(this.sha256, this.#nodeAt, size);
  }

  /** @throws LedgerError `out-of-range` unless index < size ≤ `this.size`. */
  inclusionProof(index: number, size: number): Hash[] {
    requireRange(1, size, this.size);
    return inclusionProof(this.sha256, this.#nodeAt, index, size);
  }

  /** @throws LedgerError `out-of-range` unless 0 < from ≤ to ≤ `this.size`. */
  consistencyProof(from: number, to: number): Hash[] {
    requireRange(1, to, this.size);
    return consistencyProof(this.sha256, this.#nodeAt, from, to);
  }

  readonly #nodeAt: NodeAt = (level, index) => this.#levels[level]!.at(index);
}

/** Root of the first `size` leaves; at most one node hash for each level. */
export function treeRoot(sha256: Sha256, nodeAt: NodeAt, size: number): Hash {
  return size === 0 ? emptyRoot(sha256) : subRoot(sha256, nodeAt, 0, size);
}

/**
 * Audit path of RFC 6962 section 2.1.1, the leaf's sibling first.
 * @throws LedgerError `out-of-range` unless index < size.
 */
export function inclusionProof(sha256: Sha256, nodeAt: NodeAt, index: number, size: number): Hash[] {
  requireRange(0, index, size - 1);
  return wayDown(sha256, nodeAt, index + 1, size, (_, rest) => rest === 1).beside.reverse();
}

/**
 * Consistency proof of RFC 6962 section 2.1.2; empty for from = to.
 * @throws LedgerError `out-of-range` unless 0 < from ≤ to.
 */
export function consistencyProof(sha256: Sha256, nodeAt: NodeAt, from: number, to: number): Hash[] {
  requireRange(1, from, to);
  const { beside, start } = wayDown(sha256, nodeAt, from, to, (at, rest) => from - at === rest);
  // The verifier knows the old root; an old tree that ends inside the new one must be given.
  if (start > 0) beside.push(subRoot(sha256, nodeAt, start, from - start));
  return beside.reverse();
}

/** From the root down to a subtree that ends with the first `end` leaves: the roots of what is passed, and where it starts. */
function wayDown(
  sha256: Sha256,
  nodeAt: NodeAt,
  end: number,
  size: number,
  isThere: (start: number, size: number) => boolean,
): { beside: Hash[]; start: number } {
  const beside: Hash[] = [];
  let start = 0;
  while (!isThere(start, size)) {
    const level = height(size) - 1;
    const left = POWER[level]!;
    if (end - start <= left) {
      beside.push(subRoot(sha256, nodeAt, start + left, size - left));
      size = left;
    } else {
      beside.push(nodeAt(level, start / left));
      start += left;
      size -= left;
    }
  }
  return { beside, start };
}

/** Root of leaves [start, start+size), where start is a multiple of the smallest power of two ≥ size. */
function subRoot(sha256: Sha256, nodeAt: NodeAt, start: number, size: number): Hash {
  const level = height(size);
  if (POWER[level] === size) return nodeAt(level, start / size);
  const left = POWER[level - 1]!;
  const right = subRoot(sha256, nodeAt, start + left, size - left);
  return nodeHash(sha256, nodeAt(level - 1, start / left), right);
}

/** The smallest level whose full subtree holds `size` leaves. */
function height(size: number): number {
  let level = 0;
  while (POWER[level]! < size) level++;
  return level;
}

function requireRange(least: number, value: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= Math.max(0, least) && value <= most) return;
  throw new LedgerError('out-of-range', `${value} is not between ${least} and ${most}`);
}
