import type { RecordAttributes } from '../study/record.js';
import { Refusal } from '../study/refusal.js';
import type { Answered, OpenStream, Receipt } from './open-stream.js';
import type { Sealed } from './seal.js';

/** What somebody wants recorded. It is decided on the state that it meets, perhaps more than once. */
export interface Proposal<S, R extends RecordAttributes> {
  /** The name of the command, such as RecordThreshold. */
  readonly command: string;
  readonly commandId: string;
  readonly study: string;
  /** Records for the places from `size` on, or why not. Pure: it may be asked again on another state. */
  decide(state: S, size: number): Sealed<R>[] | Refusal;
  /** Why the record that bears the same command id does not answer this command; undefined where it does. */
  isSame(state: S, first: number): Refusal | undefined;
  /** What the caller is told beside the receipt, as of a size: the same whenever it is asked. */
  notices?(state: S, size: number): Partial<Receipt>;
}

interface Recorded extends Answered {
  readonly notices?: Partial<Receipt> | undefined;
}

export type Outcome = Refusal | Recorded;

/** The outcomes of the first of the proposals, and the records of one append. */
export interface Plan<S, R extends RecordAttributes> {
  readonly outcomes: readonly Outcome[];
  /** The size of the stream before the append. */
  readonly from: number;
  readonly records: readonly Sealed<R>[];
  /** The fold over `records`. */
  readonly state: S;
}

/** What a plan begins on: a stream, or the stream as it will be after another plan. */
export type PlanBase<S, R extends RecordAttributes> = Pick<
  OpenStream<S, R>,
  'answerTo' | 'kind' | 'size' | 'state'
>;

/** Decides proposals one after another: all of them, or as many as one append of `maxBytes` takes. */
export function planBatch<S, R extends RecordAttributes>(
  open: PlanBase<S, R>,
  proposals: readonly Proposal<S, R>[],
  maxBytes: number,
): Plan<S, R> {
  const from = open.size;
  const outcomes: Outcome[] = [];
  const records: Sealed<R>[] = [];
  const planned = new Map<string, Recorded>();
  let state = open.kind.draftOf(open.state);
  let bytes = 0;
  for (const proposal of proposals) {
    const { commandId } = proposal;
    const answered = open.answerTo(commandId) ?? planned.get(commandId);
    if (answered) {
      outcomes.push(proposal.isSame(state, answered.first) ?? answered);
      continue;
    }
    const first = from + records.length;
    const decided = proposal.decide(state, first);
    if (decided instanceof Refusal) {
      outcomes.push(decided);
      continue;
    }
    bytes += decided.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    if (records.length > 0 && bytes > maxBytes) break;
    records.push(...decided);
    const parsed = decided.map((sealed) => sealed.parsed);
    state = open.kind.extend(state, parsed);
    const count = decided.length;
    const recorded = { first, count, notices: proposal.notices?.(state, first + count) };
    planned.set(commandId, recorded);
    outcomes.push(recorded);
  }
  return { outcomes, from, records, state };
}
