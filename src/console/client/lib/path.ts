import { hashToBase64, type Hash } from '../../../tlog/encoding.js';
import { nodeHash, siblingSides } from '../../../tlog/merkle.js';
import { code, element, tick, type Outcome } from './elements.js';
import { sha256 } from './sha256.js';

/** Hashes in a drawing are cut to this many characters; the list below it has them whole. */
const SHORT = 8;

/** The way from a leaf to the root, a row a level: the sibling stands on the side on which it is hashed. */
export function drawPath(
  leaf: Hash,
  { index, size, proof }: { readonly index: number; readonly size: number; readonly proof: readonly Hash[] },
  outcome: Outcome,
): HTMLElement {
  const sides = siblingSides(index, size - 1, proof.length) ?? [];
  const rows = [row(outcome, `record ${index}`, '', leaf, '')];
  let hash = leaf;
  for (const [level, onLeft] of sides.entries()) {
    const sibling = proof[level]!;
    hash = onLeft ? nodeHash(sha256, sibling, hash) : nodeHash(sha256, hash, sibling);
    const name = level + 1 === sides.length ? 'root' : `level ${level + 1}`;
    rows.push(row(outcome, name, onLeft ? sibling : '', hash, onLeft ? '' : sibling));
  }
  return element('ol', { class: 'path', 'aria-label': 'From the record to the root' }, ...rows);
}

function row(outcome: Outcome, name: string, left: Hash, hash: Hash, right: Hash): HTMLElement {
  const sibling = (side: string, value: Hash): HTMLElement =>
    value === ''
      ? element('span', { class: side })
      : element(
          'span',
          { class: `${side} given` },
          element('span', { class: 'unseen' }, `${side} `),
          short(value),
        );
  return element(
    'li',
    {},
    tick(outcome),
    element('span', { class: 'name' }, name),
    sibling('left', left),
    element('span', { class: 'node' }, short(hash)),
    sibling('right', right),
  );
}

function short(hash: Hash): HTMLElement {
  const text = hashToBase64(hash);
  const shown = code(`${text.slice(0, SHORT)}…`);
  shown.setAttribute('title', text);
  return shown;
}
