import { groupedBy } from '../../study/grouped-by.js';
import { localDay } from '../../study/instant.js';
import { canonicalDose, formatQuantity } from '../../study/quantity.js';
import { baseOfPhases, phaseOf } from '../../study/projections/phase.js';
import type { View } from '../../study/projections/projection.js';
import { administrationsIn, type Administration } from '../../study/rules/administration.js';
import { dayZeroOf } from '../../study/rules/induction.js';
import { factsOf, type Fact } from '../../study/study.js';
import { baselineOf, beforeTreatment, cutOffOf, groupedReadings } from './grouped-readings.js';
import type { GroupedOptions } from './grouped-options.js';
import { groupsOf } from './groups.js';
import { TableError } from './table-error.js';

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
  readonly value: number | null;
  readonly bound: '<' | '>' | null;
}

interface Row {
  readonly order: Place['order'];
  readonly cells: Map<string, Cell>;
}

/**
 * Several readings of an animal at one time point give their mean: the geometric mean of thresholds, which are log-normal,
 * and the arithmetic mean of an assay. @throws TableError where there is no such assay.
 */
export function groupedTable(view: View, options: GroupedOptions): Grouped {
  mustBeKnown(view, options.assay);
  const rows = new Map<string, Row>();
  const excluded: string[] = [];
  for (const { id, history } of view.animals()) {
    const runs = placedReadings(view, history, options);
    if (runs.length > 0 && factsOf(history, 'SubjectExcluded').length > 0) {
      excluded.push(id);
      if (options.excluded === 'out') continue;
    }
    const scale = scaleOf(view, history, options);
    for (const [label, atOnce] of groupedBy(runs, (run) => run.label)) {
      const row = rows.get(label) ?? { order: atOnce[0]!.order, cells: new Map<string, Cell>() };
      row.cells.set(id, cellOf(atOnce, options, scale));
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

function mustBeKnown({ protocols }: View, assay: string | undefined): void {
  const known = protocols.versions.flatMap(({ protocol }) => protocol.assays ?? []).map(({ id }) => id);
  if (assay === undefined || known.includes(assay)) return;
  const are = known.length === 0 ? 'there are none' : `they are ${[...new Set(known)].join(', ')}`;
  throw new TableError('assay-unknown', `${assay} is no assay of the protocol: ${are}.`, 'assay');
}

function cellOf(
  readings: readonly Placed[],
  { assay }: GroupedOptions,
  scale: (value: number) => number | null,
): Cell {
  const values = readings.flatMap((one) => one.value ?? []);
  const bounds = new Set(readings.flatMap(({ bound }) => bound ?? []));
  const [bound = null] = bounds;
  const mean = assay === undefined ? geometricMean : arithmeticMean;
  return {
    value: values.length === 0 ? null : scale(mean(values)),
    bound: bounds.size > 1 ? '<>' : bound,
    records: readings.map(({ record }) => record),
  };
}

function placedReadings(view: View, history: readonly Fact[], options: GroupedOptions): Placed[] {
  const phases = baseOfPhases(history, view.protocols);
  const dayZero = dayZeroOf(history, view.protocols);
  const sessions = sessionsOf(history);
  return groupedReadings(view, history, options).map(({ fact, value, bound }, index) => {
    const day = dayZero === undefined ? undefined : localDay(fact.time) - dayZero;
    const place =
      sessions.get(fact.data.session ?? -1)?.(fact.data.minute ?? 0) ??
      onDay(day, phaseOf(fact, phases) === 'after-treatment', index);
    const limit = options.bounds === 'limit' ? (bound?.value ?? null) : null;
    return {
      ...place,
      record: fact.holder,
      bound: bound?.relation ?? null,
      value: bound ? limit : value,
    };
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

/** From the unit of the table to the values asked for; null where the animal has no reference for them. */
function scaleOf(
  view: View,
  history: readonly Fact[],
  { values, assay }: GroupedOptions,
): (value: number) => number | null {
  if (values === 'grams' || view.protocols.versions.length === 0) return (value) => value;
  if (values === 'percent-of-baseline') {
    const baseline = baselineOf(view, history, assay);
    if (baseline === null || baseline === 0) return () => null;
    return (value) => (100 * value) / baseline;
  }
  const [before, cutOff] = [beforeTreatment(view, history, assay), cutOffOf(view, history, assay)];
  if (before === null || cutOff === null || cutOff - before <= 1e-9) return () => null;
  return (value) => (100 * (value - before)) / (cutOff - before);
}

function arithmeticMean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}

function geometricMean(grams: readonly number[]): number {
  if (grams.length === 1) return grams[0]!;
  return 10 ** (grams.reduce((sum, one) => sum + Math.log10(one), 0) / grams.length);
}

function compared(a: Place['order'], b: Place['order']): number {
  const at = a.findIndex((part, index) => part !== b[index]);
  return at < 0 ? 0 : a[at]! < b[at]! ? -1 : 1;
}
