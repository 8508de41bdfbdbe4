import { groupedBy } from '../grouped-by.js';
import { minutesBetween } from '../instant.js';
import { isSameDose } from '../dose.js';
import { doseOf, formatQuantity, type AnyDose } from '../quantity.js';
import {
  administrationOf,
  isDose,
  substanceOf,
  type Administration,
  type DoseFact,
  type Purpose,
} from '../rules/administration.js';
import { chartOf, type Chart } from '../rules/chart.js';
import { measure } from '../rules/measured-run.js';
import type { Threshold } from '../rules/threshold.js';
import { judgeDose } from '../rules/titration.js';
import type { Verdict } from '../rules/verdict.js';
import type { Steps } from '../steps.js';
import { factsOf, type Fact } from '../study.js';
import { defineProjection, type View } from './projection.js';
import { Support } from './unsupported.js';

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
  readonly substance: string;
  readonly purpose: Purpose;
  readonly dose: string;
  /** Null where the dose is no mass, or the body weight that it takes is not known. */
  readonly microgram: number | null;
  readonly microgramPerKg: number | null;
  readonly bodyWeight: string | null;
  readonly volume: string | null;
  readonly lot: string | null;
  readonly operator: string;
  /** Hours since the dose of the same substance before, vehicles and controls left out; null for the first. */
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

interface Titration {
  readonly subject: string;
  readonly doses: GivenDose[];
  readonly designations: Designation[];
}

/** Every dose of every animal in order, its effect, and the designated dose with its evidence. */
export const doseTitration = defineProjection(
  'dose-titration',
  'Per animal: every dose in order, washout, side effects, threshold course, effective or not, designation',
  function* (view): Steps<{ subjects: Titration[] }> {
    const subjects: Titration[] = [];
    for (const { id, history } of view.animals())
      if (history.some(isDose)) subjects.push(yield* titrationOf(view, id, history));
    return { subjects };
  },
);

/** A dose that a designation names as evidence, and the amount that it designates. */
interface Citation {
  readonly cited: number;
  readonly dose: AnyDose;
}

/** One animal, and its facts as the doses need them. */
interface Given {
  readonly view: View;
  readonly chart: Chart;
  readonly support: Support;
  /** By the stimulation or dose that they name. */
  readonly runs: ReadonlyMap<number | undefined, readonly Fact<'ThresholdRecorded'>[]>;
  /** By the dose that is cited. */
  readonly citations: ReadonlyMap<number, readonly Citation[]>;
}

function* titrationOf(view: View, subject: string, history: readonly Fact[]): Steps<Titration> {
  const designations = factsOf(history, 'SubEffectiveDoseDesignated');
  const citations = designations.flatMap(({ data }) =>
    data.evidence.map((cited) => ({ cited, dose: data.dose })),
  );
  const given: Given = {
    view,
    chart: yield* chartOf(history, view.protocols),
    support: new Support(history, view.protocols),
    runs: groupedBy(factsOf(history, 'ThresholdRecorded'), ({ data }) => data.session),
    citations: groupedBy(citations, ({ cited }) => cited),
  };
  const doses: GivenDose[] = [];
  const before = new Map<string, Fact>();
  for (const dose of given.chart.doses) {
    const administration = administrationOf(dose);
    const substance = substanceOf(dose, view.protocols).id;
    doses.push(doseIn(given, { ...administration, substance }, before.get(substance)));
    if (administration.isTreatment) before.set(substance, dose);
    yield;
  }
  return {
    subject,
    doses,
    designations: designations.map((fact) => ({
      record: fact.holder,
      occurredAt: fact.time,
      dose: formatQuantity(fact.data.dose),
      evidence: fact.data.evidence,
      justification: fact.data.justification,
      flags: given.support.flagsOf(fact),
    })),
  };
}

function doseIn(given: Given, administration: Administration, before: Fact | undefined): GivenDose {
  const { view, chart, support } = given;
  const { fact: dose, substance, bodyWeight, volume } = administration;
  const { data } = dose;
  const { effective, sideEffects } = judgeDose(dose, chart);
  return {
    record: dose.holder,
    occurredAt: dose.time,
    substance,
    purpose: data.purpose,
    dose: formatQuantity(data.dose),
    ...doseOf(data.dose, bodyWeight),
    bodyWeight: bodyWeight ? formatQuantity(bodyWeight) : null,
    volume: volume ? formatQuantity(volume) : null,
    lot: data.lot ?? null,
    operator: data.observedBy ?? view.study.records.at(dose.holder)?.record.actor ?? '',
    washoutHours: before ? minutesBetween(before.at, dose.at) / 60 : null,
    effective: effective.holds,
    verdict: effective,
    sideEffects,
    sideEffectScores: [...chart.scoresAfter(dose.number)].map((fact) => ({
      record: fact.holder,
      minute: fact.data.minute,
      scores: Object.fromEntries(fact.data.scores.map(({ item, score }) => [item, score])),
    })),
    course: (given.runs.get(dose.number) ?? []).map((fact) => coursePoint(view, fact)),
    designated: isDesignated(given, dose),
    flags: support.flagsOf(dose),
  };
}

function isDesignated({ citations }: Given, { number, data }: DoseFact): boolean {
  return (citations.get(number) ?? []).some(({ dose }) => isSameDose(dose, data.dose, data.bodyWeight));
}

function coursePoint(view: View, fact: Fact<'ThresholdRecorded'>): CoursePoint {
  const { run, grams, log10e4, bound, status } = measure(fact, view.protocols).threshold;
  const { minute = null, paw } = fact.data;
  return { record: fact.holder, minute, paw, run, grams, log10e4, bound, status };
}
