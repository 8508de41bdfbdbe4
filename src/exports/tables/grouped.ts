import { groupedBy } from '../../study/grouped-by.js';
import { localDay } from '../../study/instant.js';
import { formatQuantity } from '../../study/quantity.js';
import { baseOfPhases, phaseOf } from '../../study/projections/phase.js';
import type { View } from '../../study/projections/projection.js';
import { isPoint } from '../../study/rules/interval.js';
import { force, heaviest, toGrams } from '../../study/rules/ladder.js';
import { Chart } from '../../study/rules/chart.js';
import { measure } from '../../study/rules/measured-run.js';
import { preLesion } from '../../study/rules/reference.js';
import { factsOf, type Fact } from '../../study/study.js';
import { groupsOf } from './groups.js';

export const GROUPED_VALUES = ['grams', 'percent-of-baseline', 'percent-mpe'] as const;
export type GroupedValues = (typeof GROUPED_VALUES)[number];

export interface GroupedOptions {
  readonly values: GroupedValues;
  readonly paw: 'ipsilateral' | 'contralateral';
  /** What stands for a run that gave only a bound: nothing, or the filament at that end of the ladder. */
  readonly bounds: 'empty' | 'limit';
}

export const GROUPED: GroupedOptions = { values: 'grams', paw: 'ipsilateral', bounds: 'empty' };

/** Time points down, animals across, animals of a group side by side: as GraphPad Prism takes it by paste. */
export interface Grouped {
  readonly animals: readonly { readonly group: string; readonly id: string }[];
  /** Which of the animals are excluded: the analyst has to know. */
  readonly excluded: readonly string[];
  readonly rows: readonly {
    readonly label: string;
    readonly cells: ReadonlyMap<
      string,
      { readonly value: number | null; readonly records: readonly number[] }
    >;
  }[];
}

/** A run with the row to which it belongs. */
interface Placed {
  readonly label: string;
  readonly order: readonly number[];
  readonly record: number;
  readonly grams: number | null;
}

interface Row {
  readonly order: readonly number[];
  readonly cells: Map<string, { value: number | null; records: number[] }>;
}

/** Several runs of an animal at one time point give their geometric mean: thresholds are log-normal. */
export function groupedTable(view: View, options: GroupedOptions): Grouped {
  const rows = new Map<string, Row>();
  for (const { id, history } of view.animals()) {
    const scale = scaleOf(view, history, options);
    const byLabel = groupedBy(runsOf(view, history, options), ({ label }) => label);
    for (const [label, runs] of byLabel) {
      const row = rows.get(label) ?? { order: runs[0]!.order, cells: new Map() };
      const grams = runs.flatMap((run) => (run.grams === null ? [] : [run.grams]));
      const mean = grams.length === 0 ? null : geometricMean(grams);
      row.cells.set(id, {
        value: mean === null ? null : scale(mean),
        records: runs.map(({ record }) => record),
      });
      rows.set(label, row);
    }
  }
  const ordered = [...rows].sort(([, a], [, b]) => compared(a.order, b.order));
  const measured = new Set(ordered.flatMap(([, { cells }]) => [...cells.keys()]));
  const isOut = (facts: readonly Fact[]): boolean => factsOf(facts, 'SubjectExcluded').length > 0;
  return {
    animals: groupsOf(view).filter(({ id }) => measured.has(id)),
    excluded: view
      .animals()
      .filter(({ id, history }) => measured.has(id) && isOut(history))
      .map(({ id }) => id),
    rows: ordered.map(([label, { cells }]) => ({ label, cells })),
  };
}

function runsOf(view: View, history: readonly Fact[], { paw, bounds }: GroupedOptions): Placed[] {
  const phases = baseOfPhases(history);
  const ligation = factsOf(history, 'NerveLigated')[0];
  const byNumber = new Map(history.map((fact) => [fact.number, fact]));
  return factsOf(history, 'ThresholdRecorded')
    .filter(({ data }) => data.paw === paw)
    .map((fact, index) => {
      const { threshold } = measure(fact, view.protocols);
      const substitute = bounds === 'limit' ? (threshold.bound?.grams ?? null) : null;
      const day = ligation ? localDay(fact.time) - localDay(ligation.time) : undefined;
      const session = byNumber.get(fact.data.session ?? -1);
      const place = session
        ? inSession(session, fact.data.minute ?? 0, history)
        : onDay(day, phaseOf(fact, phases) === 'after-treatment', index);
      return { ...place, record: fact.holder, grams: threshold.bound ? substitute : threshold.grams };
    });
}

function onDay(day: number | undefined, after: boolean, index: number): Pick<Placed, 'label' | 'order'> {
  if (day === undefined) return { label: `run ${index + 1}, never ligated`, order: [0, index] };
  return { label: `day ${day}`, order: [after ? 5 : 1, day] };
}

function inSession(session: Fact, minute: number, history: readonly Fact[]): Pick<Placed, 'label' | 'order'> {
  if (session.type === 'KetamineAdministered') {
    const { dose, purpose } = (session as Fact<'KetamineAdministered'>).data;
    const amount = Number(dose.value);
    return purpose === 'titration'
      ? { label: `ketamine ${formatQuantity(dose)}, ${minute} min`, order: [3, amount, minute] }
      : { label: `combination, ${minute} min after ketamine`, order: [4, 0, minute] };
  }
  const follows = (fact: Fact<'SCSApplied'>): boolean => fact.data.follows !== undefined;
  const stimulation = session as Fact<'SCSApplied'>;
  const alike = factsOf(history, 'SCSApplied').filter((other) => follows(other) === follows(stimulation));
  const which = alike.findIndex(({ number }) => number === session.number) + 1;
  const name = follows(stimulation) ? 'combination' : 'stimulation';
  const counted = which > 1 ? `${name} ${which}` : name;
  return { label: `${counted}, ${minute} min`, order: [follows(stimulation) ? 4 : 2, which, minute] };
}

/** From grams to the values asked for; null where the animal has no reference for them. */
function scaleOf(
  view: View,
  history: readonly Fact[],
  { values }: GroupedOptions,
): (grams: number) => number | null {
  if (values === 'grams' || view.protocols.versions.length === 0) return (grams) => grams;
  if (values === 'percent-of-baseline') {
    const baseline = preLesion(new Chart(history, view.protocols));
    if (!baseline || !isPoint(baseline.log)) return () => null;
    return (grams) => (100 * grams) / toGrams(baseline.log.lower);
  }
  const before = beforeTreatment(view, history);
  const protocol = view.protocols.of(factsOf(history, 'NerveLigated')[0]);
  const cutOff = Number(protocol.responder.cutOffGrams ?? force(heaviest(protocol.ladder)));
  if (before === null || cutOff - before <= 1e-9) return () => null;
  return (grams) => (100 * (grams - before)) / (cutOff - before);
}

/** The last threshold after the lesion and before any treatment. */
function beforeTreatment(view: View, history: readonly Fact[]): number | null {
  const phases = baseOfPhases(history);
  return (
    factsOf(history, 'ThresholdRecorded')
      .filter((fact) => fact.data.paw === 'ipsilateral' && phaseOf(fact, phases) === 'post-lesion')
      .map((fact) => measure(fact, view.protocols).threshold)
      .filter(({ bound, grams }) => bound === null && grams !== null)
      .at(-1)?.grams ?? null
  );
}

function geometricMean(grams: readonly number[]): number {
  if (grams.length === 1) return grams[0]!;
  return 10 ** (grams.reduce((sum, one) => sum + Math.log10(one), 0) / grams.length);
}

function compared(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
