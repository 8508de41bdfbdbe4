import type { Interval } from './threshold.js';
import { isPoint } from './interval.js';

/** Tolerance of comparisons of derived numbers: larger than the error of binary arithmetic. */
const TOLERANCE = 1e-9;

/** a ≥ b within the tolerance. */
export function reaches(a: number, b: number): boolean {
  return a >= b - TOLERANCE;
}

/** A derived yes, no or not known, with everything it rests on. */
export interface Verdict {
  readonly holds: boolean | null;
  /** Where `holds` is null: why, as a code. */
  readonly why: string | null;
  /** Null where the protocol has no rule for it. */
  readonly rule: { readonly name: string; readonly version: number; readonly metric: string } | null;
  /** The metric, where it is a number; the ends where only bounds are known, null for an open one. */
  readonly value: number | null;
  readonly between: readonly [number | null, number | null] | null;
  readonly limit: number | null;
  /** Distance of the metric's nearer end from the limit; positive where the rule is met. Null where the verdict is. */
  readonly margin: number | null;
  /** The distance is within the protocol's band around the limit. */
  readonly borderline: boolean;
  /**
   * Numbers of the records it rests on, ascending. A rule lists them when they are read, as its chart is then: whoever
   * changes the chart afterwards copies the verdict first.
   */
  readonly evidence: readonly number[];
}

/** Lists the records that a verdict rests on. */
type ListEvidence = () => readonly number[];

/** Of a question that the protocol has no rule for. */
export const NO_RULE = 'not-in-protocol';

export interface Judged {
  readonly rule: Verdict['rule'];
  readonly limit: string;
  readonly borderline: string;
  /** The rule is met at or above the limit, or at or below it. */
  readonly met: 'at-or-above' | 'at-or-below';
}

/** True if the metric's worse end meets the limit, false if its better end does not, otherwise not known. */
export function judge(judged: Judged, metric: Interval, evidence: ListEvidence): Verdict {
  const limit = Number(judged.limit);
  const sign = judged.met === 'at-or-above' ? 1 : -1;
  const [worse, better] = sign > 0 ? [metric.lower, metric.upper] : [metric.upper, metric.lower];
  const yes = reaches(sign * worse, sign * limit);
  const no = !reaches(sign * better, sign * limit);
  const nearer = yes ? worse : no ? better : null;
  const margin = nearer === null ? null : sign > 0 ? nearer - limit : limit - nearer;
  return {
    holds: yes ? true : no ? false : null,
    why: yes || no ? null : 'bound-does-not-settle',
    rule: judged.rule,
    value: isPoint(metric) ? metric.lower : null,
    between: isPoint(metric) ? null : [finite(metric.lower), finite(metric.upper)],
    limit,
    margin,
    borderline: margin !== null && reaches(Number(judged.borderline), Math.abs(margin)),
    get evidence() {
      return ascending(evidence());
    },
  };
}

export function undecided(judged: Judged | null, why: string, evidence: ListEvidence = () => []): Verdict {
  return {
    holds: null,
    why,
    rule: judged && judged.rule,
    value: null,
    between: null,
    limit: judged && Number(judged.limit),
    margin: null,
    borderline: false,
    get evidence() {
      return ascending(evidence());
    },
  };
}

function finite(end: number): number | null {
  return Number.isFinite(end) ? end : null;
}

function ascending(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].sort((a, b) => a - b);
}
