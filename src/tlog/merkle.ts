/** The Merkle tree of RFC 6962 section 2.1 (RFC 9162 section 2.1 with SHA-256), as far as a verifier needs it. */
import { checkedHash, isHash, putHash, type Hash } from './encoding.js';

/** SHA-256 of bytes, or of the UTF-8 bytes of a string. It must be done with its argument when it returns. */
export type Sha256 = (data: Uint8Array | string) => Hash;

/** A tree size and the root of the tree of that size. */
export type TreeHead = { readonly size: number; readonly root: Hash };

/** No honest proof is longer: sizes stay below 2^53. */
export const MAX_PROOF = 63;

const node = new Uint8Array(65).fill(0x01, 0, 1);

/** H(0x00 ‖ leaf bytes). U+0000 is the byte 0x00 in UTF-8, so a text needs no copy into bytes. */
export function leafHash(sha256: Sha256, leaf: Uint8Array | string): Hash {
  if (typeof leaf === 'string') return sha256(`\0${leaf}`);
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

/** A tree that grows: of all its nodes, the roots of the full subtrees whose sizes add up to its size. */
export class Frontier {
  readonly #stack: { size: number; hash: Hash }[] = [];
  #size = 0;

  constructor(private readonly sha256: Sha256) {}

  get size(): number {
    return this.#size;
  }

  /** @throws LedgerError `bad-hash`. */
  append(leaf: Hash): void {
    let top = { size: 1, hash: checkedHash(leaf) };
    while (this.#stack.at(-1)?.size === top.size) {
      const left = this.#stack.pop()!;
      top = { size: 2 * top.size, hash: nodeHash(this.sha256, left.hash, top.hash) };
    }
    this.#stack.push(top);
    this.#size++;
  }

  root(): Hash {
    if (this.#size === 0) return emptyRoot(this.sha256);
    const hashes = this.#stack.map(({ hash }) => hash);
    return hashes.reduceRight((right, left) => nodeHash(this.sha256, left, right));
  }
}

/** H(""), the root of the tree without leaves. */
export function emptyRoot(sha256: Sha256): Hash {
  return sha256('');
}

/**
 * Whether the leaf is number `index` of the tree with this head (RFC 9162 section 2.1.3.2). A proof for one index and
 * size also verifies for some others, so the head comes from a checkpoint whose signature was checked and the index from
 * the record itself; the proof is all that its sender may choose.
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
  const onLeft = siblingSides(index, head.size - 1, proof.length);
  return onLeft !== undefined && rootAbove(sha256, leaf, proof, onLeft) === head.root;
}

/**
 * Whether the tree `to` starts with all leaves of the tree `from` (RFC 9162 section 2.1.4.2). Nothing is consistent with
 * an empty tree.
 */
export function verifyConsistency(
  sha256: Sha256,
  from: TreeHead,
  to: TreeHead,
  proof: readonly Hash[],
): boolean {
  if (!isCount(from.size) || !isCount(to.size) || from.size === 0 || from.size > to.size) return false;
  if (proof.length > MAX_PROOF || ![from.root, to.root, ...proof].every(isHash)) return false;
  if (from.size === to.size) return proof.length === 0 && from.root === to.root;
  // The largest full subtree at the end of the old tree: where it is the whole old tree, its root is known.
  let [index, last] = [from.size - 1, to.size - 1];
  for (; index % 2 === 1; index = half(index)) last = half(last);
  const [start, ...path] = index === 0 ? [from.root, ...proof] : proof;
  const onLeft = siblingSides(index, last, path.length);
  if (start === undefined || onLeft === undefined) return false;
  // What stands on the left was in the old tree already; what stands on the right came later.
  const older = path.filter((_, i) => onLeft[i]);
  const wasRoot = rootAbove(sha256, start, older, onLeft.filter(Boolean)) === from.root;
  return wasRoot && rootAbove(sha256, start, path, onLeft) === to.root;
}

/**
 * For a path of this length, from node `index` of a level up to the root: which siblings stand on the left. `last` is the
 * number of the level's last node. Undefined where no path from there is that long.
 */
export function siblingSides(index: number, last: number, length: number): boolean[] | undefined {
  const onLeft: boolean[] = [];
  while (onLeft.length < length && last > 0) {
    const isLeft = index % 2 === 1 || index === last;
    onLeft.push(isLeft);
    // A last node without a right sibling is not hashed until it gets a left one.
    if (isLeft) for (; index % 2 === 0 && index > 0; index = half(index)) last = half(last);
    index = half(index);
    last = half(last);
  }
  return onLeft.length === length && last === 0 ? onLeft : undefined;
}

function rootAbove(sha256: Sha256, start: Hash, path: readonly Hash[], onLeft: readonly boolean[]): Hash {
  let hash = start;
  for (const [i, sibling] of path.entries())
    hash = onLeft[i] ? nodeHash(sha256, sibling, hash) : nodeHash(sha256, hash, sibling);
  return hash;
}

/** Bit operators would stop at 32 bits. */
function half(value: number): number {
  return Math.floor(value / 2);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
