/** Forms at the bench: sent in place, with what is wrong at each field, and told as one types what would be irregular. */
import { find, findAll } from './lib/elements.js';
import { Refused, type Problem } from './lib/ask-server.js';
import { watchDoseWays } from './lib/dose-ways.js';
import { giveNewIds, sendEntry, tryEntry } from './lib/entries.js';
import { focusFirst } from './lib/first-field.js';
import { clearErrors, showErrors } from './lib/form-errors.js';
import { pairsOf } from './lib/form-pairs.js';
import { watchSheet, watchWeight } from './lib/judging.js';
import type { EntryReceipt } from './lib/outbox.js';
import { dropRecorded, watchStimulation } from './lib/stimulation.js';
import { watchRows } from './lib/rows.js';
import { watchVariants } from './lib/variants.js';
import { watchRound } from './lib/weighing-round.js';

const PAUSE_MS = 400;

watchRound();
dropRecorded();

for (const form of findAll<HTMLFormElement>('form[data-enter]')) {
  watchVariants(form);
  watchDoseWays(form);
  watchWeight(form);
  watchSheet(form);
  watchStimulation(form);
  watchRows(form);
  watchTyping(form);
  form.addEventListener('submit', (event) => {
    const button = event.submitter as HTMLButtonElement | null;
    // A list is made longer by the server.
    if (button?.name === 'longer') return;
    event.preventDefault();
    void send(form, button);
  });
  focusFirst(form);
}

function entryOf(form: HTMLFormElement) {
  const { enter: label = '', unkept } = form.dataset;
  return { address: form.action, pairs: pairsOf(form), label, mayWait: unkept === undefined };
}

/** What is being sent of a form; `kept` becomes true where it waits on this device and the form goes on. */
const underWay = new WeakMap<HTMLFormElement, { readonly said: string; readonly kept: Promise<boolean> }>();

/** A second tap on the same entry does nothing. What was typed meanwhile is the next entry, and follows it. */
async function send(form: HTMLFormElement, button: HTMLButtonElement | null): Promise<void> {
  const said = pairsOf(form).toString();
  const before = underWay.get(form);
  if (before) {
    if (before.said !== said && (await before.kept)) await send(form, button);
    return;
  }
  const kept = sendNow(form, button, said);
  underWay.set(form, { said, kept: kept.catch(() => false) });
  try {
    await kept;
  } finally {
    underWay.delete(form);
  }
}

async function sendNow(
  form: HTMLFormElement,
  button: HTMLButtonElement | null,
  said: string,
): Promise<boolean> {
  clearErrors(form);
  try {
    const entry = entryOf(form);
    if (button && button.name !== '') entry.pairs.set(button.name, button.value);
    const sent = await sendEntry(entry);
    const detail = sent.kind === 'recorded' ? sent.receipt.next : undefined;
    const isUnchanged = pairsOf(form).toString() === said;
    form.dispatchEvent(new CustomEvent('recorded', { detail }));
    if (sent.kind === 'kept') beginAnew(form, isUnchanged, KEPT);
    else if (isUnchanged) location.assign(sent.receipt.next);
    else beginAnew(form, isUnchanged, recordedBefore(sent.receipt));
    return sent.kind === 'kept';
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    await refuse(form, error.problem);
    return false;
  }
}

const KEPT = 'Kept on this device, not yet recorded: it is sent when the server answers again.';

function recordedBefore({ records }: EntryReceipt): string {
  const number = records[0]!.number;
  return `Recorded as #${number}, as it stood when it was sent. What you have changed since is not recorded: correct #${number}, or record it as another entry.`;
}

/** The form is for the next entry, which may be typed already. */
function beginAnew(form: HTMLFormElement, isUnchanged: boolean, told: string): void {
  if (isUnchanged) form.reset();
  giveNewIds(form);
  say(form, told);
}

/** What a reason is due for is said once, at its field, in words. */
async function refuse(form: HTMLFormElement, problem: Problem): Promise<void> {
  // The form was opened before the study was closed: the server shows it again, as that of a closed study.
  if (problem.code === 'study-closed' && !find('[data-field="afterClose"]', form)) return form.submit();
  if (problem.code !== 'reason-required') return showErrors(form, problem);
  const told = await tryEntry(entryOf(form)).then(
    (tried) => tried.told,
    () => [],
  );
  say(form, '');
  const detail = told.length === 0 ? problem.detail : [...told, 'Say why.'].join(' ');
  showErrors(form, { ...problem, detail, errors: [{ field: 'reason', detail }] });
}

function say(form: HTMLFormElement, text: string): void {
  const told = toldIn(form);
  if (told) told.textContent = text;
}

function toldIn(form: HTMLFormElement): HTMLElement | null {
  return find('[data-told]', form);
}

/** While one types, only what is irregular about a complete entry is said: a form that is half filled is not wrong yet. */
function watchTyping(form: HTMLFormElement): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;
  const ask = async (): Promise<void> => {
    const mine = ++asked;
    try {
      const { told, needsReason } = await tryEntry(entryOf(form));
      if (mine === asked) say(form, [...told, ...(needsReason ? ['Say why.'] : [])].join(' '));
    } catch (error) {
      if (mine !== asked || !(error instanceof Refused)) return;
      say(form, error.problem.status === 409 ? error.problem.detail : '');
    }
  };
  form.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), PAUSE_MS);
  });
}
