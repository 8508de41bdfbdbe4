import { administrationOf, isTitrated, type DoseFact } from './administration.js';
import type { Chart } from './chart.js';
import { lastBefore } from './reference.js';
import { judgeRise, judgedBy } from './responder.js';
import { NO_RULE, undecided, type Verdict } from './verdict.js';

export interface DoseVerdict {
  /** Whether the dose was effective alone, with stimulation off, at any time point of the window. */
  readonly effective: Verdict;
  /** Whether any item was scored above 0 after it; null where nothing was scored. */
  readonly sideEffects: boolean | null;
  readonly sideEffectRecords: readonly number[];
}

export function judgeDose(dose: DoseFact, chart: Chart): DoseVerdict {
  const scored = [...chart.scoresAfter(dose.number)];
  return {
    effective: judgeEffect(dose, chart),
    sideEffects:
      scored.length === 0 ? null : scored.some(({ data }) => data.scores.some(({ score }) => score > 0)),
    sideEffectRecords: scored.map(({ holder }) => holder),
  };
}

/**
 * The effect of a dose alone, by the protocol's responder rule against the reading before the drug. Where a drug is titrated,
 * it is judged and no other, at the minutes of the titration; else every drug, at those of the rule. Readings during or after
 * a stimulation that followed the dose are left out.
 */
export function judgeEffect(dose: DoseFact, chart: Chart): Verdict {
  const protocol = chart.protocols.of(dose);
  const { responder, titration } = protocol;
  const isJudged = titration ? isTitrated(dose, protocol) : administrationOf(dose).isTreatment;
  if (!responder || !isJudged) return undecided(null, NO_RULE, () => [dose.holder]);
  const { windowMinutes, minPoints } = titration ?? responder;
  const rule = { ...responder, reference: 'pre-drug' as const, aggregate: 'max' as const };
  const judged = judgedBy({ rule, protocol });
  const readings = chart.readingsOf(rule, protocol);
  if (!readings) return undecided(judged, 'site-not-known', () => [dose.holder]);
  const stimulatedAt = chart.stimulations.at(chart.stimulations.before(dose.at))?.at ?? Infinity;
  const course = readings.inSession(dose.number);
  if (course.countMinutes(windowMinutes, stimulatedAt) < minPoints)
    return undecided(judged, 'too-few-points', () => [dose.holder]);
  const points = course.within(windowMinutes);
  const count = points.before(stimulatedAt);
  const reference = lastBefore(readings, dose.at, dose, rule.referenceWithinMinutes);
  return judgeRise({ rule, protocol }, chart, { readings, points, count, reference }, () => [
    dose.holder,
    ...points.holders(count),
  ]);
}
