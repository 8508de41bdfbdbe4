/** The form of a protocol: its words follow as one types, what does not fit is said at the field that was left, and a draft is kept. */
import { ofTab } from './lib/browser-storage.js';
import { button, element, find, findAll } from './lib/elements.js';
import { pairsOf } from './lib/form-pairs.js';
import { watchRows } from './lib/rows.js';
import { watchVariants } from './lib/variants.js';

const PAUSE_MS = 500;
/** Another person who signs in on this device does not find it. */
const PERSON = find('.who')?.dataset['person'] ?? '';
const KEY = `study-ledger-draft ${PERSON} ${location.pathname}`;

const found = find<HTMLFormElement>('form[data-protocol]');
if (found) follow(found);
else if (find('.recorded')) ofTab.remove(KEY);
watchBringing();

function follow(first: HTMLFormElement): void {
  let form = first;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;
  /** The fields that were changed and left: what is wrong is said there only. */
  const left = new Set<string>();

  const ask = async (): Promise<void> => {
    const mine = ++asked;
    const pairs = pairsOf(form);
    pairs.set('preview', 'words');
    const page = await fetchPage(form.action, pairs);
    if (mine === asked && page) show(form, page, left);
  };
  const soon = (pauseMs: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), pauseMs);
  };
  const watch = (): void => {
    watchVariants(form);
    watchRows(form);
    offerFile(form);
    form.addEventListener('input', () => {
      keep(form);
      soon(PAUSE_MS);
    });
    form.addEventListener('change', ({ target }) => {
      const field = (target as Element).closest<HTMLElement>('[data-field]')?.dataset['field'];
      if (field !== undefined) left.add(field);
      soon(0);
    });
    form.addEventListener('submit', (event) => {
      const button = event.submitter as HTMLButtonElement | null;
      if (button?.name !== 'preview') return;
      event.preventDefault();
      void ask();
    });
  };

  const kept = ofTab.get(KEY);
  watch();
  // What was sent just now is what is shown.
  if (form.dataset['posted'] !== undefined) return keep(form);
  if (kept === null) return;
  void takeUp(form, kept).then((again) => {
    if (!again) return;
    form.replaceWith(again);
    form = again;
    watch();
    say(form);
  });
}

/** What was typed before a reload, or before another page was looked at. */
async function takeUp(form: HTMLFormElement, kept: string): Promise<HTMLFormElement | undefined> {
  const pairs = new URLSearchParams(kept);
  const now = new FormData(form);
  // A draft of another version, or one that was begun anew.
  const isOther = ['base', 'from'].some((name) => pairs.get(name) !== now.get(name));
  if (isOther) {
    ofTab.remove(KEY);
    return undefined;
  }
  pairs.set('preview', 'words');
  const page = await fetchPage(form.action, pairs);
  return page?.querySelector<HTMLFormElement>('form[data-protocol]') ?? undefined;
}

function say(form: HTMLFormElement): void {
  const anew = button('Begin anew', () => {
    ofTab.remove(KEY);
    location.reload();
  });
  form.before(
    element(
      'p',
      { class: 'notice', role: 'status' },
      'This is the draft that you left on this device. ',
      anew,
    ),
  );
}

function keep(form: HTMLFormElement): void {
  ofTab.set(KEY, pairsOf(form).toString());
}

/** Puts what the server says beside the form and at the parts; at a field only where it was left. */
function show(form: HTMLFormElement, page: Document, left: ReadonlySet<string>): void {
  const beside = page.getElementById('beside');
  const open = find<HTMLDetailsElement>('#beside .file', form)?.open === true;
  if (beside) {
    find('#beside', form)?.replaceWith(beside);
    if (open) find('.file', beside)?.setAttribute('open', '');
    offerFile(form);
  }
  for (const state of findAll('.state', form)) state.replaceWith(page.getElementById(state.id) ?? state);
  for (const name of left) {
    const selector = `[data-field="${CSS.escape(name)}"]`;
    const [mine, theirs] = [find(selector, form), find(`form[data-protocol] ${selector}`, page)];
    if (mine && theirs && !mine.matches('fieldset') && !isHalfTyped(mine)) takeOver(mine, theirs);
  }
}

/** Nothing is said yet of a field that one is still in, unless it was wrong before. */
function isHalfTyped(field: Element): boolean {
  return field.contains(document.activeElement) && !find('.refused', field);
}

const TOLD = ':scope > .refused, :scope > label > .example';

function takeOver(mine: Element, theirs: Element): void {
  for (const old of findAll(TOLD, mine)) old.remove();
  mine.append(...findAll(':scope > .refused', theirs));
  const example = find(':scope > label > .example', theirs);
  if (example) find(':scope > label', mine)?.append(example);
  const [field, other] = [mine, theirs].map((one) => find('input:not([type=hidden]), select, textarea', one));
  for (const attribute of ['aria-invalid', 'aria-describedby']) {
    const value = other?.getAttribute(attribute);
    if (value === null || value === undefined) field?.removeAttribute(attribute);
    else field?.setAttribute(attribute, value);
  }
}

/** The draft as a file to be kept. */
function offerFile(form: HTMLFormElement): void {
  const text = find<HTMLTextAreaElement>('[data-file]', form);
  if (!text || text.nextElementSibling) return;
  const link = element('a', { download: 'protocol.jsonc', href: '#' }, 'Download');
  link.addEventListener('click', () => {
    link.setAttribute('href', URL.createObjectURL(new Blob([text.value], { type: 'application/json' })));
  });
  text.after(element('p', {}, link));
}

/** A file is chosen, and read here: what is sent is its text. */
function watchBringing(): void {
  const form = find<HTMLFormElement>('form[data-bring]');
  const text = form?.querySelector('textarea');
  if (!form || !text) return;
  const choose = element('input', {
    type: 'file',
    accept: '.json,.jsonc',
    id: 'f-choose',
  }) as HTMLInputElement;
  text.before(element('label', { for: 'f-choose' }, 'Choose the file'), choose);
  choose.addEventListener('change', () => {
    void choose.files?.[0]?.text().then((read) => (text.value = read));
  });
  form.addEventListener('submit', () => ofTab.remove(KEY));
}

/** Sends the form and reads the page that answers; undefined where there is no answer, and where the session has ended. */
async function fetchPage(address: string, pairs: URLSearchParams): Promise<Document | undefined> {
  try {
    const response = await fetch(address, { method: 'POST', headers: { Accept: 'text/html' }, body: pairs });
    if (response.status >= 500 || response.redirected) return undefined;
    return new DOMParser().parseFromString(await response.text(), 'text/html');
  } catch {
    return undefined;
  }
}
