import type { Submission } from '../study/commands/common/command.js';
import { instantMs } from '../study/instant.js';

/** The time to write into a record, in ms: the clock, but never before the stream's last record. */
export type RecordClock = (recordedMs: number, submission?: Submission) => number;

/** A submission of a simulated ledger brings its own time. */
export function recordClock(clock: () => number): RecordClock {
  return (recordedMs, submission) => {
    const simulated = submission?.clock === undefined ? undefined : instantMs(submission.clock);
    return Math.max(simulated ?? clock(), recordedMs);
  };
}
