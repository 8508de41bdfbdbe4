import { dayBegins, localDay } from '../instant.js';
import type { HypersensitivityRule } from '../protocol/rules.js';
import type { Fact } from '../study.js';
import type { Chart } from './chart.js';
import { difference, inGrams, percentOf } from './interval.js';
import type { ScoredRun } from './measured-run.js';
import { preLesion } from './reference.js';
import type { Interval } from './threshold.js';
import { NO_RULE, judge, undecided, type Judged, type Verdict } from './verdict.js';

/**
 * Whether the lesion made the paw hypersensitive: the fall of the threshold from the animal's own baseline, judged at
 * the run that the protocol names, before any treatment.
 */
export function judgeHypersensitivity(chart: Chart): Verdict {
  const ligation = chart.ligations.first;
  const { hypersensitivity: rule } = chart.protocols.of(ligation);
  if (!rule) return undecided(null, NO_RULE);
  const judged = judgedBy(rule);
  if (rule.of !== undefined) return undecided(judged, 'assay-not-judged');
  if (!ligation) return undecided(judged, 'not-operated');
  const baseline = preLesion(chart);
  if (!baseline) return undecided(judged, 'no-baseline', () => [ligation.holder]);
  const run = findJudgedRun(chart, ligation, rule);
  const evidence = (): number[] => [ligation.holder, ...baseline.evidence()];
  if (!run) return undecided(judged, 'not-tested-yet', evidence);
  return judge(judged, metric(rule, run.log, baseline.log), () => [...evidence(), run.fact.holder]);
}

/** The first or the last run after the lesion, from the rule's day on and before any treatment. */
function findJudgedRun(
  { freeRuns, farthestEastMs, firstTreatmentAt }: Chart,
  ligation: Fact,
  { judged, fromDay }: HypersensitivityRule,
): ScoredRun | undefined {
  const day = localDay(ligation.time) + fromDay;
  // By the time of day alone, more runs may seem to be in time where clocks have different offsets.
  const from = Math.max(freeRuns.upTo(ligation.at), freeRuns.before(dayBegins(day, farthestEastMs)));
  const end = freeRuns.upTo(firstTreatmentAt);
  const [start, step] = judged === 'first-completed' ? [from, 1] : [end - 1, -1];
  for (let index = start; index >= from && index < end; index += step) {
    const run = freeRuns.at(index);
    if (run && localDay(run.fact.time) >= day) return run;
  }
  return undefined;
}

function judgedBy(rule: HypersensitivityRule): Judged {
  return {
    rule: { name: rule.name, version: rule.version, metric: rule.metric },
    limit: rule.limit,
    borderline: rule.borderline,
    met: isItself(rule) ? 'at-or-below' : 'at-or-above',
  };
}

/** Whether the metric is the test itself and no fall. */
function isItself({ metric }: HypersensitivityRule): boolean {
  return metric === 'grams' || metric === 'absolute';
}

function metric(rule: HypersensitivityRule, test: Interval, baseline: Interval): Interval {
  switch (rule.metric) {
    case 'fall-log10e4':
      return difference(baseline, test);
    case 'difference':
      return difference(inGrams(baseline), inGrams(test));
    case 'percent':
    case 'fall-percent': {
      const left = percentOf(inGrams(test), inGrams(baseline));
      return { lower: 100 - left.upper, upper: 100 - left.lower };
    }
    case 'absolute':
    case 'grams':
      return inGrams(test);
  }
}
