/** The page of an import: a sheet is dropped anywhere on it, and rows follow what is chosen for the columns. */
import { find, findAll } from './lib/elements.js';
import { pairsOf } from './lib/form-pairs.js';

const form = find<HTMLFormElement>('form[data-drop]');
const input = form?.querySelector<HTMLInputElement>('input[name=file]');

for (const name of ['dragover', 'dragenter'])
  document.addEventListener(name, (event) => {
    if (!form) return;
    event.preventDefault();
    form.classList.add('over');
  });
document.addEventListener('dragleave', (event) => {
  if (event.relatedTarget === null) form?.classList.remove('over');
});
document.addEventListener('drop', (event) => {
  event.preventDefault();
  form?.classList.remove('over');
  const files = event.dataTransfer?.files;
  if (!form || !input || !files || files.length === 0) return;
  input.files = files;
  form.requestSubmit();
});
input?.addEventListener('change', () => {
  const mapping = form?.querySelector<HTMLDetailsElement>('details');
  if (!mapping?.open && input.files?.length === 1) form?.requestSubmit();
});

let isAsking = false;

function matchOf(match: HTMLFormElement): URLSearchParams {
  const pairs = pairsOf(match);
  pairs.set('do', 'match');
  return pairs;
}

/** One question at a time: the server works on two sheets of a person at once. What changes meanwhile is asked next. */
async function follow(match: HTMLFormElement): Promise<void> {
  if (isAsking) return later(match, 200);
  isAsking = true;
  const wait = await ask(match).catch(() => undefined);
  isAsking = false;
  if (wait !== undefined && match.isConnected) later(match, wait);
}

/** How long to wait before the server is asked again, ms; undefined where it has answered, or cannot be reached. */
async function ask(match: HTMLFormElement): Promise<number | undefined> {
  const pairs = matchOf(match);
  const headers = { Accept: 'text/html' };
  const answer = await fetch(location.href, { method: 'POST', body: pairs, headers });
  const text = await answer.text();
  // The server works on other sheets of this person.
  if (answer.status === 429) return 1000 * Number(answer.headers.get('Retry-After'));
  // What was typed meanwhile is asked about when it is done.
  if (matchOf(match).toString() === pairs.toString()) show(text);
  return undefined;
}

/** What is typed beside the columns, and is no question to the server. */
const OTHERS = 'main form:not([data-match])';

/** The answer is a page: what it shows takes the place of what is shown. The focus stays, and so does what is open or typed. */
function show(text: string): void {
  const main = find('main', new DOMParser().parseFromString(text, 'text/html'));
  if (!main) return;
  const before = document.activeElement;
  const focused = before?.getAttribute('name');
  const form = before?.closest('form[data-match]') ? 'form[data-match]' : OTHERS;
  const opened = [...findAll('main details[open] > summary')].map(({ textContent }) => textContent);
  const typed = [...findAll(`${OTHERS} input`)].filter(isText).filter(({ value }) => value !== '');
  find('main')?.replaceChildren(...main.childNodes);
  for (const summary of findAll('main details > summary'))
    if (opened.includes(summary.textContent)) summary.parentElement!.toggleAttribute('open', true);
  for (const { name, value } of typed) {
    const field = find<HTMLInputElement>(`${OTHERS} [name="${CSS.escape(name)}"]`);
    if (field) field.value = value;
  }
  if (focused === null || focused === undefined) return;
  const field = find(`${form} [name="${CSS.escape(focused)}"]`);
  field?.focus();
  if (isText(field) && isText(before)) {
    field.value = before.value;
    field.setSelectionRange(before.selectionStart, before.selectionEnd);
  }
}

function isText(field: Element | null): field is HTMLInputElement {
  return field instanceof HTMLInputElement && field.type === 'text';
}

let pause: number | undefined;

/** What is chosen is followed at once, and what is typed when there is a pause: nobody has to leave the field first. */
for (const [name, wait] of [
  ['change', 0],
  ['input', 600],
] as const)
  document.addEventListener(name, ({ target }) => {
    const match = (target as Element | null)?.closest<HTMLFormElement>('form[data-match]');
    if (!match) return;
    later(match, wait);
  });

function later(match: HTMLFormElement, wait: number): void {
  window.clearTimeout(pause);
  pause = window.setTimeout(() => void follow(match), wait);
}

/** Recorded once, however often the button is pressed. */
document.addEventListener('submit', (event) => {
  const sent = event.target as HTMLFormElement;
  if (sent.dataset['sent'] !== undefined) event.preventDefault();
  if (sent.matches('form[data-record], form[data-drop]')) sent.dataset['sent'] = '';
});
window.addEventListener('pageshow', () => {
  for (const sent of findAll<HTMLFormElement>('form[data-sent]')) delete sent.dataset['sent'];
});
