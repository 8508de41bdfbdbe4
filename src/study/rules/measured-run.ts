import type { Protocol } from '../protocol.js';
import type { Fact, Protocols } from '../study.js';
import { WITHOUT_LADDER, deriveThreshold, logInterval, type Interval, type Threshold } from './threshold.js';

/** A recorded run with what is computed from it under the protocol version that it pins. */
export interface MeasuredRun {
  readonly fact: Fact<'ThresholdRecorded'>;
  readonly threshold: Threshold;
  /** log10(10,000 · g) for verdicts; null where there is nothing to compare. */
  readonly log: Interval | null;
}

export interface ScoredRun extends MeasuredRun {
  readonly log: Interval;
}

export function isScored(run: MeasuredRun): run is ScoredRun {
  return run.log !== null;
}

/** A protocol with a ladder says how runs are censored; where there is no ladder, no run has a value. */
const BOUNDS = { policy: 'bound' } as const;

/** What was computed once, with the protocol it was computed under. */
const measured = new WeakMap<Fact, { readonly run: MeasuredRun; readonly under: Protocol }>();

export function measure(fact: Fact<'ThresholdRecorded'>, protocols: Protocols): MeasuredRun {
  const under = protocols.of(fact);
  const known = measured.get(fact);
  if (known?.under === under) return known.run;
  const { ladder, censoring = BOUNDS, reading } = under;
  const threshold = ladder ? deriveThreshold(ladder, fact.data.touches, reading) : WITHOUT_LADDER;
  const run = { fact, threshold, log: logInterval(threshold, censoring) };
  measured.set(fact, { run, under });
  return run;
}
