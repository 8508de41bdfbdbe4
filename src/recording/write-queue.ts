import { setImmediate } from 'node:timers/promises';
import type { Histogram } from '../shared/histogram.js';
import type { EventStore } from '../store/event-store.js';
import { isStoreError } from '../store/store-error.js';
import type { RecordAttributes } from '../study/record.js';
import { Refusal, refuse } from '../study/refusal.js';
import type { OpenStream, Receipt } from './open-stream.js';
import { recordGroup, type GroupOptions } from './record-group.js';
import { planBatch, type Outcome, type Plan, type Proposal } from './write-plan.js';

interface Caller<S, R extends RecordAttributes> {
  readonly proposal: Proposal<S, R>;
  readonly resolve: (answer: Receipt | Refusal) => void;
  readonly reject: (error: unknown) => void;
}

/** Who wants several things recorded, all of them or none. */
interface Group<S, R extends RecordAttributes> {
  readonly proposals: readonly Proposal<S, R>[];
  readonly options: GroupOptions | undefined;
  readonly resolve: (answer: Receipt[] | Refusal) => void;
  readonly reject: (error: unknown) => void;
}

export interface QueueOptions {
  /** Reads on what decisions rest on beside the stream. Whether that has grown. */
  readonly refresh?: () => Promise<boolean>;
  /** Gets the time of each append that the store confirmed. */
  readonly appendTimes?: Histogram;
}

const MAX_BATCH = 512;
/** Each conflict is a success of another process in the same study. After so many in a row this process gives way. */
const MAX_CONFLICTS = 16;

const BUSY = refuse(
  'busy',
  'Other processes kept recording in this study at the same moment: send the command again.',
);

/**
 * The write queue of one stream: one loop that takes the commands that wait, decides them one after another, each on
 * what those before it would record, appends their records together (one transaction, one sync), and answers. A yes is
 * confirmed by the append, and so is a no decided in the same batch; a batch of refusals alone is confirmed by a catch-up.
 */
export class WriteQueue<S, R extends RecordAttributes> {
  private callers: (Caller<S, R> | Group<S, R>)[] = [];
  private isRunning = false;
  private conflicts = 0;

  constructor(
    private readonly open: OpenStream<S, R>,
    private readonly store: EventStore,
    private readonly options: QueueOptions = {},
  ) {}

  get idle(): boolean {
    return !this.isRunning;
  }

  submit(proposal: Proposal<S, R>): Promise<Receipt | Refusal> {
    return new Promise((resolve, reject) => {
      this.callers.push({ proposal, resolve, reject });
      if (!this.isRunning) void this.run();
    });
  }

  /** As `recordGroup`, in its turn. */
  submitTogether(proposals: readonly Proposal<S, R>[], options?: GroupOptions): Promise<Receipt[] | Refusal> {
    return new Promise((resolve, reject) => {
      this.callers.push({ proposals, options, resolve, reject });
      if (!this.isRunning) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    while (this.callers.length > 0) {
      // All commands that arrive in this turn of the event loop share the sync.
      await setImmediate();
      const [next] = this.callers;
      if (next && isGroup(next)) {
        this.callers.shift();
        await this.recordTogether(next);
      } else await this.recordBatch(this.takeBatch());
    }
    this.isRunning = false;
  }

  /** Those who wait before the next group. */
  private takeBatch(): Caller<S, R>[] {
    const batch: Caller<S, R>[] = [];
    for (const caller of this.callers.slice(0, MAX_BATCH)) {
      if (isGroup(caller)) break;
      batch.push(caller);
    }
    this.callers.splice(0, batch.length);
    return batch;
  }

  private async recordTogether(group: Group<S, R>): Promise<void> {
    const { appendTimes } = this.options;
    const { proposals, options, resolve, reject } = group;
    try {
      const answer = await recordGroup(this.open, this.store, proposals, { ...options, appendTimes });
      this.conflicts = 0;
      resolve(answer);
    } catch (error) {
      const again = await this.caughtUpAfter(error);
      if (again !== true) reject(again);
      else if (this.mayDecideAgain()) this.callers.unshift(group);
      else resolve(BUSY);
    }
  }

  private async recordBatch(batch: Caller<S, R>[]): Promise<void> {
    const { open, store } = this;
    try {
      const proposals = batch.map(({ proposal }) => proposal);
      const plan = planBatch(open, proposals, store.maxAppendBytes);
      this.callers.unshift(...batch.splice(plan.outcomes.length));
      if (plan.records.length > 0) await this.append(plan);
      else if (await this.isOutdated(plan)) return this.decideAgain(batch);
      this.answer(batch, plan);
    } catch (error) {
      await this.retryOrReject(batch, error);
    }
  }

  private async append({ from, records }: Plan<S, R>): Promise<void> {
    const begun = performance.now();
    await this.store.append(this.open.kind.stream, from, records);
    this.options.appendTimes?.addSince(begun);
  }

  private answer(batch: readonly Caller<S, R>[], plan: Plan<S, R>): void {
    this.conflicts = 0;
    if (plan.records.length > 0) this.open.commit(plan.records, plan.state);
    const answers = batch.map(({ proposal }, index) =>
      this.answerTo(proposal, plan.outcomes[index] as Outcome),
    );
    answers.forEach((answer, index) => batch[index]?.resolve(answer));
  }

  private answerTo(proposal: Proposal<S, R>, outcome: Outcome): Receipt | Refusal {
    if (outcome instanceof Refusal) return outcome;
    const { first, count, notices = proposal.notices?.(this.open.state, first + count) } = outcome;
    return { ...this.open.receipt(proposal.study, { first, count }), ...notices };
  }

  /** Whether other processes have recorded since a refusal was decided that no append confirms. */
  private async isOutdated({ outcomes }: Plan<S, R>): Promise<boolean> {
    if (this.store.soleWriter || !outcomes.some((outcome) => outcome instanceof Refusal)) return false;
    const { size } = this.open;
    await this.open.catchUp();
    const hasOtherGrown = await this.options.refresh?.();
    return hasOtherGrown || this.open.size !== size;
  }

  private async retryOrReject(batch: readonly Caller<S, R>[], error: unknown): Promise<void> {
    const again = await this.caughtUpAfter(error);
    if (again === true) return this.decideAgain(batch);
    // Refusals may rest on records of this batch that were not written, so all callers get the error.
    for (const { reject } of batch) reject(again);
  }

  /** True where another process recorded first and this one has caught up with it; else the error to answer with. */
  private async caughtUpAfter(error: unknown): Promise<unknown> {
    if (!isStoreError(error, 'conflict')) return error;
    try {
      await this.open.catchUp();
      await this.options.refresh?.();
      return true;
    } catch (cause) {
      return cause;
    }
  }

  private decideAgain(batch: readonly Caller<S, R>[]): void {
    if (this.mayDecideAgain()) this.callers.unshift(...batch);
    else for (const { resolve } of batch) resolve(BUSY);
  }

  private mayDecideAgain(): boolean {
    if (++this.conflicts < MAX_CONFLICTS) return true;
    this.conflicts = 0;
    return false;
  }
}

function isGroup<S, R extends RecordAttributes>(caller: Caller<S, R> | Group<S, R>): caller is Group<S, R> {
  return 'proposals' in caller;
}
