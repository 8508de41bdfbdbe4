/** The page of evidence: the signed state, the anchors, and a pasted state, compared in this browser. */
import { hashFromBase64 } from '../../tlog/encoding.js';
import type { TreeHead } from '../../tlog/merkle.js';
import { readStateText } from '../../tlog/state-text.js';
import { isPrefix } from './lib/consistent.js';
import { code, count, element, records, step, tick, type Outcome, find, findAll } from './lib/elements.js';
import { fetchText } from './lib/fetched.js';
import { frameState, type FrameState } from './lib/frame-state.js';
import { readSignedState, type SignedState } from './lib/signatures.js';
import { aboutSignature, outcomeOf, summary } from './lib/told.js';

const place = find('[data-verify]');
const paste = find<HTMLTextAreaElement>('textarea[name=note]');
const compared = find('[data-compared]');

let signed: Promise<SignedState> | undefined;

/** The state that this server signs now, fetched once. */
function signedNow({ log, keys }: FrameState): Promise<SignedState> {
  return (signed ??= fetchText(`${log}/checkpoint`).then((note) => readSignedState(note, keys)));
}

if (place) await inPlace(place, 'This log could not be checked', checkLog);
const form = paste?.form;
if (paste && form && compared) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void inPlace(compared, 'The pasted state could not be compared', (steps) =>
      comparePasted(paste.value, steps),
    );
  });
  // What this server said is replaced by what this browser finds.
  if (paste.value.trim() !== '') form.requestSubmit();
}

/** Shows the steps of a check as they are made, and above them the conclusion. */
async function inPlace(
  place: HTMLElement,
  failed: string,
  check: (steps: HTMLElement) => Promise<HTMLElement>,
): Promise<void> {
  const steps = element('ol', { class: 'proof-steps' });
  const result = element('p', { class: 'checked', role: 'status' }, 'Checking in this browser …');
  place.replaceChildren(result, steps);
  try {
    result.replaceWith(await check(steps));
  } catch (error) {
    steps.append(step('open', (error as Error).message));
    result.replaceWith(summary('open', failed, '.'));
  }
}

async function checkLog(steps: HTMLElement): Promise<HTMLElement> {
  const frame = frameState();
  const { log, shown } = frame;
  const now = await signedNow(frame);
  const { checkpoint } = now;
  steps.append(
    step(
      'holds',
      `The server hands out a state of ${records(checkpoint.size)}, root `,
      rootOf(checkpoint),
      '.',
    ),
    step(...aboutSignature(now)),
  );
  if (!isOfStudy(checkpoint.origin, frame))
    steps.append(step('fails', `It is a state of another log, ${checkpoint.origin}.`));
  const isPart = shown.size <= checkpoint.size && (await isPrefix(log, shown, checkpoint));
  steps.append(
    step(
      isPart ? 'holds' : 'fails',
      isPart
        ? `What this page shows, ${records(shown.size)}, is how that state begins.`
        : `What this page shows, ${records(shown.size)}, is not how that state begins.`,
    ),
  );
  const broken = await checkAnchors(frame, checkpoint);
  const anchors = findAll('[data-anchors] [data-size]').length;
  if (anchors > 0)
    steps.append(
      broken.length === 0
        ? step(
            'holds',
            anchors === 1
              ? 'The anchor below is part of it.'
              : `Each of the ${count(anchors)} anchors below is part of the next, and the newest part of the signed state.`,
          )
        : step('fails', ...broken.map((told) => element('div', {}, told))),
    );
  const outcome = outcomeOf(steps);
  if (outcome === 'fails')
    return summary(
      'fails',
      'This log does not verify',
      ': the step that is marked ✕ says why. Keep what you were given, and ask the laboratory.',
    );
  return summary(
    outcome,
    outcome === 'open' ? 'One log, as far as this browser could check' : 'One log, signed',
    `. Computed here, in your browser, from what the server handed out. It rests on the key, which is to be compared with the one that the laboratory gave you.`,
  );
}

/** Goes from the oldest anchor of this page to the newest and then to the signed state. What does not hold, in words. */
async function checkAnchors({ log }: FrameState, now: TreeHead): Promise<string[]> {
  const list = find('[data-anchors]');
  const cells = [...(list?.querySelectorAll<HTMLElement>('[data-size]') ?? [])].reverse();
  const broken: string[] = [];
  let before = headIn(list?.dataset['olderSize'], list?.dataset['olderRoot']);
  for (const [index, cell] of cells.entries()) {
    const head = headIn(cell.dataset['size'], cell.dataset['root'])!;
    const next = cells[index + 1];
    const joins = before === undefined || (await isPrefix(log, before, head));
    const reaches = next !== undefined || (head.size <= now.size && (await isPrefix(log, head, now)));
    if (!joins)
      broken.push(
        `The anchor of ${records(head.size)} does not begin with the one of ${count(before!.size)}.`,
      );
    if (!reaches)
      broken.push(
        `The anchor of ${records(head.size)} is not part of the signed state of ${count(now.size)}.`,
      );
    cell.replaceChildren(
      tick(joins && reaches ? 'holds' : 'fails'),
      before === undefined
        ? ' the first'
        : ` ${joins ? 'begins' : 'does not begin'} with the ${count(before.size)}`,
    );
    before = head;
  }
  return broken;
}

function headIn(size: string | undefined, root: string | undefined): TreeHead | undefined {
  return size === undefined || root === undefined
    ? undefined
    : { size: Number(size), root: hashFromBase64(root) };
}

async function comparePasted(text: string, steps: HTMLElement): Promise<HTMLElement> {
  const frame = frameState();
  const pasted = readStateText(text);
  if (typeof pasted === 'string') {
    steps.append(step('open', pasted));
    return summary('open', 'Nothing was compared', '.');
  }
  const { size, root, note, origin } = pasted;
  if (origin !== undefined && !isOfStudy(origin, frame)) {
    steps.append(
      step('open', `It is a state of another log, ${origin}, and this is the page of ${frame.code}.`),
    );
    return summary('open', 'Nothing was compared', '.');
  }
  steps.append(
    step('holds', `The paper states ${records(size)} with the root `, rootOf({ size, root }), '.'),
  );
  if (note === undefined)
    steps.append(step('open', 'No signature was pasted: whoever wrote the paper is not known.'));
  else steps.append(step(...aboutSignature(await readSignedState(note, frame.keys))));
  const now = await signedNow(frame);
  const { checkpoint } = now;
  steps.append(
    step('holds', `This server hands out a state of ${records(checkpoint.size)}.`),
    step(...aboutSignature(now)),
  );
  const isPart = size <= checkpoint.size && (await isPrefix(frame.log, pasted, checkpoint));
  steps.append(step(isPart ? 'holds' : 'fails', ...verdictOn(isPart, size, checkpoint)));
  const outcome: Outcome = outcomeOf(steps);
  if (!isPart)
    return summary(
      'fails',
      'No: the paper is not part of this log',
      '. Keep it, and ask the laboratory and whoever gave it to you.',
    );
  if (outcome === 'fails')
    return summary(
      'fails',
      'Its records are here, but a signature does not hold',
      ': see the step that is marked ✕.',
    );
  return summary(
    outcome,
    `Yes: the paper states the first ${records(size)} of this log`,
    '. Computed here, in your browser.',
  );
}

function verdictOn(isPart: boolean, size: number, now: TreeHead): (Node | string)[] {
  if (isPart) return [`After its first ${records(size)}, that state has the root of the paper.`];
  if (size > now.size)
    return [
      `The paper is of ${records(size)}, and this server signs only ${count(now.size)}: records are missing here, or the paper is of another log.`,
    ];
  return [
    `After its first ${records(size)}, that state has another root than the paper. Compare the root with the paper once more, letter by letter; if it is the same, one of the two was changed.`,
  ];
}

function isOfStudy(origin: string, { code: study }: FrameState): boolean {
  return origin.endsWith(`/ledger/study/${study}`);
}

function rootOf({ root }: TreeHead): HTMLElement {
  return code(btoa(root));
}
