import type { Submission } from '../study/commands/common/command.js';
import { instantMs, utcInstant } from '../study/instant.js';

/**
 * The time that it is for a record, in ms, by the clock on the wall. `recordedMs` is the stream's last recorded time. A
 * clock may be behind it; then `recordedtime` repeats it, see `recordedTime`.
 */
export type RecordClock = (recordedMs: number, submission?: Submission) => number;

/** Recorded times of a stream never go back. */
export function recordedTime(nowMs: number, recordedMs: number): string {
  return utcInstant(Math.max(nowMs, recordedMs));
}

/** A submission of a simulated ledger brings its own time. */
export function recordClock(clock: () => number): RecordClock {
  return (_recordedMs, submission) => {
    const simulated = submission?.clock === undefined ? undefined : instantMs(submission.clock);
    return simulated ?? clock();
  };
}
