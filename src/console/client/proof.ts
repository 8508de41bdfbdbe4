import { hashFromBase64, hashToBase64 } from '../../tlog/encoding.js';
import { leafHash, verifyInclusion } from '../../tlog/merkle.js';
import { parseCheckpoint } from '../../tlog/checkpoint.js';
import { parseNote } from '../../tlog/note.js';
import { parseProof } from '../../tlog/proof.js';
import { element, proofSteps, short } from './lib/draw-proof.js';
import { sha256 } from './lib/sha256.js';

/** Checks, in the reader's browser, that the bytes on a record's page are that record of its log, and shows each step. */

const place = document.querySelector<HTMLElement>('[data-proof]');
const bytes = document.querySelector('[data-bytes]')?.textContent;
const leaf = document.querySelector<HTMLElement>('[data-leaf]')?.dataset['leaf'];
if (place && bytes !== undefined && bytes !== null && leaf !== undefined)
  void prove(place, bytes, leaf).catch((error: unknown) =>
    place.append(element('p', 'alarm', `✕ The proof cannot be checked: ${String(error)}`)),
  );

async function prove(place: HTMLElement, bytes: string, leaf: string): Promise<void> {
  const { proof: address = '', number = '' } = place.dataset;
  const answer = await fetch(address);
  const text = await answer.text();
  if (!answer.ok) {
    const { detail } = JSON.parse(text) as { detail: string };
    place.append(element('p', 'quiet', `The server gives no proof now: ${detail}`));
    return;
  }
  const { index, proof, note } = parseProof(text);
  const { origin, size, root } = parseCheckpoint(parseNote(note).text);
  const computed = leafHash(sha256, bytes);
  const steps = proofSteps(sha256, computed, index, size, proof);
  const lines = [
    told(
      computed === hashFromBase64(leaf),
      `The bytes above hash to ${short(computed)}, the leaf hash stated.`,
    ),
    told(index === Number(number), `The proof is about record #${index}.`),
    ...steps.map(({ sibling, side, node }) =>
      told(true, `with ${short(sibling)} on the ${side}: ${short(node)}`),
    ),
    told(
      verifyInclusion(sha256, computed, Number(number), { size, root }, proof),
      `That is the root of the checkpoint of ${origin} at tree size ${size}: ${hashToBase64(root)}`,
    ),
  ];
  const good = lines.every(({ holds }) => holds);
  place.replaceChildren(
    element(
      'p',
      good ? 'proven' : 'alarm',
      good
        ? `✓ Checked here, in your browser: these bytes are record #${number} of the log.`
        : `✕ Not so: these bytes are not record #${number} of the log as the server proves it.`,
    ),
    element('ol', 'proof-steps', ...lines.map(({ line }) => line)),
    element(
      'p',
      'quiet',
      'Whether the checkpoint is the laboratory’s is checked against a key that you were given another way than from this server.',
    ),
    element('pre', '', note),
  );
}

function told(holds: boolean, words: string): { holds: boolean; line: HTMLElement } {
  return { holds, line: element('li', holds ? '' : 'alarm', `${holds ? '✓' : '✕'} ${words}`) };
}
