import { minutesBetween } from '../instant.js';
import type { Fact } from '../study.js';
import type { Chart } from './chart.js';
import { NOTHING, divide, plus } from './interval.js';
import type { ScoredRun } from './measured-run.js';
import type { Interval } from './threshold.js';

/** What a rise or a fall is measured from. */
export interface Reference {
  readonly log: Interval;
  /** The records that it rests on. They are listed when they are asked for, as the chart is then. */
  readonly evidence: () => readonly number[];
}

/** The animal's own threshold before the lesion, on the log scale; null where there are too few runs. */
export function preLesion({ ligations, freeRuns, protocols }: Chart): Reference | null {
  const ligation = ligations.first;
  if (!ligation) return null;
  const { baseline } = protocols.of(ligation);
  if (!baseline) return null;
  const count = freeRuns.before(ligation.at);
  if (count < baseline.minRuns) return null;
  const last = freeRuns.at(count - 1);
  if (baseline.aggregate === 'last' && last) return referenceTo(last);
  const sum = freeRuns.fold([], NOTHING, (so, { log }) => plus(so, log), count);
  return { log: divide(sum, count), evidence: () => freeRuns.holders(count) };
}

/** The latest run up to an instant that is none after the start of the session; null where it is older than the rule allows. */
export function lastBefore(
  { runs }: Chart,
  at: number,
  session: Fact,
  withinMinutes = Infinity,
): Reference | null {
  let index = runs.upTo(at) - 1;
  while (isOwnPoint(runs.at(index), session)) index--;
  const run = runs.at(index);
  return run && minutesBetween(run.fact.at, at) <= withinMinutes ? referenceTo(run) : null;
}

function isOwnPoint(run: ScoredRun | undefined, session: Fact): boolean {
  return run?.fact.data.session === session.number && (run.fact.data.minute ?? 1) > 0;
}

function referenceTo({ log, fact }: ScoredRun): Reference {
  return { log, evidence: () => [fact.holder] };
}
