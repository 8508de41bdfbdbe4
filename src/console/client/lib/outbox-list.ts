import { clockOf } from '../../words/dates.js';
import { ANSWERED } from './ask-server.js';
import { button, element, find } from './elements.js';
import { othersWait, pairsOf, type KeptEntry } from './kept-entry.js';
import { discard, onSettled, sendWaiting, type Outcome, type Pause } from './outbox.js';
import { isSentElsewhere, onOutboxChanged, waitingEntries } from './outbox-store.js';
import { personOfPage, unlock } from './unlock.js';

const FIRST_MS = 2_000;
const LAST_MS = 60_000;

/** Shows what waits above the content of the page, and sends it as soon as that is possible. */
export function watchOutbox(): void {
  const person = personOfPage()?.person ?? '';
  const list = new OutboxList(person);
  let delayMs = FIRST_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sending = false;

  const attempt = async (): Promise<void> => {
    if (sending) return;
    sending = true;
    clearTimeout(timer);
    // What a browser that keeps nothing says is said by the list.
    const pause = await sendWaiting(person).catch((): Pause => 'empty');
    sending = false;
    list.tell(pause);
    if (pause === 'empty') {
      delayMs = FIRST_MS;
      // A page that was left may still be closing.
      if (await isSentElsewhere().catch(() => false)) timer = setTimeout(() => void attempt(), FIRST_MS);
    }
    if (pause === 'unanswered') {
      timer = setTimeout(() => void attempt(), delayMs);
      delayMs = Math.min(2 * delayMs, LAST_MS);
    }
    if (
      pause === 'locked' &&
      (await unlock(`The session of ${person} has ended. What waits is sent when you go on.`))
    )
      void attempt();
  };
  const now = (): void => {
    delayMs = FIRST_MS;
    void attempt();
  };
  list.onSend = now;
  addEventListener('online', now);
  document.addEventListener(ANSWERED, now);
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) now();
  });
  onOutboxChanged(() => {
    void list.show();
    if (timer === undefined) timer = setTimeout(() => void attempt(), FIRST_MS);
  });
  void list.show();
  void attempt();
}

/** The entries of the person, those of others by their number, and what became of those that were sent from this page. */
class OutboxList {
  onSend: () => void = () => undefined;
  readonly #place = element('aside', { class: 'outbox', 'aria-label': 'Not yet recorded' });
  readonly #heading = element('h2', {}, 'Not yet recorded');
  readonly #entries = element('ul');
  readonly #others = element('p', { class: 'quiet' });
  readonly #state = element('p', { role: 'status' });
  readonly #settled = element('ul', { class: 'settled', role: 'status' });
  /** What is typed into a line stays: a line is made anew only where its entry has changed. */
  #lines = new Map<string, { readonly entry: string; readonly line: HTMLElement }>();

  constructor(private readonly person: string) {
    this.#place.hidden = true;
    this.#place.append(this.#heading, this.#entries, this.#others, this.#state, this.#settled);
    find('main')?.before(this.#place);
    onSettled((entry, outcome) => this.#settled.append(settledLine(entry, outcome)));
  }

  async show(): Promise<void> {
    try {
      const all = await waitingEntries();
      const lines = new Map<string, { readonly entry: string; readonly line: HTMLElement }>();
      for (const entry of all) {
        if (entry.person !== this.person) continue;
        const text = JSON.stringify(entry);
        const before = this.#lines.get(entry.id);
        lines.set(
          entry.id,
          before?.entry === text ? before : { entry: text, line: lineOf(entry, this.onSend) },
        );
      }
      this.#lines = lines;
      this.#entries.replaceChildren(...[...lines.values()].map(({ line }) => line));
      const others = othersWait(all, this.person);
      this.#others.textContent =
        others.length > 0 ? `${others.join(', ')}: sent when they sign in here.` : '';
      if (lines.size === 0) this.#state.textContent = '';
    } catch {
      if (find('.live'))
        this.#others.textContent =
          'This browser keeps no entries (a private window, or its storage is full or denied): without a connection nothing can be recorded here.';
    }
    this.#heading.hidden = this.#lines.size === 0 && this.#others.textContent === '';
    this.#place.hidden = this.#heading.hidden && !this.#settled.hasChildNodes();
  }

  tell(pause: Pause): void {
    const again = button('Send now', () => this.onSend());
    if (pause === 'unanswered')
      this.#state.replaceChildren('The server does not answer; it is tried again. ', again);
    else this.#state.textContent = '';
    void this.show();
  }
}

function lineOf(entry: KeptEntry, send: () => void): HTMLElement {
  const { label, enteredAt, refused, discarded } = entry;
  const state =
    refused === undefined
      ? discarded
        ? `the discard waits: “${discarded.because}”`
        : 'waits'
      : `was not recorded: ${refused}`;
  const line = element(
    'li',
    refused === undefined ? {} : { class: 'unrecorded' },
    element('p', {}, element('strong', {}, label), `, entered at ${clockOf(enteredAt)}, ${state}`),
  );
  if (refused !== undefined) line.append(button('Open the form', () => openForm(entry, line)));
  if (!discarded) line.append(discardForm(entry, send));
  return line;
}

/** Leads to the page of the form, filled in as it was. */
function openForm(entry: KeptEntry, line: HTMLElement): void {
  const pairs = pairsOf(entry);
  if (!pairs.get('occurredAt')) pairs.set('occurredAt', entry.enteredAt);
  pairs.set('show', 'again');
  const fields = [...pairs].map(([name, value]) => element('input', { type: 'hidden', name, value }));
  const form = element('form', { method: 'post', action: entry.address }, ...fields) as HTMLFormElement;
  find('form[action]', line)?.remove();
  line.append(form);
  form.requestSubmit();
}

function discardForm(entry: KeptEntry, send: () => void): HTMLElement {
  const why = element('input', { required: '', minlength: '3', maxlength: '400' }) as HTMLInputElement;
  const form = element(
    'form',
    {},
    element('label', {}, 'Why it is not to be recorded ', why),
    element('button', {}, 'Discard'),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void discard(entry, why.value).then(send);
  });
  return element('details', {}, element('summary', {}, 'Discard'), form);
}

function settledLine({ label, address }: KeptEntry, outcome: Outcome): HTMLElement {
  if ('told' in outcome) return element('li', {}, element('p', {}, `${label}: ${outcome.told}`));
  const [study = ''] = /^\/studies\/[^/]+/.exec(address) ?? [];
  const record = element('a', { href: `${study}/records/${outcome.number}` }, `#${outcome.number}`);
  return element('li', {}, element('p', {}, `✓ ${label}: recorded as `, record));
}
