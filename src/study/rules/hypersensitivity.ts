import { dayBegins, localDay } from '../instant.js';
import type { Protocol } from '../protocol.js';
import type { HypersensitivityRule } from '../protocol/rules.js';
import type { Fact } from '../study.js';
import type { Chart } from './chart.js';
import { inductionType } from './induction.js';
import { HUNDRED, difference, percentOf } from './interval.js';
import type { Reading, Readings } from './readings.js';
import { preLesion } from './reference.js';
import { judgedAssay, scaleOf, type Scale } from './scale.js';
import type { Interval } from './threshold.js';
import { NO_RULE, judge, undecided, type Judged, type Verdict } from './verdict.js';

/**
 * Whether the model made the animal hypersensitive: the worsening from its own baseline, judged at the reading that the
 * protocol names, before any treatment.
 */
export function judgeHypersensitivity(chart: Chart): Verdict {
  const induction = chart.inductions.first;
  const protocol = chart.protocols.of(induction);
  const { hypersensitivity: rule } = protocol;
  if (!rule) return undecided(null, NO_RULE);
  const scale = scaleOf(judgedAssay(rule, protocol));
  const judged = judgedBy(rule, scale);
  if (!induction)
    return undecided(judged, inductionType(protocol) === 'NerveLigated' ? 'not-operated' : 'not-induced');
  const readings = chart.readingsOf(rule, protocol);
  if (!readings) return undecided(judged, 'site-not-known', () => [induction.holder]);
  const baseline = needsBaseline(rule, protocol) ? preLesion(chart, readings) : undefined;
  if (baseline === null) return undecided(judged, 'no-baseline', () => [induction.holder]);
  const reading = findJudged(chart, readings, induction, rule);
  const evidence = (): number[] => [induction.holder, ...(baseline?.evidence() ?? [])];
  if (!reading) return undecided(judged, 'not-tested-yet', evidence);
  const used = (): number[] => [...evidence(), reading.fact.holder];
  const value = metricOf(rule, scale, reading.value, baseline?.value ?? reading.value);
  return value ? judge(judged, value, used) : undecided(judged, 'denominator-not-positive', used);
}

/** The reading that decides whether the animal is hypersensitive; undefined as long as there is none. */
export function decidingReading(chart: Chart): Reading | undefined {
  const induction = chart.inductions.first;
  const protocol = chart.protocols.of(induction);
  const { hypersensitivity: rule } = protocol;
  const readings = rule && chart.readingsOf(rule, protocol);
  return induction && readings && findJudged(chart, readings, induction, rule);
}

/** The rule in grams asks for a baseline wherever the protocol has one, though it compares nothing with it. */
function needsBaseline({ metric }: HypersensitivityRule, { baseline }: Protocol): boolean {
  return metric === 'grams' ? baseline !== undefined : metric !== 'absolute';
}

/** The first or the last reading after day 0, from the rule's day on and before any treatment. */
function findJudged(
  { firstTreatmentAt }: Chart,
  { free, farthestEastMs }: Readings,
  induction: Fact,
  { judged, fromDay }: HypersensitivityRule,
): Reading | undefined {
  const day = localDay(induction.time) + fromDay;
  // By the time of day alone, more readings may seem to be in time where clocks have different offsets.
  const from = Math.max(free.upTo(induction.at), free.before(dayBegins(day, farthestEastMs)));
  const end = free.upTo(firstTreatmentAt);
  const [start, step] = judged === 'first-completed' ? [from, 1] : [end - 1, -1];
  for (let index = start; index >= from && index < end; index += step) {
    const reading = free.at(index);
    if (reading && localDay(reading.fact.time) >= day) return reading;
  }
  return undefined;
}

function judgedBy(rule: HypersensitivityRule, { relief }: Scale): Judged {
  return {
    rule: { name: rule.name, version: rule.version, metric: rule.metric },
    limit: rule.limit,
    borderline: rule.borderline,
    met: isItself(rule) && relief > 0 ? 'at-or-below' : 'at-or-above',
  };
}

/** Whether the metric is the test itself and no worsening. */
function isItself({ metric }: HypersensitivityRule): boolean {
  return metric === 'grams' || metric === 'absolute';
}

/** Null where it is a share of nothing. */
function metricOf(
  rule: HypersensitivityRule,
  { inUnit, relief }: Scale,
  test: Interval,
  baseline: Interval,
): Interval | null {
  const worsening = (from: Interval, to: Interval): Interval =>
    relief > 0 ? difference(from, to) : difference(to, from);
  switch (rule.metric) {
    case 'fall-log10e4':
      return difference(baseline, test);
    case 'difference':
      return worsening(inUnit(baseline), inUnit(test));
    case 'percent':
    case 'fall-percent': {
      const left = percentOf(inUnit(test), inUnit(baseline));
      return left && worsening(HUNDRED, left);
    }
    case 'absolute':
    case 'grams':
      return inUnit(test);
  }
}
