import type { DoseFact } from './administration.js';
import type { Chart } from './chart.js';
import { lastBefore } from './reference.js';
import { judgeRise, judgedBy } from './responder.js';
import { NO_RULE, undecided, type Verdict } from './verdict.js';

export interface DoseVerdict {
  /** Whether the dose was effective alone, with stimulation off, at any time point of the titration's window. */
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
 * The effect of a dose alone, by the protocol's responder rule against the threshold before the drug. Runs during or
 * after a stimulation that followed it are left out.
 */
export function judgeEffect(dose: DoseFact, chart: Chart): Verdict {
  const { responder, titration } = chart.protocols.of(dose);
  if (!responder || !titration) return undecided(null, NO_RULE, () => [dose.holder]);
  const rule = { ...responder, reference: 'pre-drug' as const, aggregate: 'max' as const };
  const stimulatedAt = chart.stimulations.at(chart.stimulations.before(dose.at))?.at ?? Infinity;
  const course = chart.runsOf(dose.number);
  if (course.countMinutes(titration.windowMinutes, stimulatedAt) < titration.minPoints)
    return undecided(judgedBy(rule), 'too-few-points', () => [dose.holder]);
  const points = course.within(titration.windowMinutes);
  const count = points.before(stimulatedAt);
  const reference = lastBefore(chart, dose.at, dose, rule.referenceWithinMinutes);
  return judgeRise(rule, chart, { points, count, reference }, () => [dose.holder, ...points.holders(count)]);
}
