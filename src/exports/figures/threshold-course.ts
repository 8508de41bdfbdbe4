import { localDay } from '../../study/instant.js';
import type { HypersensitivityRule } from '../../study/protocol/rules.js';
import type { SeriesRun } from '../../study/projections/threshold-series.projection.js';
import { heaviest, lightest, logForce, toGrams, toLog, type Ladder } from '../../study/rules/ladder.js';
import {
  BAND,
  BLUE,
  GREY,
  INK,
  PALE,
  box,
  cross,
  label,
  line,
  square,
  triangle,
  type Drawing,
  type Mark,
  type Point,
} from './drawing.js';

export interface CourseInput {
  readonly subject: string;
  readonly runs: readonly SeriesRun[];
  readonly ladder: Ladder;
  readonly hypersensitivity: HypersensitivityRule | undefined;
  /** The threshold before the lesion, log10(10,000 · g), where it is a number. */
  readonly baseline: number | null;
  /** Local date of day 0, in days since 1970; undefined where there is none. */
  readonly dayZero: number | undefined;
  /** Record number of a dose or stimulation → a few letters: `20 µg`, `SCS`. */
  readonly sessions: ReadonlyMap<number, string>;
}

const WIDTH = 520;
const [LEFT, RIGHT, TOP, BOTTOM] = [34, 6, 26, 206];
const HEIGHT = 252;

/** Runs of one occasion: both paws, and what was superseded, stand above one another. */
interface Slot {
  readonly runs: SeriesRun[];
  readonly day: number;
  readonly session: number | null;
  readonly minute: number | null;
}

/**
 * The 50 % threshold of one animal from test to test, on a log axis whose ticks are the filaments of its ladder. Tests
 * are in order and equally spaced: on an axis of days, a session of an hour would be a single line.
 */
export function thresholdCourse(input: CourseInput): Drawing {
  const { subject, ladder, runs } = input;
  const slots = slotsOf(runs);
  const low = logForce(lightest(ladder)) - 0.16;
  const high = logForce(heaviest(ladder)) + 0.16;
  const step = (WIDTH - LEFT - RIGHT) / Math.max(slots.length, 8);
  const x = (slot: number): number => LEFT + (slot + 0.5) * step;
  const y = (log: number): number => BOTTOM - ((log - low) / (high - low)) * (BOTTOM - TOP);
  const marks = [
    ...bands(slots, input, x, step),
    ...axis(ladder, y),
    ...lines(input, y),
    ...ticks(slots, input, x, step),
    ...(['contralateral', 'ipsilateral'] as const).flatMap((paw) => curve(slots, paw, x, y, { low, high })),
    ...legend(input),
  ];
  const title = `Animal ${subject}: 50 % withdrawal threshold in grams, test by test`;
  return { width: WIDTH, height: HEIGHT, title, marks };
}

function slotsOf(runs: readonly SeriesRun[]): Slot[] {
  const slots = new Map<string, Slot>();
  for (const run of runs) {
    const { occurredAt, session, minute } = run;
    const day = localDay(occurredAt);
    const key = `${day} ${session} ${minute}`;
    const slot = slots.get(key) ?? { runs: [], day, session, minute };
    slot.runs.push(run);
    slots.set(key, slot);
  }
  return [...slots.values()];
}

/** A grey ground under the tests of one session, with what the session was. */
function bands(
  slots: readonly Slot[],
  { sessions }: CourseInput,
  x: (slot: number) => number,
  step: number,
): Mark[] {
  const [grounds, labels]: [Mark[], Mark[]] = [[], []];
  slots.forEach(({ session }, index) => {
    if (session === null || slots[index - 1]?.session === session) return;
    let last = index;
    while (slots[last + 1]?.session === session) last++;
    const [from, to] = [x(index) - step / 2, x(last) + step / 2];
    const name = sessions.get(session) ?? '?';
    grounds.push(box([from + 0.5, TOP - 12], to - from - 1, BOTTOM - TOP + 12, { fill: BAND }));
    labels.push(label([(from + to) / 2, TOP - 4], name, { size: 7, anchor: 'middle', bold: true }));
  });
  return [...grounds, ...labels];
}

function axis(ladder: Ladder, y: (log: number) => number): Mark[] {
  return [
    ...ladder.filaments.flatMap((filament) => {
      const at = y(logForce(filament));
      const printed = filament.handle === undefined ? filament.grams : `${filament.label}: ${filament.grams}`;
      return [
        line([LEFT, at], [WIDTH - RIGHT, at], { stroke: PALE, lineWidth: 0.5 }),
        label([LEFT - 5, at + 2.8], printed, { anchor: 'end', size: 8 }),
      ];
    }),
    line([LEFT, TOP], [LEFT, BOTTOM], { lineWidth: 0.8 }),
    line([LEFT, BOTTOM], [WIDTH - RIGHT, BOTTOM], { lineWidth: 0.8 }),
    label([4, TOP - 10], 'g (log)', { size: 7.5, fill: GREY }),
  ];
}

const [BASELINE, LIMIT] = [
  [6, 2],
  [2, 2],
] as const;

/** The baseline, and where the protocol's rule calls the paw hypersensitive. */
function lines({ baseline, hypersensitivity }: CourseInput, y: (log: number) => number): Mark[] {
  if (baseline === null) return [];
  const across = (log: number, dash: readonly [number, number]): Mark =>
    line([LEFT, y(log)], [WIDTH - RIGHT, y(log)], { stroke: BLUE, lineWidth: 0.9, dash });
  const limit = hypersensitiveAt(baseline, hypersensitivity);
  return [across(baseline, BASELINE), ...(limit ? [across(limit.log, LIMIT)] : [])];
}

function hypersensitiveAt(
  baseline: number,
  rule: HypersensitivityRule | undefined,
): { log: number; formula: string } | undefined {
  if (!rule || rule.of !== undefined) return undefined;
  const { metric, limit } = rule;
  switch (metric) {
    case 'fall-log10e4':
      return { log: baseline - Number(limit), formula: `baseline − ${limit} log units` };
    case 'difference':
      return {
        log: toLog(Math.max(1e-9, toGrams(baseline) - Number(limit))),
        formula: `${limit} g below baseline`,
      };
    case 'percent':
    case 'fall-percent':
      return {
        log: baseline + Math.log10(Math.max(1e-9, 1 - Number(limit) / 100)),
        formula: `${limit} % below baseline`,
      };
    case 'absolute':
    case 'grams':
      return { log: toLog(Number(limit)), formula: `${limit} g` };
  }
}

function ticks(
  slots: readonly Slot[],
  { dayZero }: CourseInput,
  x: (slot: number) => number,
  step: number,
): Mark[] {
  const marks: Mark[] = [];
  let [lastDay, lastMinute] = [-Infinity, -Infinity];
  slots.forEach(({ day, minute }, index) => {
    const at = x(index);
    if (minute !== null && at - lastMinute >= 15) {
      marks.push(label([at, BOTTOM + 9], `+${minute}`, { size: 6.5, anchor: 'middle', fill: GREY }));
      lastMinute = at;
    }
    if (slots[index - 1]?.day === day) return;
    marks.push(line([at - step / 2, BOTTOM], [at - step / 2, BOTTOM + 4], { lineWidth: 0.5 }));
    if (at - lastDay < 16) return;
    const text = dayZero === undefined ? `${index + 1}` : `d${day - dayZero}`.replace('-', '−');
    marks.push(label([at, BOTTOM + 18], text, { size: 7, anchor: 'middle' }));
    lastDay = at;
  });
  return marks;
}

function curve(
  slots: readonly Slot[],
  paw: SeriesRun['paw'],
  x: (slot: number) => number,
  y: (log: number) => number,
  { low, high }: { low: number; high: number },
): Mark[] {
  const ipsilateral = paw === 'ipsilateral';
  const stroke = ipsilateral ? INK : GREY;
  const marks: Mark[] = [];
  let joined: Point[] = [];
  const flush = (): void => {
    if (joined.length > 1)
      marks.unshift({
        kind: 'path',
        points: joined,
        stroke,
        lineWidth: ipsilateral ? 1.2 : 0.8,
        ...(!ipsilateral && { dash: [3, 2] }),
      });
    joined = [];
  };
  slots.forEach((slot, index) => {
    for (const run of slot.runs.filter((one) => one.paw === paw)) {
      const up = run.bound?.relation === '>';
      const log = run.bound ? (up ? high - 0.07 : low + 0.07) : run.log10e4;
      if (log === null) continue;
      const at: Point = [x(index), y(log)];
      const to = run.record;
      if (run.supersededBy !== null) {
        marks.push(...cross(at, 3, { stroke: GREY, lineWidth: 0.9 }).map((mark) => ({ ...mark, to })));
        continue;
      }
      if (run.bound)
        marks.push({ ...triangle(at, 3.6, up, { stroke, fill: '#ffffff', lineWidth: 0.9 }), to });
      else if (ipsilateral) marks.push({ kind: 'circle', at, r: 2.8, fill: INK, to });
      else marks.push({ ...square(at, 2.3, { stroke, fill: '#ffffff', lineWidth: 0.9 }), to });
      joined.push(at);
    }
  });
  flush();
  return marks;
}

function legend({ baseline, hypersensitivity }: CourseInput): Mark[] {
  const [y, below] = [HEIGHT - 20, HEIGHT - 8];
  const text = (x: number, at: number, words: string): Mark => label([x, at + 2.6], words, { size: 7 });
  const stroke = (x: number, dash: readonly [number, number]): Mark =>
    line([x, below], [x + 18, below], { stroke: BLUE, lineWidth: 0.9, dash });
  const rule = baseline === null ? undefined : hypersensitiveAt(baseline, hypersensitivity)?.formula;
  return [
    { kind: 'circle', at: [LEFT + 4, y], r: 2.8, fill: INK },
    text(LEFT + 12, y, 'ipsilateral'),
    square([LEFT + 74, y], 2.3, { stroke: GREY, fill: '#ffffff', lineWidth: 0.9 }),
    text(LEFT + 82, y, 'contralateral'),
    triangle([LEFT + 154, y], 3.6, true, { stroke: INK, fill: '#ffffff', lineWidth: 0.9 }),
    text(LEFT + 162, y, 'only a bound: above (tip up) or below the ladder'),
    ...cross([LEFT + 372, y], 3, { stroke: GREY, lineWidth: 0.9 }),
    text(LEFT + 380, y, 'superseded'),
    ...(rule === undefined
      ? []
      : [
          stroke(LEFT, BASELINE),
          text(LEFT + 22, below, 'baseline'),
          stroke(LEFT + 74, LIMIT),
          text(LEFT + 96, below, `hypersensitive at or below: ${rule}`),
        ]),
    text(LEFT + 330, below, 'd: days since day 0 · +: minutes'),
  ];
}
