/** The page of a record: the proof that its bytes are in the log, computed in this browser from bytes, path and key. */
import { hashToBase64, type Hash } from '../../tlog/encoding.js';
import { leafHash, verifyInclusion } from '../../tlog/merkle.js';
import { parseProof } from '../../tlog/proof.js';
import { isPrefix } from './lib/consistent.js';
import { code, count, element, records, step, type Outcome, find } from './lib/elements.js';
import { fetchText } from './lib/fetched.js';
import { frameState, type FrameState } from './lib/frame-state.js';
import { drawPath } from './lib/path.js';
import { sha256 } from './lib/sha256.js';
import { readSignedState } from './lib/signatures.js';
import { aboutSignature, outcomeOf, summary } from './lib/told.js';

const place = find('[data-proof]');
const bytes = find('[data-bytes]')?.textContent ?? '';
const claimed = find('[data-leaf]')?.dataset['leaf'] ?? '';

if (place) {
  const { proof = '', number = '' } = place.dataset;
  const steps = element('ol', { class: 'proof-steps' });
  const result = element('p', { class: 'checked', role: 'status' }, 'Checking in this browser …');
  place.replaceChildren(result, steps);
  try {
    await check(frameState(), Number(number), proof, steps);
    result.replaceWith(conclusion(steps, Number(number)));
  } catch (error) {
    steps.append(step('fails', (error as Error).message));
    result.replaceWith(summary('open', `The proof of record ${number} could not be checked`, '.'));
  }
}

/** Each comparison as a step: what was computed here, and what it was held against. */
async function check(frame: FrameState, number: number, address: string, steps: HTMLElement): Promise<void> {
  const say = (holds: boolean | Outcome, ...told: (Node | string)[]): void => {
    steps.append(step(typeof holds === 'string' ? holds : holds ? 'holds' : 'fails', ...told));
  };
  const leaf = leafHash(sha256, bytes);
  const computed = hashToBase64(leaf);
  say(
    computed === claimed,
    'SHA-256 of 0x00 and the bytes above is ',
    code(computed),
    computed === claimed ? ', the leaf hash that this page names.' : `, but this page names ${claimed}.`,
  );
  const own = ownPlace(bytes);
  const isOwn = own?.source === `/studies/${frame.code}` && own.number === number;
  say(
    isOwn,
    isOwn
      ? `The bytes call themselves record ${number} of ${frame.code}.`
      : `The bytes do not call themselves record ${number} of ${frame.code}.`,
  );

  const { index, proof, note } = parseProof(await fetchText(address));
  const signed = await readSignedState(note, frame.keys);
  const { checkpoint } = signed;
  const { size, root } = checkpoint;
  const reaches = index === number && verifyInclusion(sha256, leaf, number, checkpoint, proof);
  say(
    reaches,
    reaches
      ? `From the leaf hash, ${count(proof.length)} given hashes lead to the root of the log at ${records(size)}, `
      : `From the leaf hash, the given hashes do not lead to the root of the log at ${records(size)}, `,
    code(hashToBase64(root)),
    index === number ? '.' : `. The proof is for record ${index}.`,
    drawPath(leaf, { index: number, size, proof }, reaches ? 'holds' : 'fails'),
    hashesInFull(proof),
  );
  const isThisLog = checkpoint.origin.endsWith(`/study/${frame.code}`);
  if (!isThisLog) say(false, `The signed state is of another log, ${checkpoint.origin}.`);
  say(...aboutSignature(signed));
  const { shown } = frame;
  const [from, to] = shown.size <= size ? [shown, checkpoint] : [checkpoint, shown];
  const joins = await isPrefix(frame.log, from, to);
  say(
    joins,
    joins
      ? `What this page shows, ${records(shown.size)}, and the signed state, ${records(size)}, are one log: the shorter is how the longer begins.`
      : `What this page shows, ${records(shown.size)}, and the signed state, ${records(size)}, are not of one log.`,
  );
}

/** As a record names its own place in its bytes. */
function ownPlace(text: string): { readonly source: unknown; readonly number: number } | undefined {
  try {
    const { source, sequence } = JSON.parse(text) as { source?: unknown; sequence?: unknown };
    return { source, number: Number(sequence) };
  } catch {
    return undefined;
  }
}

function hashesInFull(proof: readonly Hash[]): HTMLElement {
  return element(
    'details',
    {},
    element('summary', {}, 'The given hashes in full, the leaf’s sibling first'),
    element('ol', { class: 'hashes' }, ...proof.map((hash) => element('li', {}, code(hashToBase64(hash))))),
  );
}

function conclusion(steps: HTMLElement, number: number): HTMLElement {
  const outcome = outcomeOf(steps);
  if (outcome === 'fails')
    return summary(
      'fails',
      `Record ${number} does not verify`,
      ': the step below that is marked ✕ says why. What this page shows is not what was signed.',
    );
  return summary(
    outcome,
    `These bytes are record ${number} of this log`,
    `${outcome === 'open' ? ', as far as this browser could check' : ''}. Computed here, in your browser, from the bytes above. What it rests on: the key, which came from this server as well and is to be compared with the one that the laboratory gave you. The sentences of this page are the server’s reading of the bytes.`,
  );
}
