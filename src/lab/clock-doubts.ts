import { instantMs } from '../study/instant.js';
import type { RecordAttributes } from '../study/record.js';
import type { ClockAnomaly, ClockConfirmed } from './events.js';

/** A clock is adjusted, and two of them differ, by less than this. */
export const CLOCK_TOLERANCE_MS = 120_000;

/** From a leap of the clock to its return or its confirmation: what was recorded between them may bear wrong times. */
export interface ClockDoubt {
  /** The lab record that shows it: of the leap where that was noticed, otherwise of the return. */
  readonly labRecord: number;
  /** Only later recorded times are in doubt, ms. */
  readonly afterMs: number;
  /** The lab record that ends it; undefined while it lasts. */
  readonly endedBy?: number;
  /** The cause that a person gave for the confirmation. */
  readonly confirmed?: string;
}

export type ClockDoubts = readonly ClockDoubt[];

/** A clock ahead of the last record leapt; one behind it has come back, or went wrong the other way. */
export function noteAnomaly(
  doubts: ClockDoubts,
  labRecord: number,
  { lastRecorded, clock }: ClockAnomaly,
): ClockDoubts {
  const [lastMs, clockMs] = [instantMs(lastRecorded) ?? 0, instantMs(clock) ?? 0];
  const open = openDoubt(doubts);
  if (clockMs > lastMs)
    // Half the tolerance lies between the last time before the leap and the first after it.
    return open ? doubts : [...doubts, { labRecord, afterMs: clockMs - CLOCK_TOLERANCE_MS / 2 }];
  if (!open) return [...doubts, { labRecord, afterMs: clockMs, endedBy: labRecord }];
  const ended = { ...open, afterMs: Math.min(open.afterMs, clockMs), endedBy: labRecord };
  return [...doubts.slice(0, -1), ended];
}

export function noteConfirmation(
  doubts: ClockDoubts,
  labRecord: number,
  { cause }: ClockConfirmed,
): ClockDoubts {
  const open = openDoubt(doubts);
  return open ? [...doubts.slice(0, -1), { ...open, endedBy: labRecord, confirmed: cause }] : doubts;
}

export function openDoubt(doubts: ClockDoubts): ClockDoubt | undefined {
  const last = doubts.at(-1);
  return last && last.endedBy === undefined ? last : undefined;
}

/**
 * The records of a stream whose times are in doubt, as the first and the last number. Recorded times never go back: those
 * that bear the same one as a record in doubt, after the clock came back, are in doubt as well.
 */
export function recordsInDoubt(
  records: Iterable<{ readonly number: number; readonly record: RecordAttributes }>,
  { afterMs, endedBy = Infinity, confirmed }: ClockDoubt,
): { readonly from: number; readonly to: number } | undefined {
  let found: { from: number; to: number } | undefined;
  let last = '';
  for (const { number, record } of records) {
    const { labsize = 0, recordedtime } = record;
    if ((instantMs(recordedtime) ?? 0) <= afterMs) continue;
    if (labsize > endedBy && (confirmed !== undefined || recordedtime !== last)) break;
    last = recordedtime;
    found = { from: found?.from ?? number, to: number };
  }
  return found;
}
