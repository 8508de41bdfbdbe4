import type { Protocol } from '../../study/protocol.js';
import { phaseOf, baseOfPhases } from '../../study/projections/phase.js';
import type { View } from '../../study/projections/projection.js';
import { Chart } from '../../study/rules/chart.js';
import { inductionOf, injuredSideOf } from '../../study/rules/induction.js';
import { isPoint } from '../../study/rules/interval.js';
import { force, heaviest } from '../../study/rules/ladder.js';
import { assayOf, resultOf } from '../../study/rules/measurement.js';
import { measure } from '../../study/rules/measured-run.js';
import { preLesion } from '../../study/rules/reference.js';
import { judgedAssay, scaleOf } from '../../study/rules/scale.js';
import { siteOf } from '../../study/rules/site.js';
import { factsOf, type Fact } from '../../study/study.js';
import type { GroupedOptions } from './grouped-options.js';

/** One reading of what a grouped table shows: the threshold of a paw, or the result of an assay. */
export interface GroupedReading {
  readonly fact: Fact<'ThresholdRecorded'> | Fact<'MeasurementRecorded'>;
  /** Null where there is only a bound, or nothing. */
  readonly value: number | null;
  readonly bound: { readonly relation: '<' | '>'; readonly value: number } | null;
}

type Chosen = Pick<GroupedOptions, 'paw' | 'assay'>;

/** What a table shows of one animal, in the order in which it happened. */
export function groupedReadings(
  view: View,
  history: readonly Fact[],
  { paw, assay }: Chosen,
): GroupedReading[] {
  if (assay !== undefined) return resultsOf(view, history, assay, paw);
  return factsOf(history, 'ThresholdRecorded')
    .filter(({ data }) => data.paw === paw)
    .map((fact) => {
      const { bound, grams } = measure(fact, view.protocols).threshold;
      return {
        fact,
        value: bound ? null : grams,
        bound: bound && { relation: bound.relation, value: bound.grams },
      };
    });
}

/** At the only site of the assay, or the one on the side of the injury or opposite. */
function resultsOf(
  view: View,
  history: readonly Fact[],
  id: string,
  paw: GroupedOptions['paw'],
): GroupedReading[] {
  const injured = injuredSideOf(history);
  return factsOf(history, 'MeasurementRecorded').flatMap((fact) => {
    const assay = fact.data.assay === id ? assayOf(fact, view.protocols) : undefined;
    const site = assay && siteOf(assay, paw === 'ipsilateral' ? undefined : paw, injured);
    if (!assay || fact.data.site !== site) return [];
    const result = resultOf(assay, fact.data.trials, injured);
    if (!result) return [];
    const isExact = isPoint(result);
    return [
      {
        fact,
        value: isExact ? result.lower : null,
        bound: isExact ? null : { relation: '>' as const, value: result.lower },
      },
    ];
  });
}

/** The ipsilateral baseline in the unit of the table; null where it is no number. */
export function baselineOf(view: View, history: readonly Fact[], assay: string | undefined): number | null {
  const chart = new Chart(history, view.protocols);
  const protocol = protocolOf(view, history);
  const rule = assay === undefined ? {} : { of: assay };
  const readings = chart.readingsOf(rule, protocol);
  const baseline = readings && preLesion(chart, readings);
  if (!baseline || !isPoint(baseline.value)) return null;
  return scaleOf(judgedAssay(rule, protocol)).inUnit(baseline.value).lower;
}

/** The last ipsilateral reading after day 0 and before any treatment that is a number. */
export function beforeTreatment(
  view: View,
  history: readonly Fact[],
  assay: string | undefined,
): number | null {
  const phases = baseOfPhases(history, view.protocols);
  return (
    groupedReadings(view, history, { paw: 'ipsilateral', ...(assay !== undefined && { assay }) })
      .filter(({ fact, value }) => value !== null && phaseOf(fact, phases) === 'post-lesion')
      .at(-1)?.value ?? null
  );
}

/** Where the maximum possible effect lies: at the cut-off of the assay; null where it has none. */
export function cutOffOf(view: View, history: readonly Fact[], assay: string | undefined): number | null {
  const protocol = protocolOf(view, history);
  if (assay !== undefined) {
    const { cutOff, relief } = scaleOf(judgedAssay({ of: assay }, protocol));
    return relief > 0 ? (cutOff ?? null) : null;
  }
  if (!protocol.ladder) return null;
  return Number(protocol.responder?.cutOffGrams ?? force(heaviest(protocol.ladder)));
}

function protocolOf(view: View, history: readonly Fact[]): Protocol {
  return view.protocols.of(inductionOf(history, view.protocols));
}
