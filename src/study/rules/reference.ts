import { minutesBetween } from '../instant.js';
import type { Fact } from '../study.js';
import type { Chart } from './chart.js';
import { NOTHING, divide, plus } from './interval.js';
import type { Reading, Readings } from './readings.js';
import type { Interval } from './threshold.js';

/** What a rise or a fall is measured from. */
export interface Reference {
  /** On the scale of the readings: of thresholds log10(10,000 · g). */
  readonly value: Interval;
  /** The records that it rests on. They are listed when they are asked for, as the chart is then. */
  readonly evidence: () => readonly number[];
}

/** The animal's own value before day 0, thresholds on the log scale; null where there are too few readings. */
export function preLesion(
  { inductions, thresholds, protocols }: Chart,
  { free }: Readings = thresholds,
): Reference | null {
  const induction = inductions.first;
  if (!induction) return null;
  const { baseline } = protocols.of(induction);
  if (!baseline) return null;
  const count = free.before(induction.at);
  if (count < baseline.minRuns) return null;
  const last = free.at(count - 1);
  if (baseline.aggregate === 'last' && last) return referenceTo(last);
  const sum = free.fold([], NOTHING, (so, { value }) => plus(so, value), count);
  return { value: divide(sum, count), evidence: () => free.holders(count) };
}

/**
 * The latest reading up to an instant that is none after the start of the session; null where it is older than the rule
 * allows.
 */
export function lastBefore(
  { all }: Readings,
  at: number,
  session: Fact,
  withinMinutes = Infinity,
): Reference | null {
  let index = all.upTo(at) - 1;
  while (isOwnPoint(all.at(index), session)) index--;
  const reading = all.at(index);
  return reading && minutesBetween(reading.fact.at, at) <= withinMinutes ? referenceTo(reading) : null;
}

function isOwnPoint(reading: Reading | undefined, session: Fact): boolean {
  return reading?.fact.data.session === session.number && (reading.fact.data.minute ?? 1) > 0;
}

function referenceTo({ value, fact }: Reading): Reference {
  return { value, evidence: () => [fact.holder] };
}
