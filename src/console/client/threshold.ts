/**
 * A run of touches at the bench: keys and taps become events of a fold, which says the next filament and the estimate.
 * Showing, keys, keeping and leaving have files of their own; what is left changes one state, so it stands together and is long.
 */
import { localInstant } from '../../study/instant.js';
import {
  beginRun,
  chosenDepartures,
  foldRun,
  readRun,
  runPairs,
  type Paw,
  type Run,
  type RunEvent,
  type RunSetting,
  type RunState,
  type StrikeReason,
} from '../bench/run.js';
import type { RunData } from '../bench/run-stage.js';
import { estimateLines, OTHER_PAW, recordWords, tellRun, turnedWords } from '../bench/run-words.js';
import { Refused, type Problem } from './lib/ask-server.js';
import { find, findAll } from './lib/elements.js';
import { sendEntry, tryEntry, type Entry } from './lib/entries.js';
import { problemInWords } from './lib/form-errors.js';
import { keepRun, keptRun, otherRunsTold } from './lib/kept-run.js';
import { watchLeaving } from './lib/leaving.js';
import { watchKeys, type Response } from './lib/run-keys.js';
import { RunView, tell, type Parts } from './lib/run-view.js';

/** A clock that differs by less is left as it is. */
const SAME_CLOCK_MS = 60_000;

const NOTHING_STANDS = 'No touch stands, so there is nothing to record.';
const SAY_WHY = 'Say why before the run is recorded.';

class RunBench {
  readonly #part: Parts;
  readonly #view: RunView;
  readonly #aheadMs: number;
  #id = crypto.randomUUID() as string;
  #events: RunEvent[] = [];
  #begunWith: Paw;
  #setting: RunSetting;
  #run: Run;
  #state: RunState;
  /** Paws whose run was recorded or kept since the page was opened. */
  readonly #done = new Set<Paw>();
  /** Why the server wants a reason, where it said so. */
  #wanted: string;
  #isSending = false;
  /** Where the reader wants to go once the run is recorded. */
  #leaveTo: string | undefined;

  constructor(
    private readonly root: HTMLElement,
    private readonly data: RunData,
  ) {
    const parts = new Map([...findAll('[data-part]', root)].map((part) => [part.dataset['part'], part]));
    this.#part = (name) => parts.get(name)!;
    this.#setting = data.setting;
    this.#view = new RunView(this.#part, data.meanings, data.setting.ladder);
    const aheadMs = data.nowMs - Date.now();
    this.#aheadMs = Math.abs(aheadMs) < SAME_CLOCK_MS ? 0 : aheadMs;
    this.#wanted = data.due ?? '';
    this.#begunWith = data.paw;
    this.#run = beginRun(data.paw);
    this.#state = readRun(this.#setting, this.#run);
  }

  start(): void {
    this.#restore();
    this.#listen();
    this.#show();
    this.#part('stage').focus({ preventScroll: true });
    tell(
      this.#part('live'),
      [
        find('[data-recorded]')?.textContent ?? '',
        tellRun(this.#run, this.#state, this.#setting.ladder),
      ].join(' '),
    );
  }

  /** One more event: shown at once; what can wait until it is painted is done afterwards. */
  #do(event: RunEvent): void {
    if (this.#isSending) return;
    const before = this.#run;
    this.#run = foldRun(this.#setting, before, event);
    if (this.#run === before) return;
    this.#events.push(event);
    this.#state = readRun(this.#setting, this.#run);
    this.#show();
    requestAnimationFrame(() => setTimeout(() => this.#settle()));
  }

  #touch(response: Response): void {
    this.#do({ does: 'touch', response, time: this.#now() });
  }

  #now(): string {
    return localInstant(Date.now() + this.#aheadMs, this.data.offsetMinutes);
  }

  #show(): void {
    const [part, run, state] = [this.#part, this.#run, this.#state];
    this.#view.show(run, state);
    const needsReason = state.isOver && this.#reasonsDue().length > 0;
    part('reason-field').hidden = !needsReason;
    if (needsReason) tell(part('reason-label'), `Why? ${this.#reasonsDue().join(' ')}`);
    part('record').toggleAttribute('disabled', !state.isOver || this.#isSending);
    tell(part('record'), recordWords(run.paw, run.isStopped));
    tell(part('turned'), turnedWords(run, this.#begunWith));
    part('go-on').hidden = !run.isStopped;
    part('stop').hidden = run.isStopped;
    part('stop').toggleAttribute('disabled', state.asked.complete || state.touches.length === 0);
    tell(part('ending'), run.isStopped && !state.isOver ? NOTHING_STANDS : '');
  }

  /** Sentences that a reason is due for. */
  #reasonsDue(): string[] {
    return [
      ...(this.#run.isStopped ? ['The run is stopped before the rule has completed it.'] : []),
      ...(chosenDepartures(this.#state.flags).length > 0 ? ['The run departs from the rule.'] : []),
      ...(this.#wanted === '' ? [] : [this.#wanted]),
    ];
  }

  /** After the touch is painted: the run is kept, and told to those who do not see it. */
  #settle(): void {
    this.#keep();
    tell(this.#part('live'), tellRun(this.#run, this.#state, this.#setting.ladder));
    // Without an answer the departure is said when the run is sent.
    if (this.#state.isOver && !this.#isSending) void this.#foresee().catch(() => undefined);
  }

  #keep(): void {
    const [id, events, setting, paw] = [this.#id, this.#events, this.#setting, this.#begunWith];
    const { data } = this;
    const isMade = events.length > 0 && this.#run.made.length > 0;
    keepRun(data, isMade ? { id, paw, setting, events, why: this.#why() } : undefined);
  }

  #restore(): void {
    const kept = keptRun(this.data);
    if (kept) {
      this.#id = kept.id;
      this.#use(kept.setting);
      this.#begunWith = kept.paw;
      this.#events = [...kept.events];
      this.#run = kept.events.reduce((run, event) => foldRun(kept.setting, run, event), beginRun(kept.paw));
      this.#state = readRun(this.#setting, this.#run);
      this.#input().value = kept.why;
      this.#checkPaw();
      this.#part('restored').append('The run that was in progress here goes on. ');
    }
    this.#part('restored').append(...otherRunsTold(this.data));
  }

  /** A run goes on by the ladder that it was begun with; the plot on the page is that of the protocol of now. */
  #use(setting: RunSetting): void {
    this.#setting = setting;
    this.#view.ladder = setting.ladder;
    const isOther = JSON.stringify(setting) !== JSON.stringify(this.data.setting);
    this.#part('plot').toggleAttribute('hidden', isOther);
    if (isOther) this.#part('restored').append('The protocol was amended since this run was begun. ');
  }

  #input(): HTMLInputElement {
    return this.#part('reason') as HTMLInputElement;
  }

  #why(): string {
    return this.#input().value.trim();
  }

  #checkPaw(): void {
    for (const radio of findAll<HTMLInputElement>('[name=run-paw]', this.root))
      radio.checked = radio.value === this.#run.paw;
  }

  #listen(): void {
    const part = this.#part;
    watchKeys(part('stage'), part('keys') as HTMLInputElement, {
      touch: (response) => this.#touch(response),
      strike: (why) => this.#do({ does: 'strike', why }),
      isOver: () => this.#state.isOver,
      record: () => void this.#record(),
    });
    this.root.addEventListener('click', (event) => {
      // The second of two quick taps is no touch of its own.
      if (event.detail > 1) return;
      const button = (event.target as Element).closest<HTMLElement>('button');
      if (button && button.getAttribute('aria-disabled') !== 'true') this.#onButton(button);
    });
    this.root.addEventListener('change', ({ target }) => {
      const { name, value } = target as HTMLInputElement;
      if (name !== 'run-paw') return;
      if (this.#run.made.length === 0) this.#begunWith = value as Paw;
      this.#do({ does: 'turn', paw: value as Paw });
    });
    this.#input().addEventListener('keydown', (event) => {
      if (event.key === 'Enter') void this.#record();
    });
    watchLeaving(
      () => this.#isBegun(),
      (address) => this.#holdBack(address),
    );
    addEventListener('pagehide', () => this.#keep());
  }

  #onButton({ dataset }: HTMLElement): void {
    const { response, strike, filament, part } = dataset;
    if (response) this.#touch(response as Response);
    if (strike) this.#do({ does: 'strike', why: strike as StrikeReason });
    if (filament) {
      this.#do({ does: 'take', filament });
      this.#part('others').removeAttribute('open');
      this.#part('stage').focus({ preventScroll: true });
    }
    if (part === 'stop') this.#stop();
    if (part === 'go-on') {
      this.#leaveTo = undefined;
      this.#do({ does: 'go-on' });
      this.#part('stage').focus({ preventScroll: true });
    }
    if (part === 'record') void this.#record();
  }

  #stop(): void {
    this.#do({ does: 'stop' });
    if (this.#state.isOver) this.#input().focus();
  }

  /** Whether there is anything that would be lost. */
  #isBegun(): boolean {
    return this.#events.length > 0 && this.#state.touches.length > 0;
  }

  /** Before a link leads away the run is recorded, as stopped where it is not complete. */
  #holdBack(address: string): void {
    this.#leaveTo = address;
    this.#stop();
    tell(this.#part('refused'), 'The run is not recorded yet: record it, and you are led on.');
    if (!this.#run.isStopped) this.#part('record').focus();
  }

  #entry(): Entry {
    const { data } = this;
    const [run, state] = [this.#run, this.#state];
    const why = this.#reasonsDue().length > 0 ? this.#why() : '';
    const about = { ...data, id: this.#id, reason: why, stopReason: why };
    return {
      address: location.pathname,
      pairs: new URLSearchParams(runPairs(this.#setting, run, about)),
      label: `Run of ${data.subject}, ${run.paw} paw, ${state.touches.length} touches`,
    };
  }

  /** Asks the server what it would flag, so that a departure is said before the run is recorded. */
  async #foresee(): Promise<void> {
    const run = this.#run;
    const { needsReason, told } = await tryEntry(this.#entry());
    if (run !== this.#run || !needsReason || this.#reasonsDue().length > 0) return;
    this.#wanted = told.join(' ');
    this.#show();
  }

  async #record(): Promise<void> {
    const [run, state] = [this.#run, this.#state];
    if (!state.isOver || this.#isSending) return;
    const refused = this.#part('refused');
    tell(refused, '');
    if (this.#reasonsDue().length > 0 && this.#why() === '') {
      tell(refused, SAY_WHY);
      this.#input().focus();
      return;
    }
    this.#isSending = true;
    this.#show();
    this.#keep();
    try {
      const sent = await sendEntry(this.#entry());
      this.#events = [];
      keepRun(this.data, undefined);
      if (sent.kind === 'recorded') {
        // Nothing more is taken here: the next page goes on.
        location.assign(this.#leaveTo ?? sent.receipt.next);
        return;
      }
      this.#begin(run.paw);
      this.#tellKept(run, state);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      await this.#tellRefused(error.problem);
    }
    this.#isSending = false;
    this.#show();
  }

  /** What a reason is due for is said in words, as when it is foreseen. */
  async #tellRefused(problem: Problem): Promise<void> {
    if (problem.code === 'command-id-reused') return this.#tellCopied();
    const isWhy = problem.code === 'reason-required';
    if (isWhy) {
      const { told } = await tryEntry(this.#entry()).catch(() => ({ told: [] }));
      this.#wanted = told.join(' ') || problem.detail;
    }
    tell(this.#part('refused'), isWhy ? SAY_WHY : problemInWords(problem));
    this.#show();
    if (this.#wanted !== '') this.#input().focus();
  }

  /** The tab was made twice, and the run went on in both. What was made here is a run of its own, if somebody says so. */
  #tellCopied(): void {
    this.#id = crypto.randomUUID();
    this.#wanted = 'A run that began with the same touches was recorded from another tab.';
    tell(this.#part('refused'), SAY_WHY);
    this.#show();
  }

  /** The next run: of the other paw, as long as that has none. */
  #begin(recorded: Paw): void {
    this.#done.add(recorded);
    const other = OTHER_PAW[recorded];
    this.#id = crypto.randomUUID();
    this.#leaveTo = undefined;
    this.#use(this.data.setting);
    this.#begunWith = this.#done.has(other) ? recorded : other;
    this.#run = beginRun(this.#begunWith);
    this.#state = readRun(this.#setting, this.#run);
    this.#wanted = this.data.due ?? '';
    this.#input().value = '';
    this.#view.clear();
    this.#checkPaw();
  }

  #tellKept({ paw }: Run, { threshold }: RunState): void {
    const [value] = estimateLines(threshold);
    const told = `The run of the ${paw} paw is kept on this device and not yet recorded: 50 % threshold ${value}. ${this.#done.size === 2 ? 'Both paws are done. ' : ''}Leave this page open.`;
    tell(this.#part('restored'), told);
    this.#part('stage').focus({ preventScroll: true });
  }
}

const place = find('[data-run]');
if (place) new RunBench(place, JSON.parse(place.dataset['run']!) as RunData).start();
// Both paws are recorded: Enter leads to what comes next.
else find('.result .choose a')?.focus({ preventScroll: true });
