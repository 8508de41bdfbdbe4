/** The Merkle tree of RFC 6962 section 2.1 (RFC 9162 section 2.1 with SHA-256): growing, proving, verifying. */
import { checkedHash, isHash, putHash, type Hash } from './encoding.js';
import { LedgerError } from './error.js';
import { HashColumn } from './hash-column.js';

export type { Hash };

/** SHA-256 of bytes, or of the UTF-8 bytes of a string. It must be done with its argument when it returns. */
export type Sha256 = (data: Uint8Array | string) => Hash;

/** A tree size and the root of the tree of that size. */
export type TreeHead = { readonly size: number; readonly root: Hash };

/**
 * Root of the full subtree over leaves [index·2^level, (index+1)·2^level). It is asked only for subtrees that lie
 * wholly inside the tree, so what it answers never changes.
 */
export type NodeAt = (level: number, index: number) => Hash;

/** No honest proof is longer: sizes stay below 2^53. */
export const MAX_PROOF = 63;

/** Powers of two up to 2^53, as exact numbers: bit operators would stop at 32 bits. */
const POWER = [1];
while (POWER.length <= 53) POWER.push(2 * POWER.at(-1)!);

const LEAF_PREFIX = '\0';
const node = new Uint8Array(65).fill(0x01, 0, 1);

/** H(0x00 ‖ leaf bytes). U+0000 is the byte 0x00 in UTF-8, so a text needs no copy into bytes. */
export function leafHash(sha256: Sha256, leaf: Uint8Array | string): Hash {
  if (typeof leaf === 'string') return sha256(LEAF_PREFIX + leaf);
  const bytes = new Uint8Array(1 + leaf.length);
  bytes.set(leaf, 1);
  return sha256(bytes);
}

/** H(0x01 ‖ left ‖ right), unchecked: both are hashes already. */
export function nodeHash(sha256: Sha256, left: Hash, right: Hash): Hash {
  putHash(node, 1, left);
  putHash(node, 33, right);
  return sha256(node);
}

/** A log in memory, with every interior node that can no longer change: any root or proof at any size ≤ `size`. */
export class MerkleTree {
  readonly #sha256: Sha256;
  readonly #levels: HashColumn[] = [new HashColumn()];
  /** By level, the newest full subtree that still waits for its right sibling. */
  readonly #waiting: Hash[] = [];

  constructor(sha256: Sha256) {
    this.#sha256 = sha256;
  }

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
      hash = nodeHash(this.#sha256, this.#waiting[level]!, hash);
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
    return treeRoot(this.#sha256, this.#nodeAt, size);
  }

  /** @throws LedgerError `out-of-range` unless index < size ≤ `this.size`. */
  inclusionProof(index: number, size: number): Hash[] {
    requireRange(1, size, this.size);
    return inclusionProof(this.#sha256, this.#nodeAt, index, size);
  }

  /** @throws LedgerError `out-of-range` unless 0 < from ≤ to ≤ `this.size`. */
  consistencyProof(from: number, to: number): Hash[] {
    requireRange(1, to, this.size);
    return consistencyProof(this.#sha256, this.#nodeAt, from, to);
  }

  readonly #nodeAt: NodeAt = (level, index) => this.#levels[level]!.at(index);
}

/** The same root from nothing but a stack of O(log n) hashes: all that a verifier needs to keep. */
export class Frontier {
  readonly #sha256: Sha256;
  readonly #stack: { size: number; hash: Hash }[] = [];
  #size = 0;

  constructor(sha256: Sha256) {
    this.#sha256 = sha256;
  }

  get size(): number {
    return this.#size;
  }

  /** @throws LedgerError `bad-hash`. */
  append(leaf: Hash): void {
    let top = { size: 1, hash: checkedHash(leaf) };
    while (this.#stack.at(-1)?.size === top.size) {
      const left = this.#stack.pop()!;
      top = { size: 2 * top.size, hash: nodeHash(this.#sha256, left.hash, top.hash) };
    }
    this.#stack.push(top);
    this.#size++;
  }

  root(): Hash {
    if (this.#size === 0) return emptyRoot(this.#sha256);
    return this.#stack
      .map(({ hash }) => hash)
      .reduceRight((right, left) => nodeHash(this.#sha256, left, right));
  }
}

/** H(""), the root of the tree without leaves. */
export function emptyRoot(sha256: Sha256): Hash {
  return sha256('');
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
  const path: Hash[] = [];
  let start = 0;
  while (size > 1) {
    const level = height(size) - 1;
    const left = POWER[level]!;
    if (index - start < left) {
      path.push(subRoot(sha256, nodeAt, start + left, size - left));
      size = left;
    } else {
      path.push(nodeAt(level, start / left));
      start += left;
      size -= left;
    }
  }
  return path.reverse();
}

/**
 * Consistency proof of RFC 6962 section 2.1.2; empty for from = to.
 * @throws LedgerError `out-of-range` unless 0 < from ≤ to.
 */
export function consistencyProof(sha256: Sha256, nodeAt: NodeAt, from: number, to: number): Hash[] {
  requireRange(1, from, to);
  const path: Hash[] = [];
  let start = 0;
  let size = to;
  while (from - start !== size) {
    const level = height(size) - 1;
    const left = POWER[level]!;
    if (from - start <= left) {
      path.push(subRoot(sha256, nodeAt, start + left, size - left));
      size = left;
    } else {
      path.push(nodeAt(level, start / left));
      start += left;
      size -= left;
    }
  }
  // The verifier knows the old root; an old tree that ends inside the new one must be given.
  if (start > 0) path.push(subRoot(sha256, nodeAt, start, size));
  return path.reverse();
}

/**
 * Whether the leaf is number `index` of the tree with this head. A proof for one index and size also verifies for
 * some others, so the head comes from a checkpoint whose signature was checked and the index from the record
 * itself; the proof is all that its sender may choose.
 */
export function verifyInclusion(
  sha256: Sha256,
  leaf: Hash,
  index: number,
  head: TreeHead,
  proof: readonly Hash[],
): boolean {
  if (!isCount(index) || !isCount(head.size) || index >= head.size) return false;
  if (proof.length > MAX_PROOF || ![leaf, head.root, ...proof].every(isHash)) return false;
  let at = index;
  let last = head.size - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(sha256, sibling, hash);
      for (; at % 2 === 0 && at > 0; at = half(at)) last = half(last);
    } else {
      hash = nodeHash(sha256, hash, sibling);
    }
    at = half(at);
    last = half(last);
  }
  return last === 0 && hash === head.root;
}

/** Whether the tree `to` starts with all leaves of the tree `from`. Nothing is consistent with an empty tree. */
export function verifyConsistency(
  sha256: Sha256,
  from: TreeHead,
  to: TreeHead,
  proof: readonly Hash[],
): boolean {
  if (!isCount(from.size) || !isCount(to.size) || from.size === 0 || from.size > to.size) return false;
  if (proof.length > MAX_PROOF || ![from.root, to.root, ...proof].every(isHash)) return false;
  if (from.size === to.size) return proof.length === 0 && from.root === to.root;
  if (proof.length === 0) return false;
  let at = from.size - 1;
  let last = to.size - 1;
  for (; at % 2 === 1; at = half(at)) last = half(last);
  const [first, ...rest] = POWER.includes(from.size) ? [from.root, ...proof] : proof;
  let older = first!;
  let newer = first!;
  for (const sibling of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      older = nodeHash(sha256, sibling, older);
      newer = nodeHash(sha256, sibling, newer);
      for (; at % 2 === 0 && at > 0; at = half(at)) last = half(last);
    } else {
      newer = nodeHash(sha256, newer, sibling);
    }
    at = half(at);
    last = half(last);
  }
  return last === 0 && older === from.root && newer === to.root;
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

function half(value: number): number {
  return Math.floor(value / 2);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function requireRange(least: number, value: number, most: number): void {
  if (isCount(value) && value >= least && value <= most) return;
  throw new LedgerError('out-of-range', `${value} is not between ${least} and ${most}`);
}
