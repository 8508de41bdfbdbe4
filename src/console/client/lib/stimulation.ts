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
import { element } from './elements.js';

/** What this tab keeps of a stimulation that runs, so that loading the page again changes nothing. */
interface Kept {
  readonly running: RunningStimulation;
  readonly aborted?: string;
  /** The fields as they were set. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

const TICK_MS = 500;

/** The clock of a stimulation: it runs in this page until the stimulation has ended, and then fills the form in. */
export function watchStimulation(form: HTMLFormElement): void {
  const place = form.querySelector<HTMLElement>('[data-clock]');
  if (place) new Clock(form, place, JSON.parse(place.dataset['clock']!) as ClockData).start();
}

class Clock {
  private kept: Kept | undefined;
  private said = '';
  /** Whether somebody went on without saying why it was paused. */
  private isAsked = false;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly place: HTMLElement,
    private readonly data: ClockData,
  ) {}

  start(): void {
    this.place.hidden = false;
    this.restore();
    for (const button of this.place.querySelectorAll<HTMLButtonElement>('[data-does]'))
      button.addEventListener('click', () => this.does(button.dataset['does']!));
    this.reason.addEventListener('input', () => this.explain());
    this.form.addEventListener('input', () => this.keep());
    this.form.addEventListener('recorded', () => sessionStorage.removeItem(this.data.key));
    setInterval(() => this.show(), TICK_MS);
    this.show();
  }

  private part(name: string): HTMLElement {
    return this.place.querySelector<HTMLElement>(`[data-part="${name}"]`)!;
  }

  private get reason(): HTMLInputElement {
    return this.part('reason') as HTMLInputElement;
  }

  private does(what: string): void {
    const now = Date.now();
    const { kept } = this;
    if (what === 'begin') {
      if (!this.isSet()) return;
      this.set({ running: { begunMs: now, pauses: [] }, fields: [] });
    } else if (kept) {
      const { running } = kept;
      if (what === 'pause') this.set({ ...kept, running: pausedAt(running, now, '') }, '');
      if (what === 'go-on' && this.isExplained()) this.set({ ...kept, running: goneOnAt(running, now) });
      const isShort = isCutShort(stimulatedMs(running, now), this.data.plannedMs);
      if (what === 'end' && !isShort)
        this.set({ ...kept, running: { ...goneOnAt(running, now), endedMs: now } });
      if (what === 'abort' || (what === 'end' && isShort))
        this.set({ ...kept, running: { ...running, endedMs: now }, aborted: '' }, '');
      if (what === 'resume') {
        const {
          aborted: _,
          running: { endedMs: __, ...going },
          ...rest
        } = kept;
        this.set({ ...rest, running: going });
      }
    }
    this.show();
  }

  /** The fields that are set before it begins have to be right by then. */
  private isSet(): boolean {
    const fields = this.form.querySelectorAll<HTMLInputElement>('[data-set] input:not([type=hidden])');
    const missing = [...fields].find(
      (field) => field.value === '' && field.closest('.field')?.querySelector('[aria-required]') !== null,
    );
    if (missing) {
      this.tell('Fill in what is set on the stimulator first.');
      missing.focus();
      return false;
    }
    const follows = this.form.querySelector('[data-field="data.follows"]');
    if (!follows || follows.querySelector(':checked')) return true;
    this.tell('Choose first whether it is alone or follows a dose.');
    follows.querySelector('input')?.focus();
    return false;
  }

  private isExplained(): boolean {
    if (this.reason.value.trim() !== '') return true;
    this.isAsked = true;
    this.reason.focus();
    return false;
  }

  private set(kept: Kept, reason?: string): void {
    this.kept = kept;
    this.isAsked = false;
    if (reason !== undefined) {
      this.reason.value = reason;
      this.show();
      this.reason.focus();
    }
    this.fill();
    this.keep();
  }

  /** Why it is paused, or was stopped. */
  private explain(): void {
    const { kept } = this;
    const reason = this.reason.value;
    if (!kept) return;
    if (kept.running.endedMs !== undefined) this.kept = { ...kept, aborted: reason };
    else {
      const pauses = kept.running.pauses.map((pause) =>
        pause.untilMs === undefined ? { ...pause, reason } : pause,
      );
      this.kept = { ...kept, running: { ...kept.running, pauses } };
    }
    this.fill();
    this.keep();
  }

  /** What the form says is what the clock has seen. */
  private fill(): void {
    const { kept, data } = this;
    if (kept?.running.endedMs === undefined) return;
    const { running, aborted } = kept;
    const outcome = aborted === undefined ? 'completed' : 'aborted';
    this.setField('occurredAt', localInstant(running.begunMs, data.offsetMinutes));
    this.setField('data.duration.value', durationText(stimulatedMs(running, running.endedMs!), outcome));
    this.setField('data.outcome', outcome);
    this.setField('data.interruptions', interruptionsInWords(running, aborted || undefined) ?? '');
    if (aborted) this.setField('reason', aborted);
  }

  private setField(name: string, value: string): void {
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
  private keep(): void {
    const { kept, data, form } = this;
    if (!kept) return;
    const fields = [...new FormData(form)].flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as const] : [],
    );
    sessionStorage.setItem(data.key, JSON.stringify({ ...kept, fields } satisfies Kept));
    const address = new URL(location.href);
    address.searchParams.set('begun', String(kept.running.begunMs));
    history.replaceState(history.state, '', address);
  }

  private restore(): void {
    const text = sessionStorage.getItem(this.data.key);
    const begun = Number(new URL(location.href).searchParams.get('begun'));
    if (text !== null) this.kept = JSON.parse(text) as Kept;
    else if (begun > 0) this.kept = { running: { begunMs: begun, pauses: [] }, fields: [] };
    if (!this.kept) return;
    for (const [name, value] of this.kept.fields) {
      const field = this.form.elements.namedItem(name);
      if (field instanceof RadioNodeList) field.value = value;
      else if (field instanceof Element && 'value' in field) (field as HTMLInputElement).value = value;
    }
    const { running, aborted } = this.kept;
    this.reason.value = aborted ?? (isPaused(running) ? running.pauses.at(-1)!.reason : '');
    this.fill();
  }

  private tell(text: string): void {
    if (text === this.said) return;
    this.said = text;
    this.part('told').textContent = text;
  }

  private show(): void {
    const { kept, data, form } = this;
    const running = kept?.running;
    const isEnded = running?.endedMs !== undefined;
    const paused = running !== undefined && !isEnded && isPaused(running);
    const { plannedMs } = data;
    const flowed = running ? stimulatedMs(running, Date.now()) : 0;
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
    for (const button of this.place.querySelectorAll<HTMLElement>('[data-does]'))
      button.hidden = !visible[button.dataset['does']!];
    this.part('why').hidden = !paused && !(isEnded && kept?.aborted !== undefined);
    this.part('why-label').textContent = paused ? 'Why is it paused?' : 'Why was it stopped?';
    form.querySelector<HTMLElement>('[data-ended]')!.hidden = !isEnded;
    if (!running) return;
    const now = Date.now();
    const of = plannedMs === undefined ? '' : ` of ${clockText(plannedMs)}`;
    this.part('time').textContent = `${clockText(flowed)}${of}`;
    this.showReadings(running, now);
    if (isEnded) this.tell('Check what the clock has noted below, and record it.');
    else if (paused) this.tell(this.isAsked ? 'Say why it was paused.' : 'It is paused: no current flows.');
    else if (plannedMs !== undefined && !isShort)
      this.tell('The planned time is over: switch off, and say that it has ended.');
    else this.tell('It runs. Readings are recorded as they are made, and named to it when it has ended.');
  }

  private showReadings(running: RunningStimulation, now: number): void {
    const { readings, tolerance } = this.data;
    const minutes = readings.map(({ minute }) => minute);
    const planned = plannedReadings(running, minutes, new Set(), now, tolerance);
    const list = this.part('readings');
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
