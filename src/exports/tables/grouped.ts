import { groupedBy } from '../../study/grouped-by.js';
import { localDay } from '../../study/instant.js';
import { canonicalDose, formatQuantity } from '../../study/quantity.js';
import { baseOfPhases, phaseOf } from '../../study/projections/phase.js';
import type { View } from '../../study/projections/projection.js';
import { administrationsIn, type Administration } from '../../study/rules/administration.js';
import { isPoint } from '../../study/rules/interval.js';
import { force, heaviest, toGrams } from '../../study/rules/ladder.js';
import { Chart } from '../../study/rules/chart.js';
import { dayZeroOf, inductionOf } from '../../study/rules/induction.js';
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
  /** Whether excluded animals are left out or taken in. */
  readonly excluded: 'out' | 'in';
}

export const GROUPED: GroupedOptions = {
  values: 'grams',
  paw: 'ipsilateral',
  bounds: 'empty',
  excluded: 'out',
};

/** Time points down, animals across, animals of a group side by side: as GraphPad Prism takes it by paste. */
export interface Grouped {
  readonly animals: readonly { readonly group: string; readonly id: string }[];
  /** Animals with runs that are excluded, whether left out or taken in: the analyst has to know. */
  readonly excluded: readonly string[];
  readonly rows: readonly {
    readonly label: string;
    /** Equal for the times of one session, and for the days before, between and after sessions. */
    readonly part: string;
    readonly cells: ReadonlyMap<string, Cell>;
  }[];
}

interface Cell {
  readonly value: number | null;
  /** On which side of the value the truth lies where a run gave only a bound; both where bounds oppose one another. */
  readonly bound: Bound | null;
  readonly records: readonly number[];
}

type Bound = '<' | '>' | '<>';

/** The row that a run belongs to. Rows are sorted by the parts of `order`, of which those in one place are of one type. */
interface Place {
  readonly label: string;
  readonly order: readonly (number | string)[];
}

interface Placed extends Place {
  readonly record: number;
  readonly grams: number | null;
  readonly bound: '<' | '>' | null;
}

interface Row {
  readonly order: Place['order'];
  readonly cells: Map<string, Cell>;
}

/** Several runs of an animal at one time point give their geometric mean: thresholds are log-normal. */
export function groupedTable(view: View, options: GroupedOptions): Grouped {
  const rows = new Map<string, Row>();
  const excluded: string[] = [];
  for (const { id, history } of view.animals()) {
    const runs = runsOf(view, history, options);
    if (runs.length > 0 && factsOf(history, 'SubjectExcluded').length > 0) {
      excluded.push(id);
      if (options.excluded === 'out') continue;
    }
    const scale = scaleOf(view, history, options);
    for (const [label, atOnce] of groupedBy(runs, (run) => run.label)) {
      const row = rows.get(label) ?? { order: atOnce[0]!.order, cells: new Map<string, Cell>() };
      row.cells.set(id, cellOf(atOnce, scale));
      rows.set(label, row);
    }
  }
  const ordered = [...rows].sort(([, a], [, b]) => compared(a.order, b.order));
  const measured = new Set(ordered.flatMap(([, { cells }]) => [...cells.keys()]));
  return {
    animals: groupsOf(view).filter(({ id }) => measured.has(id)),
    excluded,
    rows: ordered.map(([label, { order, cells }]) => ({ label, part: order.slice(0, -1).join(' '), cells })),
  };
}

function cellOf(runs: readonly Placed[], scale: (grams: number) => number | null): Cell {
  const grams = runs.flatMap((run) => run.grams ?? []);
  const bounds = new Set(runs.flatMap(({ bound }) => bound ?? []));
  const [bound = null] = bounds;
  return {
    value: grams.length === 0 ? null : scale(geometricMean(grams)),
    bound: bounds.size > 1 ? '<>' : bound,
    records: runs.map(({ record }) => record),
  };
}

function runsOf(view: View, history: readonly Fact[], { paw, bounds }: GroupedOptions): Placed[] {
  const phases = baseOfPhases(history, view.protocols);
  const dayZero = dayZeroOf(history, view.protocols);
  const sessions = sessionsOf(history);
  return factsOf(history, 'ThresholdRecorded')
    .filter(({ data }) => data.paw === paw)
    .map((fact, index) => {
      const { threshold } = measure(fact, view.protocols);
      const substitute = bounds === 'limit' ? (threshold.bound?.grams ?? null) : null;
      const day = dayZero === undefined ? undefined : localDay(fact.time) - dayZero;
      const place =
        sessions.get(fact.data.session ?? -1)?.(fact.data.minute ?? 0) ??
        onDay(day, phaseOf(fact, phases) === 'after-treatment', index);
      const bound = threshold.bound?.relation ?? null;
      return { ...place, record: fact.holder, bound, grams: bound ? substitute : threshold.grams };
    });
}

function onDay(day: number | undefined, after: boolean, index: number): Place {
  if (day === undefined) return { label: `run ${index + 1}, no day 0`, order: [0, index] };
  return { label: `day ${day}`, order: [after ? 5 : 1, day] };
}

/** Record number of a dose or stimulation → the place of a minute after it. */
function sessionsOf(history: readonly Fact[]): Map<number, (minute: number) => Place> {
  const sessions = new Map<number, (minute: number) => Place>();
  for (const given of administrationsIn(history))
    sessions.set(given.fact.number, (minute) => afterDose(given, minute));
  const alike = groupedBy(factsOf(history, 'SCSApplied'), stimulationKind);
  for (const [kind, stimulations] of alike)
    stimulations.forEach((fact, index) =>
      sessions.set(fact.number, (minute) => duringStimulation(fact, kind, index + 1, minute)),
    );
  return sessions;
}

function stimulationKind({ data: { follows, setting = '' } }: Fact<'SCSApplied'>): string {
  return [follows === undefined ? 'stimulation' : 'combination', setting].join(' ').trim();
}

function afterDose({ substance, dose: given, purpose }: Administration, minute: number): Place {
  if (purpose === 'combination')
    return { label: `combination, ${minute} min after ${substance}`, order: [4, '', 0, minute] };
  const dose = canonicalDose(given);
  const isTested = purpose === 'titration' || purpose === 'test';
  const what = `${substance} ${formatQuantity(dose)}${isTested ? '' : ` (${purpose})`}`;
  const order = [3, substance, isTested ? '' : purpose, dose.unit, Number(dose.value), minute];
  return { label: `${what}, ${minute} min`, order };
}

/** The second stimulation of a kind is a time of its own. */
function duringStimulation(
  { data: { follows, setting = '' } }: Fact<'SCSApplied'>,
  kind: string,
  which: number,
  minute: number,
): Place {
  return {
    label: `${which > 1 ? `${kind} ${which}` : kind}, ${minute} min`,
    order: [follows === undefined ? 2 : 4, setting, which, minute],
  };
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
    if (!baseline || !isPoint(baseline.value)) return () => null;
    return (grams) => (100 * grams) / toGrams(baseline.value.lower);
  }
  const before = beforeTreatment(view, history);
  const protocol = view.protocols.of(inductionOf(history, view.protocols));
  if (!protocol.ladder) return () => null;
  const cutOff = Number(protocol.responder?.cutOffGrams ?? force(heaviest(protocol.ladder)));
  if (before === null || cutOff - before <= 1e-9) return () => null;
  return (grams) => (100 * (grams - before)) / (cutOff - before);
}

/** The last threshold after the lesion and before any treatment. */
function beforeTreatment(view: View, history: readonly Fact[]): number | null {
  const phases = baseOfPhases(history, view.protocols);
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

function compared(a: Place['order'], b: Place['order']): number {
  const at = a.findIndex((part, index) => part !== b[index]);
  return at < 0 ? 0 : a[at]! < b[at]! ? -1 : 1;
}
