import { minutesBetween } from '../instant.js';
import type { ResponderRule } from '../protocol.js';
import { factsOf, type Fact, type Protocols } from '../study.js';
import { average, difference, greatest, inGrams, percentOf, percentOfWay } from './interval.js';
import { preLesion, scoredRuns, type Reference, type ScoredRun } from './measured-run.js';
import type { Interval } from './threshold.js';
import { judge, undecided, type Judged, type Verdict } from './verdict.js';

/** Stimulation alone, or after a dose of ketamine. */
export type Treatment = 'scs' | 'combination';

/** Whether the animal responds: the rise of its threshold in the session that the protocol judges. A rise is relief. */
export function judgeResponse(treatment: Treatment, history: readonly Fact[], protocols: Protocols): Verdict {
  const sessions = factsOf(history, 'SCSApplied').filter(
    ({ data }) => (data.follows !== undefined) === (treatment === 'combination'),
  );
  const ruleOf = (session: Fact | undefined): ResponderRule => protocols.of(session).responder;
  const judged = judgedBy(ruleOf(sessions[0]));
  if (sessions.length === 0) return undecided(judged, 'not-treated-yet');
  const ended = sessions.filter(({ data }) => data.outcome === 'completed');
  if (ended.length === 0)
    return undecided(
      judged,
      'session-aborted',
      sessions.map(({ holder }) => holder),
    );
  const runs = scoredRuns(history, protocols);
  const complete = ended.filter((session) => {
    const { windowMinutes, minPoints } = ruleOf(session);
    return minutesOf(pointsOf(session, windowMinutes, runs)) >= minPoints;
  });
  const session = complete.at(ruleOf(complete[0]).judged === 'first-completed' ? 0 : -1);
  if (!session)
    return undecided(
      judged,
      'too-few-points',
      ended.map(({ holder }) => holder),
    );
  const rule = ruleOf(session);
  const points = pointsOf(session, rule.windowMinutes, runs);
  const dose = history.find(({ number }) => number === session.data.follows);
  const start = rule.reference === 'pre-drug' ? (dose ?? session) : session;
  const reference =
    rule.reference === 'pre-lesion'
      ? preLesion(history, protocols)
      : lastBefore(start.at, runs, session, rule.referenceWithinMinutes);
  const evidence = [session.holder, ...(dose ? [dose.holder] : []), ...points.map(({ fact }) => fact.holder)];
  return judgeRise(rule, points, reference, preLesion(history, protocols), evidence);
}

/** The metric of every point against its reference, aggregated and compared with the limit. */
export function judgeRise(
  rule: ResponderRule,
  points: readonly ScoredRun[],
  reference: Reference | null,
  baseline: Reference | null,
  evidence: readonly number[],
): Verdict {
  const judged = judgedBy(rule);
  const needsBaseline = rule.metric === 'percent-reversal' || rule.metric === 'percent-pre-lesion';
  if (!reference) return undecided(judged, 'no-reference', evidence);
  if (needsBaseline && !baseline) return undecided(judged, 'no-baseline', evidence);
  const used = [...evidence, ...reference.evidence, ...(needsBaseline ? (baseline?.evidence ?? []) : [])];
  const rises = points.map(({ log }) => rise(rule, log, reference.log, baseline?.log));
  const known = rises.filter((interval) => interval !== null);
  if (known.length < rises.length) return undecided(judged, 'denominator-not-positive', used);
  return judge(judged, aggregatePoints(rule, known), used);
}

/** Runs that name the session and one of the minutes, oldest first. */
export function pointsOf(session: Fact, minutes: readonly number[], runs: readonly ScoredRun[]): ScoredRun[] {
  return runs.filter(
    ({ fact: { data } }) =>
      data.session === session.number && data.minute !== undefined && minutes.includes(data.minute),
  );
}

/** The number of different minutes with points: a run repeated at one minute is no further point. */
export function minutesOf(points: readonly ScoredRun[]): number {
  return new Set(points.map(({ fact }) => fact.data.minute)).size;
}

/**
 * The latest run up to an instant that does not belong to the session; undefined where it is older than the rule allows.
 */
export function lastBefore(
  at: number,
  runs: readonly ScoredRun[],
  session: Fact,
  withinMinutes = Infinity,
): Reference | null {
  const run = runs.findLast(
    ({ fact }) => fact.at <= at && (fact.data.session !== session.number || (fact.data.minute ?? 1) <= 0),
  );
  if (!run || minutesBetween(run.fact.at, at) > withinMinutes) return null;
  return { log: run.log, evidence: [run.fact.holder] };
}

export function judgedBy(rule: ResponderRule): Judged {
  return {
    rule: { name: rule.name, version: rule.version, metric: rule.metric },
    limit: rule.limit,
    borderline: rule.borderline,
    met: 'at-or-above',
  };
}

function rise(
  rule: ResponderRule,
  post: Interval,
  reference: Interval,
  baseline = reference,
): Interval | null {
  switch (rule.metric) {
    case 'log10e4':
      return difference(post, reference);
    case 'grams':
      return difference(inGrams(post), inGrams(reference));
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

function aggregatePoints(rule: ResponderRule, rises: readonly Interval[]): Interval {
  switch (rule.aggregate) {
    case 'any':
    case 'max':
      return greatest(rises);
    case 'mean':
      return average(rises);
    case 'last':
      return rises.at(-1) as Interval;
  }
}
