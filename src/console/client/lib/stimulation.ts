import { localInstant } from '../../../study/instant.js';
import {
  clockText,
  durationText,
  goneOnAt,
  interruptionsInWords,
  isCutShort,
  isPaused,
  pausedAt,
  plannedReadings,
  stimulatedMs,
  type RunningStimulation,
} from '../../../study/rules/stimulation-clock.js';
import type { ClockData } from '../../bench/clock.js';
import { ofTab } from './browser-storage.js';
import { element, find, findAll } from './elements.js';

/** What this tab keeps of a stimulation that runs, so that loading the page again changes nothing. */
export interface Kept {
  /** By the clock of the server. */
  readonly running: RunningStimulation;
  /** How far that was ahead of this device’s when it began: lengths are measured by one clock. */
  readonly aheadMs: number;
  readonly aborted?: string;
  /** The fields as they were set. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

const TICK_MS = 500;

/** Begins the names under which this tab keeps stimulations that are recorded, or wait to be: not to be begun again. */
const OVER = 'over ';

/** A stimulation that the page shows as recorded runs in this tab no longer. */
export function dropRecorded(): void {
  const key = find('[data-over]')?.dataset['over'];
  if (key === undefined) return;
  const begun = new URL(location.href).searchParams.get('begun');
  const text = ofTab.get(key);
  if (text !== null && String((JSON.parse(text) as Kept).running.begunMs) === begun) ofTab.remove(key);
}

/**
 * The clock of a stimulation: it runs in this page until the stimulation has ended, and then fills the form in. Its buttons
 * change one state, so they stand together, although the file is long.
 */
export function watchStimulation(form: HTMLFormElement): void {
  const place = find('[data-clock]', form);
  if (place) new Clock(form, place, JSON.parse(place.dataset['clock']!) as ClockData).start();
}

class Clock {
  #kept: Kept | undefined;
  #said = '';
  /** Whether somebody went on without saying why it was paused. */
  #isAsked = false;
  /** How far the clock of the server is ahead of this device’s. */
  readonly #aheadMs: number;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly place: HTMLElement,
    private readonly data: ClockData,
  ) {
    this.#aheadMs = data.nowMs - Date.now();
  }

  start(): void {
    this.place.hidden = false;
    this.#restore();
    for (const button of findAll<HTMLButtonElement>('[data-does]', this.place))
      button.addEventListener('click', () => this.#does(button.dataset['does']!));
    this.#reason.addEventListener('input', () => this.#explain());
    this.form.addEventListener('input', () => this.#keep());
    this.form.addEventListener('recorded', (event) =>
      this.#forget((event as CustomEvent<string | null>).detail),
    );
    setInterval(() => this.#show(), TICK_MS);
    this.#show();
  }

  #part(name: string): HTMLElement {
    return find(`[data-part="${name}"]`, this.place)!;
  }

  get #reason(): HTMLInputElement {
    return this.#part('reason') as HTMLInputElement;
  }

  #now(): number {
    return Date.now() + (this.#kept?.aheadMs ?? this.#aheadMs);
  }

  #does(what: string): void {
    const now = this.#now();
    const kept = this.#kept;
    if (what === 'begin') {
      if (!this.#isSet()) return;
      this.#set(this.#begunAt(now));
    } else if (kept) {
      const { running } = kept;
      if (what === 'pause') this.#set({ ...kept, running: pausedAt(running, now, '') }, '');
      if (what === 'go-on' && this.#isExplained()) this.#set({ ...kept, running: goneOnAt(running, now) });
      const isShort = isCutShort(stimulatedMs(running, now), this.data.plannedMs);
      if (what === 'end' && !isShort)
        this.#set({ ...kept, running: { ...goneOnAt(running, now), endedMs: now } });
      if (what === 'abort' || (what === 'end' && isShort))
        this.#set({ ...kept, running: { ...running, endedMs: now }, aborted: '' }, '');
      if (what === 'resume') {
        const {
          aborted: _,
          running: { endedMs: __, ...going },
          ...rest
        } = kept;
        this.#set({ ...rest, running: going });
      }
    }
    this.#show();
  }

  /** The fields that are set before it begins have to be right by then. */
  #isSet(): boolean {
    const fields = findAll<HTMLInputElement>('[data-set] input:not([type=hidden])', this.form);
    const missing = [...fields].find(
      (field) => field.value === '' && field.closest('.field')?.querySelector('[aria-required]') !== null,
    );
    if (missing) {
      this.#tell('Fill in what is set on the stimulator first.');
      missing.focus();
      return false;
    }
    const follows = find('[data-field="data.follows"]', this.form);
    if (!follows || find(':checked', follows)) return true;
    this.#tell('Choose first whether it is alone or follows a dose.');
    find('input', follows)?.focus();
    return false;
  }

  #isExplained(): boolean {
    if (this.#reason.value.trim() !== '') return true;
    this.#isAsked = true;
    this.#reason.focus();
    return false;
  }

  #set(kept: Kept, reason?: string): void {
    this.#kept = kept;
    this.#isAsked = false;
    if (reason !== undefined) {
      this.#reason.value = reason;
      this.#show();
      this.#reason.focus();
    }
    this.#fill();
    this.#keep();
  }

  /** Why it is paused, or was stopped. */
  #explain(): void {
    const kept = this.#kept;
    const reason = this.#reason.value;
    if (!kept) return;
    if (kept.running.endedMs !== undefined) this.#kept = { ...kept, aborted: reason };
    else {
      const pauses = kept.running.pauses.map((pause) =>
        pause.untilMs === undefined ? { ...pause, reason } : pause,
      );
      this.#kept = { ...kept, running: { ...kept.running, pauses } };
    }
    this.#fill();
    this.#keep();
  }

  /** What the form says is what the clock has seen. */
  #fill(): void {
    const { data } = this;
    const kept = this.#kept;
    if (kept?.running.endedMs === undefined) return;
    const { running, aborted } = kept;
    const outcome = aborted === undefined ? 'completed' : 'aborted';
    this.#setField('occurredAt', localInstant(running.begunMs, data.offsetMinutes));
    this.#setField('data.duration.value', durationText(stimulatedMs(running, running.endedMs!), outcome));
    this.#setField('data.outcome', outcome);
    this.#setField('data.interruptions', interruptionsInWords(running, aborted || undefined) ?? '');
    if (aborted) this.#setField('reason', aborted);
  }

  #setField(name: string, value: string): void {
    const field = this.form.elements.namedItem(name);
    if (field instanceof HTMLInputElement && name === 'occurredAt') field.type = 'text';
    if (
      field instanceof HTMLInputElement ||
      field instanceof HTMLSelectElement ||
      field instanceof HTMLTextAreaElement
    )
      field.value = value;
    this.form.dispatchEvent(new Event('input'));
  }

  /** In the address as well: a page that is opened anew begins with it. */
  #keep(): void {
    const { data, form } = this;
    const kept = this.#kept;
    if (!kept) return;
    const fields = [...new FormData(form)].flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as const] : [],
    );
    ofTab.set(data.key, JSON.stringify({ ...kept, fields } satisfies Kept));
    const address = new URL(location.href);
    address.searchParams.set('begun', String(kept.running.begunMs));
    history.replaceState(history.state, '', address);
  }

  #restore(): void {
    const { key } = this.data;
    const text = ofTab.get(key);
    const begun = new URL(location.href).searchParams.get('begun');
    if (text !== null) this.#kept = JSON.parse(text) as Kept;
    else if (begun !== null && begun === ofTab.get(OVER + key)) return this.#forget(null);
    else if (Number(begun) > 0) this.#kept = this.#begunAt(Number(begun));
    if (!this.#kept) return;
    for (const [name, value] of this.#kept.fields) {
      const field = this.form.elements.namedItem(name);
      if (field instanceof RadioNodeList) field.value = value;
      else if (field instanceof Element && 'value' in field) (field as HTMLInputElement).value = value;
    }
    const { running, aborted } = this.#kept;
    this.#reason.value = aborted ?? (isPaused(running) ? running.pauses.at(-1)!.reason : '');
    this.#fill();
  }

  #begunAt(begunMs: number): Kept {
    return { running: { begunMs, pauses: [] }, aheadMs: this.#aheadMs, fields: [] };
  }

  /** It is recorded, or waits to be: coming back leads to what was recorded, and begins nothing anew. */
  #forget(next: string | null): void {
    const { key } = this.data;
    if (this.#kept) ofTab.set(OVER + key, String(this.#kept.running.begunMs));
    ofTab.remove(key);
    this.#kept = undefined;
    this.#reason.value = '';
    const address = new URL(next ?? location.href, location.href);
    address.searchParams.delete('begun');
    history.replaceState(history.state, '', address);
    this.#show();
    if (next === null) this.#tell('It is kept on this device and not yet recorded. Another one can begin.');
  }

  #tell(text: string): void {
    if (text === this.#said) return;
    this.#said = text;
    this.#part('told').textContent = text;
  }

  #show(): void {
    const { data, form } = this;
    const kept = this.#kept;
    const running = kept?.running;
    const isEnded = running?.endedMs !== undefined;
    const paused = running !== undefined && !isEnded && isPaused(running);
    const { plannedMs } = data;
    const now = this.#now();
    const flowed = running ? stimulatedMs(running, now) : 0;
    const isShort = isCutShort(flowed, plannedMs);
    const visible: Readonly<Record<string, boolean>> = {
      begin: !running,
      pause: running !== undefined && !paused && !isEnded,
      'go-on': paused,
      end: running !== undefined && !isEnded && !paused && !isShort,
      // Where no time is planned, only a person knows whether it has ended or was stopped.
      abort: running !== undefined && !isEnded && (paused || isShort || plannedMs === undefined),
      resume: isEnded,
    };
    for (const button of findAll('[data-does]', this.place))
      button.hidden = !visible[button.dataset['does']!];
    this.#part('why').hidden = !paused && !(isEnded && kept?.aborted !== undefined);
    this.#part('why-label').textContent = paused ? 'Why is it paused?' : 'Why was it stopped?';
    find('[data-ended]', form)!.hidden = !isEnded;
    if (!running) {
      for (const name of ['time', 'readings']) this.#part(name).replaceChildren();
      return;
    }
    const of = plannedMs === undefined ? '' : ` of ${clockText(plannedMs)}`;
    this.#part('time').textContent = `${clockText(flowed)}${of}`;
    this.#showReadings(running, now);
    if (isEnded) this.#tell('Check what the clock has noted below, and record it.');
    else if (paused) this.#tell(this.#isAsked ? 'Say why it was paused.' : 'It is paused: no current flows.');
    else if (plannedMs !== undefined && !isShort)
      this.#tell('The planned time is over: switch off, and say that it has ended.');
    else this.#tell('It runs. Readings are recorded as they are made, and named to it when it has ended.');
  }

  #showReadings(running: RunningStimulation, now: number): void {
    const { readings, tolerance } = this.data;
    const minutes = readings.map(({ minute }) => minute);
    const planned = plannedReadings(running, minutes, new Set(), now, tolerance);
    const list = this.#part('readings');
    if (list.children.length === 0)
      list.replaceChildren(...readings.map(({ href }) => element('li', {}, element('a', { href }))));
    for (const [index, { minute, dueMs, state }] of planned.entries()) {
      const when =
        state === 'ahead'
          ? `in ${clockText(dueMs - now)}`
          : state === 'due'
            ? 'due now'
            : 'its time has passed';
      const row = list.children[index] as HTMLElement;
      row.className = state;
      row.firstElementChild!.textContent = `Reading at ${minute} min: ${when}`;
    }
  }
}
