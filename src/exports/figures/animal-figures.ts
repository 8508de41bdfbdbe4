import type { GivenDose } from '../../study/projections/dose-titration.projection.js';
import type { AssaySeries } from '../../study/projections/measurement-series.projection.js';
import type { View } from '../../study/projections/projection.js';
import type { SeriesRun } from '../../study/projections/threshold-series.projection.js';
import { formatQuantity } from '../../study/quantity.js';
import { isPoint } from '../../study/rules/interval.js';
import { administrationsIn } from '../../study/rules/administration.js';
import { Chart } from '../../study/rules/chart.js';
import { dayZeroOf, inductionOf } from '../../study/rules/induction.js';
import { preLesion, type Reference } from '../../study/rules/reference.js';
import { factsOf, type Fact } from '../../study/study.js';
import { assayCourse } from './assay-course.js';
import { doseLadder } from './dose-ladder.js';
import type { Drawing } from './drawing.js';
import { thresholdCourse } from './threshold-course.js';

/** The thresholds of an animal test by test, and the baseline that they are compared with; undefined before any. */
export function drawCourse(
  view: View,
  subject: string,
  history: readonly Fact[],
  runs: readonly SeriesRun[],
): { drawing: Drawing; baseline: Reference | null } | undefined {
  if (runs.length === 0 || view.protocols.versions.length === 0) return undefined;
  const protocol = view.protocols.of(inductionOf(history, view.protocols));
  if (!protocol.ladder) return undefined;
  const baseline = preLesion(new Chart(history, view.protocols));
  const drawing = thresholdCourse({
    subject,
    runs,
    ladder: protocol.ladder,
    hypersensitivity: protocol.hypersensitivity,
    baseline: baseline && isPoint(baseline.value) ? baseline.value.lower : null,
    dayZero: dayZeroOf(history, view.protocols),
    sessions: sessionLabels(history),
  });
  return { drawing, baseline };
}

/** The results of each assay of an animal test by test, each in its own unit, with the baseline where there is one. */
export function drawAssays(
  view: View,
  subject: string,
  history: readonly Fact[],
  assays: readonly AssaySeries[],
): { series: AssaySeries; drawing: Drawing; baseline: Reference | null }[] {
  if (assays.length === 0) return [];
  const chart = new Chart(history, view.protocols);
  const protocol = view.protocols.of(inductionOf(history, view.protocols));
  const shared = {
    subject,
    injured: chart.injuredSide,
    dayZero: dayZeroOf(history, view.protocols),
    sessions: sessionLabels(history),
  };
  return assays.map((series) => {
    const readings = chart.readingsOf({ of: series.assay }, protocol);
    const baseline = readings ? preLesion(chart, readings) : null;
    const value = baseline && isPoint(baseline.value) ? baseline.value.lower : null;
    return { series, drawing: assayCourse({ ...shared, series, baseline: value }), baseline };
  });
}

/** The doses of an animal on the rungs of the latest protocol; undefined before any. */
export function drawDoses(
  view: View,
  subject: string,
  history: readonly Fact[],
  doses: readonly GivenDose[],
): Drawing | undefined {
  if (doses.length === 0) return undefined;
  const planned = view.protocols.versions.at(-1)?.protocol.titration?.doses ?? [];
  const amounts = new Map(administrationsIn(history).map(({ fact, dose }) => [fact.holder, dose]));
  const given = doses.flatMap((dose) => {
    const amount = amounts.get(dose.record);
    return amount ? [{ ...dose, amount }] : [];
  });
  return doseLadder(subject, given, planned, dayZeroOf(history, view.protocols));
}

function sessionLabels(history: readonly Fact[]): Map<number, string> {
  const labels = new Map<number, string>();
  for (const { fact, dose } of administrationsIn(history)) labels.set(fact.number, formatQuantity(dose));
  for (const { number } of factsOf(history, 'SCSApplied')) labels.set(number, 'SCS');
  return labels;
}
