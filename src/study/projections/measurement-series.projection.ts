import { groupedBy } from '../grouped-by.js';
import type { Assay } from '../protocol/measurements.js';
import { injuredSideOf } from '../rules/induction.js';
import { isPoint } from '../rules/interval.js';
import { assayOf, resultOf, type Trial } from '../rules/measurement.js';
import type { Steps } from '../steps.js';
import { factsOf, type Fact } from '../study.js';
import { baseOfPhases, phaseOf, type Phase } from './phase.js';
import { defineProjection, type View } from './projection.js';
import { inOrder, supersededFacts } from './superseded.js';
import { Support } from './unsupported.js';

export interface SeriesMeasurement {
  readonly record: number;
  readonly occurredAt: string;
  readonly site: string;
  /** As read. */
  readonly trials: readonly Trial[];
  /** In the unit of the assay; null where there is a bound, or no result. */
  readonly value: number | null;
  /** Where a trial was stopped and so the result is at least this. */
  readonly bound: { readonly relation: '>'; readonly value: number } | null;
  readonly session: number | null;
  readonly minute: number | null;
  readonly device: string | null;
  readonly phase: Phase;
  readonly flags: readonly string[];
  /** The later record that replaced or withdrew it; such a measurement is shown, and no verdict uses it. */
  readonly supersededBy: number | null;
}

/** Its result to four significant digits, without the unit. */
export function resultText({ value, bound }: Pick<SeriesMeasurement, 'value' | 'bound'>): string {
  if (bound) return `at least ${Number(bound.value.toPrecision(4))}`;
  return value === null ? '–' : String(Number(value.toPrecision(4)));
}

/** The measurements of one assay, all in one unit. */
export interface AssaySeries {
  readonly assay: string;
  readonly title: string;
  readonly unit: Assay['unit'];
  /** What an increase means. */
  readonly increase: Assay['increase'];
  readonly cutOff: string | null;
  readonly measurements: readonly SeriesMeasurement[];
}

export interface MeasuredAnimal {
  readonly subject: string;
  readonly assays: readonly AssaySeries[];
}

/** Every measurement of every assay with its trials and the result computed from them. */
export const measurementSeries = defineProjection(
  'measurement-series',
  'Per animal and assay: every measurement with its trials as read, result or bound in the unit of the assay, phase',
  function* (view): Steps<{ subjects: MeasuredAnimal[] }> {
    const subjects: MeasuredAnimal[] = [];
    const superseded = yield* supersededFacts(view, 'MeasurementRecorded');
    for (const { id, history } of view.animals()) {
      const all = [...factsOf(history, 'MeasurementRecorded'), ...(superseded.get(id) ?? [])];
      superseded.delete(id);
      if (all.length > 0) subjects.push({ subject: id, assays: yield* assaysOf(view, all, history) });
    }
    for (const [id, all] of superseded)
      subjects.push({ subject: id, assays: yield* assaysOf(view, all, []) });
    return { subjects };
  },
);

/** An assay whose unit an amendment changed has a series for each unit: their numbers cannot be compared. */
function* assaysOf(
  view: View,
  facts: readonly Fact<'MeasurementRecorded'>[],
  history: readonly Fact[],
): Steps<AssaySeries[]> {
  const measured = inOrder(facts).flatMap((fact) => {
    const assay = assayOf(fact, view.protocols);
    return assay ? [{ fact, assay }] : [];
  });
  const measurementOf = reader(view, history);
  const series: AssaySeries[] = [];
  for (const [, all] of groupedBy(measured, ({ assay }) => `${assay.id} ${assay.unit}`)) {
    const { id, title, unit, increase, cutOff } = all.at(-1)!.assay;
    const measurements: SeriesMeasurement[] = [];
    for (const { fact, assay } of all) {
      measurements.push(measurementOf(fact, assay));
      yield;
    }
    series.push({ assay: id, title, unit, increase, cutOff: cutOff ?? null, measurements });
  }
  return series;
}

function reader(
  view: View,
  history: readonly Fact[],
): (fact: Fact<'MeasurementRecorded'>, assay: Assay) => SeriesMeasurement {
  const base = baseOfPhases(history, view.protocols);
  const support = new Support(history, view.protocols);
  const injured = injuredSideOf(history);
  return (fact, assay) => {
    const { site, trials, session, minute, device } = fact.data;
    const result = resultOf(assay, trials, injured);
    const isExact = result !== null && isPoint(result);
    return {
      record: fact.holder,
      occurredAt: fact.time,
      site,
      trials,
      value: isExact ? result.lower : null,
      bound: result && !isExact ? { relation: '>', value: result.lower } : null,
      session: session ?? null,
      minute: minute ?? null,
      device: device ?? null,
      phase: phaseOf(fact, base),
      flags: support.flagsOf(fact),
      supersededBy: view.study.supersededBy.get(fact.holder) ?? null,
    };
  };
}
