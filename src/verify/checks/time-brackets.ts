import type { Findings } from './findings.js';
import type { Anchor } from './anchors.js';
import type { Lab, RecordedToken } from './lab.js';

/** Clocks differ, and an anchor lags the head that it anchors. */
const TOLERANCE_MS = 120_000;

/**
 * Between which times a record can have been written, by the time stamps on the lab around the anchors around it: not
 * before the last token that the lab had received when it anchored what came before, not after the first token over a
 * lab that had anchored the record.
 */
export class TimeBrackets {
  private readonly anchors: readonly Anchor[];
  /** In the order in which the lab received them. */
  private readonly received: readonly RecordedToken[];
  /** In the order of the lab sizes that they are over, each with the earliest time from there on. */
  private readonly over: readonly { readonly size: number; readonly earliestMs: number }[];
  private next = 0;
  private token = 0;
  private stamp = 0;
  private notBefore = -Infinity;
  private notAfter = Infinity;

  constructor(
    private readonly log: string,
    lab: Lab,
    private readonly findings: Findings,
  ) {
    // A simulated clock and a real authority have nothing to do with each other.
    const tokens = lab.simulated ? [] : lab.tokens;
    this.anchors = lab.anchors.get(log) ?? [];
    this.received = tokens;
    let earliestMs = Infinity;
    this.over = tokens
      .toSorted((a, b) => b.size - a.size)
      .map(({ size, genTimeMs }) => ({ size, earliestMs: (earliestMs = Math.min(earliestMs, genTimeMs)) }))
      .reverse();
    this.setNotAfter();
  }

  /** To be called for every record in order. */
  check(record: number, recordedMs: number): void {
    while (record >= (this.anchors[this.next]?.size ?? Infinity)) this.pass(this.anchors[this.next++]!);
    if (recordedMs < this.notBefore - TOLERANCE_MS)
      this.findings.fail(
        'recorded-late',
        this.log,
        `record ${record} says it was recorded at ${iso(recordedMs)}, before the time stamp of ${iso(this.notBefore)} that is older than it: recorded late`,
        { record },
      );
    else if (recordedMs > this.notAfter + TOLERANCE_MS)
      this.findings.fail(
        'recorded-time',
        this.log,
        `record ${record} says it was recorded at ${iso(recordedMs)}, but a time stamp shows it was there at ${iso(this.notAfter)}: the clock was wrong`,
        { record },
      );
  }

  private pass(anchor: Anchor): void {
    for (; (this.received[this.token]?.lab ?? Infinity) < anchor.lab; this.token++)
      this.notBefore = Math.max(this.notBefore, this.received[this.token]!.genTimeMs);
    this.setNotAfter();
  }

  private setNotAfter(): void {
    const covering = this.anchors[this.next];
    if (!covering) {
      this.notAfter = Infinity;
      return;
    }
    while ((this.over[this.stamp]?.size ?? Infinity) <= covering.lab) this.stamp++;
    this.notAfter = this.over[this.stamp]?.earliestMs ?? Infinity;
  }
}

function iso(ms: number): string {
  return Number.isFinite(ms) ? new Date(ms).toISOString() : 'no time';
}
