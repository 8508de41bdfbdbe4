import type { Protocol } from '../protocol.js';
import type { ResponderRule } from '../protocol/rules.js';
import type { Fact } from '../study.js';
import type { Chart, Treatment } from './chart.js';
import {
  HUNDRED,
  NOTHING,
  difference,
  divide,
  greater,
  negated,
  percentOf,
  percentOfWay,
  plus,
} from './interval.js';
import type { Ordered } from './ordered.js';
import type { Reading, Readings } from './readings.js';
import { lastBefore, preLesion, type Reference } from './reference.js';
import { judgedAssay, scaleOf, type Scale } from './scale.js';
import type { Interval } from './threshold.js';
import { NO_RULE, judge, undecided, type Judged, type Verdict } from './verdict.js';

/** A responder rule with the protocol that it stands in. */
export interface RuleOf {
  readonly rule: ResponderRule;
  readonly protocol: Protocol;
}

/**
 * Whether the animal responds: the relief in the session that the protocol judges, a sham left out.
 * @param setting only the stimulations by it, were it a sham.
 */
export function judgeResponse(treatment: Treatment, chart: Chart, setting?: string): Verdict {
  const { all, completed, measured } = chart.sessionsOf(treatment, setting);
  const ruleOf = (session: Fact | undefined): RuleOf | undefined => {
    const protocol = chart.protocols.of(session);
    return protocol.responder && { rule: protocol.responder, protocol };
  };
  const first = ruleOf(all.first);
  const judged = first ? judgedBy(first) : null;
  if (!judged && all.length === 0) return undecided(null, NO_RULE);
  if (all.length === 0) return undecided(judged, 'not-treated-yet');
  if (completed.length === 0) return undecided(judged, 'session-aborted', () => all.holders());
  const isLast = ruleOf(measured.first)?.rule.judged === 'last-completed';
  const session = isLast ? measured.last : measured.first;
  if (!session) return undecided(judged, judged ? 'too-few-points' : NO_RULE, () => completed.holders());
  const its = ruleOf(session);
  const readings = its && chart.readingsOf(its.rule, its.protocol);
  if (!its || !readings)
    return undecided(its ? judgedBy(its) : null, its ? 'site-not-known' : NO_RULE, () => [session.holder]);
  const { rule } = its;
  const points = readings.inSession(session.number).within(rule.windowMinutes);
  const dose = chart.dose(session.data.follows);
  const start = rule.reference === 'pre-drug' ? (dose ?? session) : session;
  const reference =
    rule.reference === 'pre-lesion'
      ? preLesion(chart, readings)
      : lastBefore(readings, start.at, session, rule.referenceWithinMinutes);
  const given = dose ? [dose.holder] : [];
  return judgeRise(its, chart, { readings, points, count: points.length, reference }, () => [
    session.holder,
    ...given,
    ...points.holders(),
  ]);
}

/** The first `count` readings of some points, and what they are measured from. */
interface Rise {
  readonly readings: Readings;
  readonly points: Ordered<Reading>;
  readonly count: number;
  readonly reference: Reference | null;
}

/** The metric of every point against its reference, aggregated and compared with the limit. */
export function judgeRise(
  { rule, protocol }: RuleOf,
  chart: Chart,
  { readings, points, count, reference }: Rise,
  evidence: () => readonly number[],
): Verdict {
  const judged = judgedBy({ rule, protocol });
  const scale = scaleOf(judgedAssay(rule, protocol));
  const needsBaseline = rule.metric === 'percent-reversal' || rule.metric === 'percent-pre-lesion';
  const baseline = needsBaseline ? preLesion(chart, readings) : undefined;
  if (!reference) return undecided(judged, 'no-reference', evidence);
  if (baseline === null) return undecided(judged, 'no-baseline', evidence);
  const used = (): number[] => [...evidence(), ...reference.evidence(), ...(baseline?.evidence() ?? [])];
  const [from, base] = [reference.value, baseline?.value];
  const cutOff = cutOffOf(rule, scale);
  const key = [rule.metric, scale.relief, cutOff, from.lower, from.upper, base?.lower, base?.upper];
  const addPoint = (so: Rises | null, { value }: Reading): Rises | null =>
    addRise(so, riseOf(rule, scale, value, from, base));
  const rises = points.fold<Rises | null>(key, NO_RISES, addPoint, count);
  if (!rises) return undecided(judged, 'denominator-not-positive', used);
  const value = aggregate(rule, rises, count);
  return judge(judged, isTurned(rule, scale) ? negated(value) : value, used);
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

export function judgedBy({ rule, protocol }: RuleOf): Judged {
  const { name, version, metric, limit, borderline } = rule;
  const isFall = isTurned(rule, scaleOf(judgedAssay(rule, protocol)));
  return {
    rule: { name, version, metric },
    limit,
    borderline,
    met: isFall ? 'at-or-below' : 'at-or-above',
  };
}

/** Whether the metric is the value itself, or its share of the baseline, of an assay whose fall is relief. */
function isTurned({ metric }: ResponderRule, { relief }: Scale): boolean {
  return relief < 0 && (metric === 'absolute' || metric === 'percent-pre-lesion');
}

function cutOffOf({ cutOffGrams, of }: ResponderRule, { cutOff }: Scale): number {
  return of === undefined ? Number(cutOffGrams) : (cutOff ?? NaN);
}

/**
 * The relief of one point: the larger, the more. Null where it is a share of nothing, or of a way that is not certainly
 * longer than nothing.
 */
function riseOf(
  rule: ResponderRule,
  scale: Scale,
  post: Interval,
  reference: Interval,
  baseline = reference,
): Interval | null {
  const { inUnit, relief } = scale;
  const up = (value: Interval): Interval => (relief > 0 ? value : negated(value));
  const rise = (to: Interval, from: Interval): Interval =>
    relief > 0 ? difference(to, from) : difference(from, to);
  switch (rule.metric) {
    case 'log10e4':
      return difference(post, reference);
    case 'grams':
    case 'difference':
      return rise(inUnit(post), inUnit(reference));
    case 'percent': {
      const share = percentOf(inUnit(post), inUnit(reference));
      return share && rise(share, HUNDRED);
    }
    case 'absolute':
      return up(inUnit(post));
    case 'percent-pre-lesion': {
      const share = percentOf(inUnit(post), inUnit(baseline));
      return share && up(share);
    }
    case 'percent-reversal':
      return percentOfWay(up(post), up(reference), up(baseline));
    case 'percent-mpe': {
      const cutOff = cutOffOf(rule, scale);
      return percentOfWay(inUnit(post), inUnit(reference), { lower: cutOff, upper: cutOff });
    }
  }
}
