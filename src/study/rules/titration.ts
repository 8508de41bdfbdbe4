import { factsOf, type Fact, type Protocols } from '../study.js';
import { preLesion, scoredRuns } from './measured-run.js';
import { judgeRise, judgedBy, lastBefore, minutesOf, pointsOf } from './responder.js';
import { undecided, type Verdict } from './verdict.js';

export interface DoseVerdict {
  /** Whether the dose was effective alone, with stimulation off, at any time point of the titration's window. */
  readonly effective: Verdict;
  /** Whether any item was scored above 0 after it; null where nothing was scored. */
  readonly sideEffects: boolean | null;
  readonly sideEffectRecords: readonly number[];
}

/**
 * The effect of a dose alone, by the protocol's responder rule against the threshold before the drug. Runs during or
 * after a stimulation that followed it are left out.
 */
export function judgeDose(
  dose: Fact<'KetamineAdministered'>,
  history: readonly Fact[],
  protocols: Protocols,
): DoseVerdict {
  const { responder, titration } = protocols.of(dose);
  const rule = { ...responder, reference: 'pre-drug' as const, aggregate: 'max' as const };
  const stimulated = factsOf(history, 'SCSApplied').find(({ at }) => at >= dose.at)?.at ?? Infinity;
  const runs = scoredRuns(history, protocols);
  const points = pointsOf(dose, titration.windowMinutes, runs).filter(({ fact }) => fact.at < stimulated);
  const effective =
    minutesOf(points) < titration.minPoints
      ? undecided(judgedBy(rule), 'too-few-points', [dose.holder])
      : judgeRise(
          rule,
          points,
          lastBefore(dose.at, runs, dose, rule.referenceWithinMinutes),
          preLesion(history, protocols),
          [dose.holder, ...points.map(({ fact }) => fact.holder)],
        );
  const scored = factsOf(history, 'SideEffectsScored').filter(({ data }) => data.after === dose.number);
  return {
    effective,
    sideEffects:
      scored.length === 0 ? null : scored.some(({ data }) => data.scores.some(({ score }) => score > 0)),
    sideEffectRecords: scored.map(({ holder }) => holder),
  };
}
