import { setImmediate } from 'node:timers/promises';
import type { EventStore } from '../store/event-store.js';
import { StoreError, isStoreError } from '../store/store-error.js';
import type { RecordAttributes } from '../study/record.js';
import { Refusal, refuse } from '../study/refusal.js';
import type { OpenStream, Receipt } from './open-stream.js';
import { planBatch, type Plan, type PlanBase, type Proposal } from './write-plan.js';

/** As many are decided before others of this process have a turn. */
const MAX_PART = 512;

export interface GroupOptions {
  readonly appendTimes?: { addSince(begun: number): void } | undefined;
  /** How many are recorded so far. */
  readonly progress?: ((done: number) => void) | undefined;
  /** Takes also what the store cannot keep together: a crash may then leave the first parts alone. */
  readonly mayBeCut?: boolean | undefined;
}

/**
 * Records all of what is proposed, in order, or nothing where one is refused: the first refusal is the answer. Everything is
 * decided before the first append. A group that is larger than one append takes several, in one turn of the event loop, where
 * the store keeps those together; any other store takes no such group, unless it may be cut.
 *
 * @throws StoreError `unknown-outcome` where a later part of a group that may be cut fails: proposing the same again completes
 * it. Any other StoreError leaves nothing recorded.
 */
export async function recordGroup<S, R extends RecordAttributes>(
  open: OpenStream<S, R>,
  store: EventStore,
  proposals: readonly Proposal<S, R>[],
  { appendTimes, progress, mayBeCut = false }: GroupOptions = {},
): Promise<Receipt[] | Refusal> {
  const parts = await planParts(open, proposals, store.maxAppendBytes);
  if (parts instanceof Refusal) return parts;
  const written = parts.filter(({ records }) => records.length > 0);
  const isWhole = written.length < 2 || store.groupsAppends;
  if (!isWhole && !mayBeCut) return tooLarge(written, store.maxAppendBytes);
  const append = async ({ from, records }: Plan<S, R>): Promise<void> => {
    const begun = performance.now();
    await store.append(open.kind.stream, from, records);
    appendTimes?.addSince(begun);
  };
  if (isWhole) await Promise.all(written.map(append));
  const receipts: Receipt[] = [];
  let isBegun = false;
  for (const part of parts) {
    const { records, state, outcomes } = part;
    if (records.length > 0) {
      if (!isWhole) {
        await append(part).catch((error: unknown) => {
          throw isBegun ? cutOff(error) : error;
        });
        isBegun = true;
      }
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

function tooLarge(parts: readonly { records: readonly { text: string }[] }[], most: number): Refusal {
  const texts = parts.flatMap(({ records }) => records.map(({ text }) => text));
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const fits = Math.max(1, Math.floor((texts.length * most) / bytes));
  return refuse(
    'group-too-large',
    `${texts.length} records of ${bytes} bytes in all are more than this store records together, which is ${most} bytes, or some ${fits} such records: divide the file, or let the import go on in parts (keepGoing).`,
    'file',
  );
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
