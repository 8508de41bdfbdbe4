import type { Findings } from './findings.js';

/** An anchor may be late by so many intervals: one passes anyway, and a machine may be busy. */
const INTERVALS = 3;

/**
 * Whether the lab goes on recording heads. Time is that of the ledger's own records: a log is overdue where others, or it
 * itself, went on for longer than that after its first record that no anchor covers. No anchor is due while nothing is recorded.
 */
export class Overdue {
  private newestMs = -Infinity;
  private readonly waiting = new Map<string, { readonly record: number; readonly sinceMs: number }>();

  /** To be told of every record, and of how many of its log are anchored. */
  take(log: string, record: number, recordedMs: number, anchored: number): void {
    if (recordedMs > this.newestMs) this.newestMs = recordedMs;
    if (record === anchored) this.waiting.set(log, { record, sinceMs: recordedMs });
  }

  tell(intervalMs: number, findings: Findings): void {
    for (const [log, { record, sinceMs }] of this.waiting)
      if (this.newestMs - sinceMs > INTERVALS * intervalMs)
        findings.incomplete(
          'unanchored',
          log,
          `record ${record}, of ${new Date(sinceMs).toISOString()}, and what follows it are not anchored, though the ledger was written to until ${new Date(this.newestMs).toISOString()}: anchoring has stopped`,
          { record },
        );
  }
}
