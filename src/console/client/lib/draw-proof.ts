import { hashToBase64, type Hash } from '../../../tlog/encoding.js';
import { nodeHash, type Sha256 } from '../../../tlog/merkle.js';

export interface ProofStep {
  readonly sibling: Hash;
  readonly side: 'left' | 'right';
  readonly node: Hash;
}

/** The way from a leaf to the root, hash by hash (RFC 9162 section 2.1.3.2), for a reader to follow. */
export function proofSteps(
  sha256: Sha256,
  leaf: Hash,
  index: number,
  size: number,
  proof: readonly Hash[],
): ProofStep[] {
  let [fn, sn, node] = [index, size - 1, leaf];
  return proof.map((sibling) => {
    const isLeft = fn % 2 === 1 || fn === sn;
    if (isLeft) for (; fn % 2 === 0 && fn > 0; fn /= 2) sn = Math.floor(sn / 2);
    node = isLeft ? nodeHash(sha256, sibling, node) : nodeHash(sha256, node, sibling);
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
    return { sibling, side: isLeft ? 'left' : 'right', node };
  });
}

export function short(hash: Hash): string {
  return `${hashToBase64(hash).slice(0, 10)}…`;
}

/** An element with a class and content. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  ...content: (string | Node)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className !== '') made.className = className;
  made.append(...content);
  return made;
}
