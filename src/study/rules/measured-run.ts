import type { Protocol } from '../protocol.js';
import { factsOf, type Fact, type Protocols } from '../study.js';
import { average } from './interval.js';
import { deriveThreshold, logInterval, type Interval, type Threshold } from './threshold.js';

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

/** What was computed once, with the protocol it was computed under. */
const measured = new WeakMap<Fact, { readonly run: MeasuredRun; readonly under: Protocol }>();

export function measure(fact: Fact<'ThresholdRecorded'>, protocols: Protocols): MeasuredRun {
  const under = protocols.of(fact);
  const known = measured.get(fact);
  if (known?.under === under) return known.run;
  const threshold = deriveThreshold(under.ladder, fact.data.touches);
  const run = { fact, threshold, log: logInterval(threshold, under.censoring) };
  measured.set(fact, { run, under });
  return run;
}

/** Runs of the ipsilateral paw that can be compared, oldest first. */
export function scoredRuns(history: readonly Fact[], protocols: Protocols): ScoredRun[] {
  return factsOf(history, 'ThresholdRecorded')
    .filter(({ data }) => data.paw === 'ipsilateral')
    .map((fact) => measure(fact, protocols))
    .filter((run): run is ScoredRun => run.log !== null);
}

export interface Reference {
  readonly log: Interval;
  readonly evidence: readonly number[];
}

/** The animal's own threshold before the lesion, on the log scale; null where there are too few runs. */
export function preLesion(history: readonly Fact[], protocols: Protocols): Reference | null {
  const ligation = factsOf(history, 'NerveLigated')[0];
  if (!ligation) return null;
  const { baseline } = protocols.of(ligation);
  const runs = scoredRuns(history, protocols).filter(
    ({ fact }) => fact.at < ligation.at && fact.data.session === undefined,
  );
  if (runs.length < baseline.minRuns) return null;
  const used = baseline.aggregate === 'last' ? runs.slice(-1) : runs;
  return { log: average(used.map(({ log }) => log)), evidence: used.map(({ fact }) => fact.holder) };
}
