import type { ResponderRule } from '../protocol/rules.js';
import type { Fact } from '../study.js';
import type { Chart, Treatment } from './chart.js';
import { NOTHING, difference, divide, greater, inGrams, percentOf, percentOfWay, plus } from './interval.js';
import type { ScoredRun } from './measured-run.js';
import type { Ordered } from './ordered.js';
import { lastBefore, preLesion, type Reference } from './reference.js';
import type { Interval } from './threshold.js';
import { NO_RULE, judge, undecided, type Judged, type Verdict } from './verdict.js';

/** Whether the animal responds: the rise of its threshold in the session that the protocol judges. A rise is relief. */
export function judgeResponse(treatment: Treatment, chart: Chart): Verdict {
  const { all, completed, measured } = chart.sessions[treatment];
  const ruleOf = (session: Fact | undefined): ResponderRule | undefined =>
    chart.protocols.of(session).responder;
  const first = ruleOf(all.first);
  const judged = first ? judgedBy(first) : null;
  if (!judged && all.length === 0) return undecided(null, NO_RULE);
  if (all.length === 0) return undecided(judged, 'not-treated-yet');
  if (completed.length === 0) return undecided(judged, 'session-aborted', () => all.holders());
  const session = ruleOf(measured.first)?.judged === 'last-completed' ? measured.last : measured.first;
  if (!session) return undecided(judged, judged ? 'too-few-points' : NO_RULE, () => completed.holders());
  const rule = ruleOf(session);
  if (!rule) return undecided(null, NO_RULE, () => [session.holder]);
  const points = chart.runsOf(session.number).within(rule.windowMinutes);
  const dose = chart.dose(session.data.follows);
  const start = rule.reference === 'pre-drug' ? (dose ?? session) : session;
  const reference =
    rule.reference === 'pre-lesion'
      ? preLesion(chart)
      : lastBefore(chart, start.at, session, rule.referenceWithinMinutes);
  const given = dose ? [dose.holder] : [];
  return judgeRise(rule, chart, { points, count: points.length, reference }, () => [
    session.holder,
    ...given,
    ...points.holders(),
  ]);
}

/** The first `count` runs, and what they are measured from. */
interface Rise {
  readonly points: Ordered<ScoredRun>;
  readonly count: number;
  readonly reference: Reference | null;
}

/** The metric of every point against its reference, aggregated and compared with the limit. */
export function judgeRise(
  rule: ResponderRule,
  chart: Chart,
  { points, count, reference }: Rise,
  evidence: () => readonly number[],
): Verdict {
  const judged = judgedBy(rule);
  if (rule.of !== undefined) return undecided(judged, 'assay-not-judged', evidence);
  const needsBaseline = rule.metric === 'percent-reversal' || rule.metric === 'percent-pre-lesion';
  const baseline = needsBaseline ? preLesion(chart) : undefined;
  if (!reference) return undecided(judged, 'no-reference', evidence);
  if (baseline === null) return undecided(judged, 'no-baseline', evidence);
  const used = (): number[] => [...evidence(), ...reference.evidence(), ...(baseline?.evidence() ?? [])];
  const [from, base] = [reference.log, baseline?.log];
  const key = [rule.metric, rule.cutOffGrams, from.lower, from.upper, base?.lower, base?.upper];
  const addPoint = (so: Rises | null, { log }: ScoredRun): Rises | null =>
    addRise(so, riseOf(rule, log, from, base));
  const rises = points.fold<Rises | null>(key, NO_RISES, addPoint, count);
  if (!rises) return undecided(judged, 'denominator-not-positive', used);
  return judge(judged, aggregate(rule, rises, count), used);
}

/** The rises of some points, aggregated in each way. Null where one of them has no rise. */
interface Rises {
  readonly greatest: Interval;
  readonly sum: Interval;
  readonly last: Interval;
}

const NO_RISES: Rises = {
  greatest: { lower: -Infinity, upper: -Infinity },
  sum: NOTHING,
  last: NOTHING,
};

function addRise(so: Rises | null, rise: Interval | null): Rises | null {
  return so && rise && { greatest: greater(so.greatest, rise), sum: plus(so.sum, rise), last: rise };
}

function aggregate(rule: ResponderRule, { greatest, sum, last }: Rises, count: number): Interval {
  switch (rule.aggregate) {
    case 'any':
    case 'max':
      return greatest;
    case 'mean':
      return divide(sum, count);
    case 'last':
      return last;
  }
}

export function judgedBy(rule: ResponderRule): Judged {
  return {
    rule: { name: rule.name, version: rule.version, metric: rule.metric },
    limit: rule.limit,
    borderline: rule.borderline,
    met: 'at-or-above',
  };
}

function riseOf(
  rule: ResponderRule,
  post: Interval,
  reference: Interval,
  baseline = reference,
): Interval | null {
  switch (rule.metric) {
    case 'log10e4':
      return difference(post, reference);
    case 'grams':
    case 'difference':
      return difference(inGrams(post), inGrams(reference));
    case 'percent': {
      const { lower, upper } = percentOf(inGrams(post), inGrams(reference));
      return { lower: lower - 100, upper: upper - 100 };
    }
    case 'absolute':
      return inGrams(post);
    case 'percent-pre-lesion':
      return percentOf(inGrams(post), inGrams(baseline));
    case 'percent-reversal':
      return percentOfWay(post, reference, baseline);
    case 'percent-mpe': {
      const cutOff = Number(rule.cutOffGrams);
      return percentOfWay(inGrams(post), inGrams(reference), { lower: cutOff, upper: cutOff });
    }
  }
}
