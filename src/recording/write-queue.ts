import type { EventStore } from '../store/event-store.js';
import { isStoreError } from '../store/store-error.js';
import type { RecordAttributes } from '../study/record.js';
import { Refusal, refuse } from '../study/refusal.js';
import type { OpenStream, Receipt } from './open-stream.js';
import { planned, type Outcome, type Plan, type Waiting } from './write-plan.js';

interface Caller<S, R extends RecordAttributes> {
  readonly waiting: Waiting<S, R>;
  readonly resolve: (answer: Receipt | Refusal) => void;
  readonly reject: (error: unknown) => void;
}

/** Commands that were decided together, on their way into the store. */
interface Flight<S, R extends RecordAttributes> {
  readonly callers: Caller<S, R>[];
  readonly plan: Plan<S, R>;
  readonly landing: Promise<void>;
}

const MAX_BATCH = 512;
/** Fewer than so many are not parted to write some while the others are decided. */
const MIN_BATCH = 8;
/** Each is a success of another process in the same study; so many in a row mean that this one has to stand back. */
const MAX_CONFLICTS = 16;

/**
 * The write queue of one stream. Commands that wait are decided one after another, each on what those before it would
 * record, and are appended together and synced once (group commit). Where the store writes beside this thread, the next
 * are decided meanwhile, on what is not durable yet. Nobody is answered before it is: a yes is confirmed by the append,
 * and so is every no decided beside it or after it; a no alone is confirmed by a catch-up.
 */
export class WriteQueue<S, R extends RecordAttributes> {
  private callers: Caller<S, R>[] = [];
  /** Oldest first; each is planned on the one before it. */
  private flights: Flight<S, R>[] = [];
  private isScheduled = false;
  private isLanding = false;
  private isHalted = false;
  private conflicts = 0;

  constructor(
    private readonly open: OpenStream<S, R>,
    private readonly store: EventStore,
  ) {}

  get idle(): boolean {
    return this.callers.length === 0 && this.flights.length === 0;
  }

  submit(waiting: Waiting<S, R>): Promise<Receipt | Refusal> {
    return new Promise((resolve, reject) => {
      this.callers.push({ waiting, resolve, reject });
      this.schedule();
    });
  }

  /** Everything that arrives in this turn of the event loop shares the sync. */
  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      if (this.mayLaunch) this.launch();
      // Not in this turn: the store is to begin with the first before the second is decided.
      if (this.mayLaunch) this.schedule();
      void this.land();
    });
  }

  private get mayLaunch(): boolean {
    return !this.isHalted && this.callers.length > 0 && this.flights.length < this.store.appendsAhead;
  }

  private launch(): void {
    const { callers, flights, open, store } = this;
    const inFlight = flights.reduce((sum, flight) => sum + flight.callers.length, 0);
    const share = Math.ceil((callers.length + inFlight) / store.appendsAhead);
    const batch = callers.slice(0, Math.min(MAX_BATCH, Math.max(MIN_BATCH, share)));
    try {
      const plan = planned(
        batch.map(({ waiting }) => waiting),
        { open, before: flights.map((flight) => flight.plan), maxBytes: store.maxAppendBytes },
      );
      const follows = flights.some((flight) => flight.plan.records.length > 0);
      const landing =
        plan.records.length > 0
          ? store.append(open.kind.stream, plan.from, plan.records, follows)
          : confirmed;
      // It is waited for in its turn, and may fail before that.
      landing.catch(() => undefined);
      flights.push({ callers: callers.splice(0, plan.outcomes.length), plan, landing });
    } catch (error) {
      for (const { reject } of callers.splice(0, batch.length)) reject(error);
    }
  }

  /** Answers flights in the order in which they were planned. */
  private async land(): Promise<void> {
    if (this.isLanding) return;
    this.isLanding = true;
    for (let flight = this.flights[0]; flight; flight = this.flights[0]) {
      try {
        await flight.landing;
        if (await this.isOvertaken(flight.plan)) this.decideAgain();
        else this.answer(flight);
      } catch (error) {
        this.isHalted = true;
        await this.failed(error);
        this.isHalted = false;
      }
      if (this.callers.length > 0) this.schedule();
    }
    this.isLanding = false;
  }

  private answer({ callers, plan }: Flight<S, R>): void {
    this.conflicts = 0;
    if (plan.records.length > 0) this.open.commit(plan.records, plan.state);
    const answers = callers.map(({ waiting }, index) =>
      this.answerTo(waiting, plan.outcomes[index] as Outcome),
    );
    this.flights.shift();
    answers.forEach((answer, index) => callers[index]?.resolve(answer));
  }

  private answerTo(waiting: Waiting<S, R>, outcome: Outcome): Receipt | Refusal {
    if (outcome instanceof Refusal) return outcome;
    const { first, count, notices = waiting.notices?.(this.open.state, first + count) } = outcome;
    return { ...this.open.receipt(waiting.study, { first, count }), ...notices };
  }

  /** Whether a no that no append confirms rests on less than what others have recorded by now. */
  private async isOvertaken({ outcomes, records }: Plan<S, R>): Promise<boolean> {
    if (this.store.soleWriter || records.length > 0) return false;
    if (!outcomes.some((outcome) => outcome instanceof Refusal)) return false;
    const { size } = this.open;
    await this.open.catchUp();
    return this.open.size !== size;
  }

  private async failed(error: unknown): Promise<void> {
    // What was planned on this one fails with it, and is not to reach the store after something else.
    await Promise.allSettled(this.flights.map(({ landing }) => landing));
    if (isStoreError(error, 'conflict')) {
      try {
        await this.open.catchUp();
        return this.decideAgain();
      } catch (cause) {
        error = cause;
      }
    }
    // Refusals may rest on records that now do not stand: nobody gets an answer.
    for (const { callers } of this.flights.splice(0)) for (const { reject } of callers) reject(error);
  }

  /** Another process recorded first, and this one has caught up with it. */
  private decideAgain(): void {
    const callers = this.flights.splice(0).flatMap((flight) => flight.callers);
    if (++this.conflicts < MAX_CONFLICTS) {
      this.callers.unshift(...callers);
      return;
    }
    this.conflicts = 0;
    const busy = 'Others kept recording in this study at the same moment: send the command again.';
    for (const { resolve } of callers) resolve(refuse('busy', busy));
  }
}

/** Of what is not written, and stands or falls with what was planned before it. */
const confirmed = Promise.resolve();
