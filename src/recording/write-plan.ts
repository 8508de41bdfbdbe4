import type { RecordAttributes } from '../study/record.js';
import { Refusal } from '../study/refusal.js';
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

interface Recorded extends Answered {
  readonly notices?: Partial<Receipt> | undefined;
}

export type Outcome = Refusal | Recorded;

/** What becomes of commands that wait: an outcome for each of the first of them, and the records of one append. */
export interface Plan<S, R extends RecordAttributes> {
  readonly outcomes: readonly Outcome[];
  /** Size that the stream will have when `records` are appended. */
  readonly from: number;
  readonly records: readonly Sealed<R>[];
  /** The fold over `records`. */
  readonly state: S;
  readonly byCommand: ReadonlyMap<string, Recorded>;
}

interface Basis<S, R extends RecordAttributes> {
  readonly open: OpenStream<S, R>;
  /** Plans on their way into the store, oldest first; `open` does not hold them yet. */
  readonly before: readonly Plan<S, R>[];
  readonly maxBytes: number;
}

/** Decides commands one after another: all of them, or as many as one append takes. */
export function planned<S, R extends RecordAttributes>(
  waiting: readonly Waiting<S, R>[],
  { open, before, maxBytes }: Basis<S, R>,
): Plan<S, R> {
  const last = before.at(-1);
  const from = last ? last.from + last.records.length : open.size;
  const outcomes: Outcome[] = [];
  const records: Sealed<R>[] = [];
  const byCommand = new Map<string, Recorded>();
  let state = open.kind.draftOf(last ? last.state : open.state);
  let bytes = 0;
  for (const command of waiting) {
    const { commandId } = command;
    const answered = open.answerTo(commandId) ?? byCommand.get(commandId) ?? inFlight(before, commandId);
    if (answered) {
      outcomes.push(command.isSame(state, answered.first) ?? answered);
      continue;
    }
    const first = from + records.length;
    const decided = command.decide(state, first);
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
    const recorded = { first, count, notices: command.notices?.(state, first + count) };
    byCommand.set(commandId, recorded);
    outcomes.push(recorded);
  }
  return { outcomes, from, records, state, byCommand };
}

function inFlight<S, R extends RecordAttributes>(
  plans: readonly Plan<S, R>[],
  commandId: string,
): Recorded | undefined {
  for (const { byCommand } of plans) {
    const found = byCommand.get(commandId);
    if (found) return found;
  }
  return undefined;
}
