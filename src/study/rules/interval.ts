import { toGrams } from './ladder.js';
import type { Interval } from './threshold.js';

/**
 * Interval arithmetic on readings: a point, or a half-line where there is only a bound. Every result encloses all
 * values that the operands allow, so a verdict from its ends is certain.
 */
export const UNKNOWN: Interval = { lower: -Infinity, upper: Infinity };

export function isPoint({ lower, upper }: Interval): boolean {
  return lower === upper;
}

export function difference(a: Interval, b: Interval): Interval {
  return { lower: a.lower - b.upper, upper: a.upper - b.lower };
}

export function greater(a: Interval, b: Interval): Interval {
  return { lower: Math.max(a.lower, b.lower), upper: Math.max(a.upper, b.upper) };
}

export const HUNDRED: Interval = { lower: 100, upper: 100 };

export const NOTHING: Interval = { lower: 0, upper: 0 };

export function plus(a: Interval, b: Interval): Interval {
  return { lower: a.lower + b.lower, upper: a.upper + b.upper };
}

export function divide({ lower, upper }: Interval, by: number): Interval {
  return { lower: lower / by, upper: upper / by };
}

/** From log10(10,000 · g) to grams; no bound below becomes 0 g. */
export function inGrams({ lower, upper }: Interval): Interval {
  return { lower: toGrams(lower), upper: toGrams(upper) };
}

export function negated({ lower, upper }: Interval): Interval {
  return { lower: -upper, upper: -lower };
}

/** a as a percentage of b, neither of them negative. Null where b is nothing. */
export function percentOf(a: Interval, b: Interval): Interval | null {
  if (!(b.upper > 0)) return null;
  return { lower: (100 * a.lower) / b.upper, upper: a.upper === 0 ? 0 : (100 * a.upper) / b.lower };
}

/**
 * 100 · (x − from) / (to − from): how far x has come from one value to another. Null where the way is not certainly
 * longer than nothing, since a denominator of zero or less says nothing.
 */
export function percentOfWay(x: Interval, from: Interval, to: Interval): Interval | null {
  if (!(to.lower - from.upper > 1e-9)) return null;
  const corners: number[] = [];
  for (const point of [x.lower, x.upper]) {
    for (const start of [from.lower, from.upper]) {
      for (const end of [to.lower, to.upper]) corners.push(shareOfWay(point, start, end));
    }
  }
  // The share is monotone in each operand, so its extremes lie in the corners; an unbounded corner allows any value.
  if (corners.some(Number.isNaN)) return UNKNOWN;
  return { lower: 100 * Math.min(...corners), upper: 100 * Math.max(...corners) };
}

function shareOfWay(x: number, from: number, to: number): number {
  // The lower `from` is, the closer the share of any fixed x comes to 1.
  if (from === -Infinity) return Number.isFinite(x) && Number.isFinite(to) ? 1 : NaN;
  return (x - from) / (to - from);
}
