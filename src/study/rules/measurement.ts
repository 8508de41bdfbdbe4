import type { EventData } from '../events/events.js';
import type { Assay } from '../protocol/measurements.js';
import type { Fact, Protocols } from '../study.js';
import { NOTHING, divide, greater, plus } from './interval.js';
import type { Interval } from './threshold.js';

export type Trial = EventData<'MeasurementRecorded'>['trials'][number];
type TrialKind = Assay['trials']['kind'];

/** The assay of a measurement, as the protocol that it was recorded under has it. */
export function assayOf(fact: Fact<'MeasurementRecorded'>, protocols: Protocols): Assay | undefined {
  return protocols.versions.length === 0
    ? undefined
    : protocols.of(fact).assays?.find(({ id }) => id === fact.data.assay);
}

export function trialKind(trial: Trial): TrialKind {
  if ('value' in trial) return 'value';
  return 'left' in trial ? 'pair' : 'responses';
}

/**
 * The result of a measurement in the unit of its assay: the trials in the assay's aggregate. A trial that was stopped counts
 * as that value or more, so the result may be a bound. Null where a trial has no value: responses to no touch, a pair on an
 * animal without an injured side, or a pair over nothing.
 */
export function resultOf(
  { unit, trials: { aggregate } }: Assay,
  trials: readonly Trial[],
  injured: 'left' | 'right' | undefined,
): Interval | null {
  const values = trials.map((trial) => valueOf(trial, unit === '%', injured));
  return values.every((value) => value !== null) ? AGGREGATES[aggregate](values) : null;
}

function valueOf(trial: Trial, inPercent: boolean, injured: 'left' | 'right' | undefined): Interval | null {
  if ('value' in trial) {
    const value = Number(trial.value);
    return { lower: value, upper: trial.censored ? Infinity : value };
  }
  if ('left' in trial) {
    if (!injured) return null;
    const [left, right] = [Number(trial.left), Number(trial.right)];
    const [own, other] = injured === 'left' ? [left, right] : [right, left];
    return inPercent ? share(100 * own, own + other) : share(own, other);
  }
  return inPercent ? share(100 * trial.n, trial.of) : point(trial.n);
}

function share(part: number, whole: number): Interval | null {
  return whole > 0 ? point(part / whole) : null;
}

function point(value: number): Interval {
  return { lower: value, upper: value };
}

const AGGREGATES: Readonly<Record<Assay['trials']['aggregate'], (values: readonly Interval[]) => Interval>> =
  {
    mean: (values) => divide(values.reduce(plus, NOTHING), values.length),
    sum: (values) => values.reduce(plus, NOTHING),
    median: (values) => ends(values, middle),
    min: (values) => ends(values, (numbers) => Math.min(...numbers)),
    max: (values) => values.reduce(greater),
    last: (values) => values.at(-1) ?? NOTHING,
  };

/** Of an aggregate that never falls when a value rises: the ends of the result are those of the values. */
function ends(values: readonly Interval[], aggregate: (numbers: readonly number[]) => number): Interval {
  return {
    lower: aggregate(values.map(({ lower }) => lower)),
    upper: aggregate(values.map(({ upper }) => upper)),
  };
}

function middle(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const above = sorted[half] ?? NaN;
  return sorted.length % 2 === 1 ? above : (above + (sorted[half - 1] ?? NaN)) / 2;
}

/** The trials as one text: `12.4 20.0>` (stopped), `0.6:2/5`, `52.1|40.3` (left, right). */
export function trialsText(trials: readonly Trial[]): string {
  return trials
    .map((trial) => {
      if ('value' in trial) return trial.censored ? `${trial.value}>` : trial.value;
      if ('left' in trial) return `${trial.left}|${trial.right}`;
      return `${trial.filament}:${trial.n}/${trial.of}`;
    })
    .join(' ');
}

/** Reads back what `trialsText` writes; undefined where a part is none of it. Times of trials are not in the text. */
export function parseTrials(text: string): Trial[] | undefined {
  const trials = text.trim().split(/\s+/).map(parseTrial);
  return trials.every((trial) => trial !== undefined) ? trials : undefined;
}

function parseTrial(text: string): Trial | undefined {
  const value = /^([\d.]+)(>?)$/.exec(text);
  if (value) return { value: value[1] ?? '', ...(value[2] !== '' && { censored: true }) };
  const pair = /^([\d.]+)\|([\d.]+)$/.exec(text);
  if (pair) return { left: pair[1] ?? '', right: pair[2] ?? '' };
  const responses = /^(.+):(\d+)\/(\d+)$/.exec(text);
  return responses
    ? { filament: responses[1] ?? '', n: Number(responses[2]), of: Number(responses[3]) }
    : undefined;
}
