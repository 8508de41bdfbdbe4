import { localDay } from '../instant.js';
import type { HypersensitivityRule } from '../protocol.js';
import { factsOf, type Fact, type Protocols } from '../study.js';
import { difference, inGrams, percentOf } from './interval.js';
import { preLesion, scoredRuns } from './measured-run.js';
import type { Interval } from './threshold.js';
import { judge, undecided, type Judged, type Verdict } from './verdict.js';

/**
 * Whether the lesion made the paw hypersensitive: the fall of the threshold from the animal's own baseline, judged at
 * the run that the protocol names, before any treatment.
 */
export function judgeHypersensitivity(history: readonly Fact[], protocols: Protocols): Verdict {
  const ligation = factsOf(history, 'NerveLigated')[0];
  const { hypersensitivity: rule } = protocols.of(ligation);
  const judged = judgedBy(rule);
  if (!ligation) return undecided(judged, 'not-operated');
  const baseline = preLesion(history, protocols);
  if (!baseline) return undecided(judged, 'no-baseline', [ligation.holder]);
  const treated =
    history.find(({ type }) => type === 'SCSApplied' || type === 'KetamineAdministered')?.at ?? Infinity;
  const candidates = scoredRuns(history, protocols).filter(
    ({ fact }) =>
      fact.at > ligation.at &&
      fact.at <= treated &&
      fact.data.session === undefined &&
      localDay(fact.time) - localDay(ligation.time) >= rule.fromDay,
  );
  const run = candidates.at(rule.judged === 'first-completed' ? 0 : -1);
  const evidence = [ligation.holder, ...baseline.evidence];
  if (!run) return undecided(judged, 'not-tested-yet', evidence);
  return judge(judged, metric(rule, run.log, baseline.log), [...evidence, run.fact.holder]);
}

function judgedBy(rule: HypersensitivityRule): Judged {
  return {
    rule: { name: rule.name, version: rule.version, metric: rule.metric },
    limit: rule.limit,
    borderline: rule.borderline,
    met: rule.metric === 'grams' ? 'at-or-below' : 'at-or-above',
  };
}

function metric(rule: HypersensitivityRule, test: Interval, baseline: Interval): Interval {
  switch (rule.metric) {
    case 'fall-log10e4':
      return difference(baseline, test);
    case 'fall-percent': {
      const left = percentOf(inGrams(test), inGrams(baseline));
      return { lower: 100 - left.upper, upper: 100 - left.lower };
    }
    case 'grams':
      return inGrams(test);
  }
}
