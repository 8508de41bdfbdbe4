import { setImmediate } from 'node:timers/promises';
import type { EventStore } from '../store/event-store.js';
import { StoreError, isStoreError } from '../store/store-error.js';
import type { RecordAttributes } from '../study/record.js';
import { Refusal } from '../study/refusal.js';
import type { OpenStream, Receipt } from './open-stream.js';
import { planBatch, type Plan, type PlanBase, type Proposal } from './write-plan.js';

/** As many are decided before others of this process have a turn. */
const MAX_PART = 512;

interface GroupOptions {
  readonly appendTimes?: { addSince(begun: number): void } | undefined;
  /** How many are recorded so far. */
  readonly progress?: ((done: number) => void) | undefined;
}

/**
 * Records all of what is proposed, in order, or nothing where one is refused: the first refusal is the answer. Everything is
 * decided before the first append. What one append takes stands or falls as one; a larger group is appended in parts, with
 * nobody of this process between them.
 *
 * @throws StoreError `unknown-outcome` where a later part fails: proposing the same again completes the group. Any other
 * StoreError leaves nothing recorded.
 */
export async function recordGroup<S, R extends RecordAttributes>(
  open: OpenStream<S, R>,
  store: EventStore,
  proposals: readonly Proposal<S, R>[],
  { appendTimes, progress }: GroupOptions = {},
): Promise<Receipt[] | Refusal> {
  const parts = await planParts(open, proposals, store.maxAppendBytes);
  if (parts instanceof Refusal) return parts;
  const receipts: Receipt[] = [];
  let isBegun = false;
  for (const { from, records, state, outcomes } of parts) {
    if (records.length > 0) {
      const begun = performance.now();
      try {
        await store.append(open.kind.stream, from, records);
      } catch (error) {
        throw isBegun ? cutOff(error) : error;
      }
      isBegun = true;
      appendTimes?.addSince(begun);
      open.commit(records, state);
    }
    for (const outcome of outcomes) {
      if (outcome instanceof Refusal) throw new Error('a group with a refusal is not recorded');
      const { study } = proposals[receipts.length]!;
      receipts.push({ ...open.receipt(study, outcome), ...outcome.notices });
    }
    progress?.(receipts.length);
  }
  return receipts;
}

async function planParts<S, R extends RecordAttributes>(
  open: OpenStream<S, R>,
  proposals: readonly Proposal<S, R>[],
  maxBytes: number,
): Promise<Plan<S, R>[] | Refusal> {
  const parts: Plan<S, R>[] = [];
  let base: PlanBase<S, R> = open;
  for (let done = 0; done < proposals.length;) {
    const plan = planBatch(base, proposals.slice(done, done + MAX_PART), maxBytes);
    const refusal = plan.outcomes.find((outcome) => outcome instanceof Refusal);
    if (refusal instanceof Refusal) return refusal;
    parts.push(plan);
    done += plan.outcomes.length;
    base = {
      kind: open.kind,
      size: plan.from + plan.records.length,
      state: plan.state,
      answerTo: (id) => open.answerTo(id),
    };
    if (done < proposals.length) await setImmediate();
  }
  return parts;
}

function cutOff(cause: unknown): StoreError {
  const why = isStoreError(cause) ? cause.message : 'The store failed.';
  return new StoreError('unknown-outcome', `${why} A part was recorded before.`, { cause });
}
