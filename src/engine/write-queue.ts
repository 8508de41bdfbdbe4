import type { EventStore } from '../store/event-store.js';
import { isStoreError } from '../store/store-error.js';
import type { RecordAttributes } from '../study/record.js';
import { Refusal, refuse } from '../study/refusal.js';
import type { Answered, OpenStream, Receipt } from './open-stream.js';
import type { Sealed } from './seal.js';

/** A command that waits: decided on whatever state it meets, perhaps more than once. */
export interface Waiting<S, R extends RecordAttributes> {
  readonly commandId: string;
  readonly study: string;
  /** Records for the places from `size` on, or why not. Pure: it may be asked again on another state. */
  decide(state: S, size: number): Sealed<R>[] | Refusal;
  /** Whether a record that bears the same command id answers the same command. */
  isSame(state: S, first: number): Refusal | undefined;
  /** What the caller is told beside the receipt, as of a size: the same whenever it is asked. */
  notices?(state: S, size: number): Partial<Receipt>;
}

interface Caller<S, R extends RecordAttributes> {
  readonly waiting: Waiting<S, R>;
  resolve(answer: Receipt | Refusal): void;
  reject(error: unknown): void;
}

/** `state`: just after the command's own records, for as long as it is at hand. */
interface Recorded<S> extends Answered {
  readonly state?: S;
}

type Outcome<S> = Refusal | Recorded<S>;

interface Plan<S, R extends RecordAttributes> {
  readonly outcomes: Outcome<S>[];
  readonly records: Sealed<R>[];
  readonly state: S;
}

const MAX_BATCH = 512;
/** Each is a success of another process in the same study; so many in a row mean that this one has to stand back. */
const MAX_CONFLICTS = 16;

/**
 * The write queue of one stream. Commands that wait are decided one after another, each on what those before it would
 * record, and are appended together and synced once (group commit). Nobody is answered before that: a yes is confirmed
 * by the append, and so is every no decided beside it; a no alone is confirmed by a catch-up.
 */
export class WriteQueue<S, R extends RecordAttributes> {
  private callers: Caller<S, R>[] = [];
  private draining = false;

  constructor(
    private readonly open: OpenStream<S, R>,
    private readonly store: EventStore,
  ) {}

  get idle(): boolean {
    return !this.draining;
  }

  submit(waiting: Waiting<S, R>): Promise<Receipt | Refusal> {
    return new Promise((resolve, reject) => {
      this.callers.push({ waiting, resolve, reject });
      if (this.draining) return;
      this.draining = true;
      // Everything that arrives in this turn of the event loop shares the sync.
      setImmediate(() => void this.drain());
    });
  }

  private async drain(): Promise<void> {
    while (this.callers.length > 0) {
      const batch = this.callers.slice(0, MAX_BATCH);
      try {
        const answers = await this.answer(batch.map(({ waiting }) => waiting));
        this.callers.splice(0, answers.length);
        answers.forEach((answer, index) => batch[index]?.resolve(answer));
      } catch (error) {
        // Refusals of this batch may rest on records that now do not stand: nobody gets an answer from it.
        this.callers.splice(0, batch.length);
        for (const caller of batch) caller.reject(error);
      }
    }
    this.draining = false;
  }

  /** Answers to the first of those waiting: to all of them, or to as many as one append takes. */
  private async answer(batch: readonly Waiting<S, R>[]): Promise<(Receipt | Refusal)[]> {
    for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts++) {
      const plan = this.plan(batch);
      if (plan.records.length > 0) {
        if (!(await this.appended(plan))) continue;
      } else if (!this.store.soleWriter && plan.outcomes.some((outcome) => outcome instanceof Refusal)) {
        const { size } = this.open;
        await this.open.catchUp();
        if (this.open.size !== size) continue;
      }
      return plan.outcomes.map((outcome, index) =>
        outcome instanceof Refusal ? outcome : this.receipt(batch[index] as Waiting<S, R>, outcome),
      );
    }
    return batch.map(() =>
      refuse('busy', 'Others kept recording in this study at the same moment: send the command again.'),
    );
  }

  private receipt(waiting: Waiting<S, R>, { first, count, state }: Recorded<S>): Receipt {
    const receipt = this.open.receipt(waiting.study, { first, count });
    return waiting.notices
      ? { ...receipt, ...waiting.notices(state ?? this.open.state, first + count) }
      : receipt;
  }

  /** False where another process recorded first, and this one has caught up with it. */
  private async appended(plan: Plan<S, R>): Promise<boolean> {
    try {
      await this.store.append(this.open.kind.stream, this.open.size, plan.records);
    } catch (error) {
      if (!isStoreError(error, 'conflict')) throw error;
      await this.open.catchUp();
      return false;
    }
    this.open.commit(plan.records, plan.state);
    return true;
  }

  private plan(batch: readonly Waiting<S, R>[]): Plan<S, R> {
    const { open, store } = this;
    const records: Sealed<R>[] = [];
    const outcomes: Outcome<S>[] = [];
    const inBatch = new Map<string, Outcome<S>>();
    let state = open.state;
    let bytes = 0;
    for (const waiting of batch) {
      const answered = open.answerTo(waiting.commandId) ?? inBatch.get(waiting.commandId);
      if (answered && !(answered instanceof Refusal)) {
        outcomes.push(waiting.isSame(state, answered.first) ?? answered);
        continue;
      }
      const first = open.size + records.length;
      const decided = waiting.decide(state, first);
      if (decided instanceof Refusal) {
        outcomes.push(decided);
        continue;
      }
      const length = decided.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
      if (records.length > 0 && bytes + length > store.maxAppendBytes) break;
      bytes += length;
      records.push(...decided);
      state = open.kind.fold(
        state,
        decided.map(({ parsed }) => parsed),
      );
      const outcome = { first, count: decided.length, state };
      inBatch.set(waiting.commandId, outcome);
      outcomes.push(outcome);
    }
    return { outcomes, records, state };
  }
}
