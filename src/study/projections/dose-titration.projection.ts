import { minutesBetween } from '../instant.js';
import { doseOf, formatQuantity, isSame } from '../quantity.js';
import { measure } from '../rules/measured-run.js';
import type { Threshold } from '../rules/threshold.js';
import { judgeDose } from '../rules/titration.js';
import type { Verdict } from '../rules/verdict.js';
import { factsOf, type Fact } from '../study.js';
import type { Projection, View } from './projection.js';
import { flagsOf } from './unsupported.js';

export interface CoursePoint {
  readonly record: number;
  readonly minute: number | null;
  readonly paw: string;
  readonly run: string;
  readonly grams: number | null;
  readonly log10e4: number | null;
  readonly bound: { relation: '<' | '>'; grams: number } | null;
  readonly status: Threshold['status'];
}

export interface GivenDose {
  readonly record: number;
  readonly occurredAt: string;
  readonly purpose: 'titration' | 'combination';
  readonly dose: string;
  readonly microgram: number;
  readonly microgramPerKg: number;
  readonly bodyWeight: string;
  readonly volume: string;
  readonly lot: string | null;
  readonly operator: string;
  /** Hours since the dose before; null for the first. */
  readonly washoutHours: number | null;
  /** Whether it was effective alone, with stimulation off. */
  readonly effective: boolean | null;
  readonly verdict: Verdict;
  /** Whether any item was scored above 0 after it; null where nothing was scored. */
  readonly sideEffects: boolean | null;
  readonly sideEffectScores: readonly { record: number; minute: number; scores: Record<string, number> }[];
  readonly course: readonly CoursePoint[];
  /** Whether it is of the designated dose and among the evidence of the designation. */
  readonly designated: boolean;
  readonly flags: readonly string[];
}

interface Designation {
  readonly record: number;
  readonly occurredAt: string;
  readonly dose: string;
  readonly evidence: readonly number[];
  readonly justification: string;
  readonly flags: readonly string[];
}

/** Every dose of every animal in order, its effect, and the designated dose with its evidence. */
export const doseTitration: Projection<{
  subjects: { subject: string; doses: GivenDose[]; designations: Designation[] }[];
}> = {
  name: 'dose-titration',
  summary:
    'Per animal: every dose in order, washout, side effects, threshold course, effective or not, designation',
  project: (view) => ({
    subjects: view
      .animals()
      .filter(({ history }) => factsOf(history, 'KetamineAdministered').length > 0)
      .map(({ id, history }) => ({
        subject: id,
        doses: dosesOf(view, history),
        designations: factsOf(history, 'SubEffectiveDoseDesignated').map((fact) => ({
          record: fact.holder,
          occurredAt: fact.time,
          dose: formatQuantity(fact.data.dose),
          evidence: fact.data.evidence,
          justification: fact.data.justification,
          flags: flagsOf(fact, history),
        })),
      })),
  }),
};

function dosesOf(view: View, history: readonly Fact[]): GivenDose[] {
  const doses = factsOf(history, 'KetamineAdministered');
  const designations = factsOf(history, 'SubEffectiveDoseDesignated');
  const isDesignated = (dose: Fact<'KetamineAdministered'>): boolean =>
    designations.some(
      ({ data }) =>
        data.evidence.includes(dose.number) &&
        isSame(
          doseOf(dose.data.dose, dose.data.bodyWeight).microgram,
          doseOf(data.dose, dose.data.bodyWeight).microgram,
        ),
    );
  return doses.map((dose, index) => {
    const { data } = dose;
    const before = doses[index - 1];
    const { effective, sideEffects } = judgeDose(dose, history, view.protocols);
    return {
      record: dose.holder,
      occurredAt: dose.time,
      purpose: data.purpose,
      dose: formatQuantity(data.dose),
      ...doseOf(data.dose, data.bodyWeight),
      bodyWeight: formatQuantity(data.bodyWeight),
      volume: formatQuantity(data.volume),
      lot: data.lot ?? null,
      operator: data.observedBy ?? view.study.records.at(dose.holder)?.record.actor ?? '',
      washoutHours: before ? minutesBetween(before.at, dose.at) / 60 : null,
      effective: effective.holds,
      verdict: effective,
      sideEffects,
      sideEffectScores: factsOf(history, 'SideEffectsScored')
        .filter((fact) => fact.data.after === dose.number)
        .map((fact) => ({
          record: fact.holder,
          minute: fact.data.minute,
          scores: Object.fromEntries(fact.data.scores.map(({ item, score }) => [item, score])),
        })),
      course: courseOf(view, dose, history),
      designated: isDesignated(dose),
      flags: flagsOf(dose, history),
    };
  });
}

function courseOf(view: View, dose: Fact, history: readonly Fact[]): CoursePoint[] {
  return factsOf(history, 'ThresholdRecorded')
    .filter(({ data }) => data.session === dose.number)
    .map((fact) => {
      const { run, grams, log10e4, bound, status } = measure(fact, view.protocols).threshold;
      return {
        record: fact.holder,
        minute: fact.data.minute ?? null,
        paw: fact.data.paw,
        run,
        grams,
        log10e4,
        bound,
        status,
      };
    });
}
