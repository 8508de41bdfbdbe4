import { baseOfPhases, type PhaseBase } from '../../study/projections/phase.js';
import type { View } from '../../study/projections/projection.js';
import { Support } from '../../study/projections/unsupported.js';
import { isPoint } from '../../study/rules/interval.js';
import { toGrams } from '../../study/rules/ladder.js';
import { Chart } from '../../study/rules/chart.js';
import { preLesion } from '../../study/rules/reference.js';
import { dayZeroOf, injuredSideOf } from '../../study/rules/induction.js';
import type { Fact } from '../../study/study.js';
import { EMPTY_ROW, withCells, type NamedCells, type TidyRow } from './columns.js';
import { labelsOf } from './kinds.js';

/** What the rows of one animal have in common. */
export interface TidyAnimal {
  readonly view: View;
  readonly history: readonly Fact[];
  readonly support: Support;
  readonly phases: PhaseBase;
  /** Local date of day 0, in days since 1970. */
  readonly dayZero: number | undefined;
  readonly injuredSide: 'left' | 'right' | undefined;
  readonly labels: ReadonlyMap<number, string>;
  readonly baseline: { readonly grams: number | null; readonly records: string } | null;
  readonly everyRow: TidyRow;
}

export function tidyAnimal(
  view: View,
  subject: string,
  history: readonly Fact[],
  placed: NamedCells,
): TidyAnimal {
  const baseline =
    view.protocols.versions.length === 0 ? null : preLesion(new Chart(history, view.protocols));
  const excluded = String(history.some(({ type }) => type === 'SubjectExcluded'));
  return {
    view,
    history,
    support: new Support(history, view.protocols),
    phases: baseOfPhases(history, view.protocols),
    injuredSide: injuredSideOf(history),
    dayZero: dayZeroOf(history, view.protocols),
    labels: labelsOf(history),
    baseline: baseline && {
      grams: isPoint(baseline.value) ? toGrams(baseline.value.lower) : null,
      records: baseline.evidence().join(' '),
    },
    everyRow: withCells(EMPTY_ROW, { subject, excluded, ...placed }),
  };
}
