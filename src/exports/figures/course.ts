import { localDay } from '../../study/instant.js';
import type { Tick } from './series.js';
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

/** The readings of one thing on one animal, from test to test. Whoever knows what was read makes it. */
export interface Course {
  readonly title: string;
  readonly readings: readonly CourseReading[];
  readonly axis: {
    /** Said above the axis: unit and scale. */
    readonly unit: string;
    readonly low: number;
    readonly high: number;
    readonly ticks: readonly Tick[];
  };
  /** Names of the two curves in the legend; the second is undefined where there is one only. */
  readonly curves: { readonly main: string; readonly other: string | undefined };
  readonly boundsInWords: string;
  /** The value before day 0, where it is a number. */
  readonly baseline: number | null;
  /** Where the rule of the protocol calls the animal hypersensitive. */
  readonly limit: { readonly value: number; readonly inWords: string } | undefined;
  /** Local date of day 0, in days since 1970; undefined where there is none. */
  readonly dayZero: number | undefined;
  /** Record number of a dose or stimulation → a few letters: `20 µg`, `SCS`. */
  readonly sessions: ReadonlyMap<number, string>;
}

export interface CourseReading {
  readonly record: number;
  readonly occurredAt: string;
  readonly session: number | null;
  readonly minute: number | null;
  readonly curve: 'main' | 'other';
  /** On the scale of the axis; of a bound, where it is drawn. Null where there is nothing to draw. */
  readonly value: number | null;
  readonly bound: '<' | '>' | null;
  readonly isSuperseded: boolean;
}

const WIDTH = 520;
const [LEFT, RIGHT, TOP, BOTTOM] = [34, 6, 26, 206];
const HEIGHT = 252;

/** Readings of one occasion: both curves, and what was superseded, stand above one another. */
interface Slot {
  readonly readings: CourseReading[];
  readonly day: number;
  readonly session: number | null;
  readonly minute: number | null;
}

/** Tests are in order and equally spaced: on an axis of days, a session of an hour would be a single line. */
export function drawReadings(course: Course): Drawing {
  const slots = slotsOf(course.readings);
  const { low, high } = course.axis;
  const step = (WIDTH - LEFT - RIGHT) / Math.max(slots.length, 8);
  const x = (slot: number): number => LEFT + (slot + 0.5) * step;
  const y = (value: number): number => BOTTOM - ((value - low) / (high - low)) * (BOTTOM - TOP);
  const marks = [
    ...bands(slots, course, x, step),
    ...axis(course, y),
    ...lines(course, y),
    ...ticks(slots, course, x, step),
    ...(['other', 'main'] as const).flatMap((which) => curve(slots, which, x, y)),
    ...legend(course),
  ];
  return { width: WIDTH, height: HEIGHT, title: course.title, marks };
}

function slotsOf(readings: readonly CourseReading[]): Slot[] {
  const slots = new Map<string, Slot>();
  for (const reading of readings) {
    const { occurredAt, session, minute } = reading;
    const day = localDay(occurredAt);
    const key = `${day} ${session} ${minute}`;
    const slot = slots.get(key) ?? { readings: [], day, session, minute };
    slot.readings.push(reading);
    slots.set(key, slot);
  }
  return [...slots.values()];
}

/** A grey ground under the tests of one session, with what the session was. */
function bands(
  slots: readonly Slot[],
  { sessions }: Course,
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

function axis({ axis: { ticks, unit } }: Course, y: (value: number) => number): Mark[] {
  return [
    ...ticks.flatMap(({ value, label: printed }) => {
      const at = y(value);
      return [
        line([LEFT, at], [WIDTH - RIGHT, at], { stroke: PALE, lineWidth: 0.5 }),
        label([LEFT - 5, at + 2.8], printed, { anchor: 'end', size: 8 }),
      ];
    }),
    line([LEFT, TOP], [LEFT, BOTTOM], { lineWidth: 0.8 }),
    line([LEFT, BOTTOM], [WIDTH - RIGHT, BOTTOM], { lineWidth: 0.8 }),
    label([4, TOP - 10], unit, { size: 7.5, fill: GREY }),
  ];
}

const [BASELINE, LIMIT] = [
  [6, 2],
  [2, 2],
] as const;

/** The baseline, and where the protocol's rule calls the animal hypersensitive. */
function lines({ baseline, limit }: Course, y: (value: number) => number): Mark[] {
  const across = (value: number, dash: readonly [number, number]): Mark =>
    line([LEFT, y(value)], [WIDTH - RIGHT, y(value)], { stroke: BLUE, lineWidth: 0.9, dash });
  return [
    ...(baseline === null ? [] : [across(baseline, BASELINE)]),
    ...(limit ? [across(limit.value, LIMIT)] : []),
  ];
}

function ticks(
  slots: readonly Slot[],
  { dayZero }: Course,
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
  which: CourseReading['curve'],
  x: (slot: number) => number,
  y: (value: number) => number,
): Mark[] {
  const isMain = which === 'main';
  const stroke = isMain ? INK : GREY;
  const marks: Mark[] = [];
  const joined: Point[] = [];
  slots.forEach((slot, index) => {
    for (const reading of slot.readings.filter((one) => one.curve === which)) {
      const { value, bound, record: to } = reading;
      if (value === null) continue;
      const at: Point = [x(index), y(value)];
      if (reading.isSuperseded) {
        marks.push(...cross(at, 3, { stroke: GREY, lineWidth: 0.9 }).map((mark) => ({ ...mark, to })));
        continue;
      }
      if (bound)
        marks.push({ ...triangle(at, 3.6, bound === '>', { stroke, fill: '#ffffff', lineWidth: 0.9 }), to });
      else if (isMain) marks.push({ kind: 'circle', at, r: 2.8, fill: INK, to });
      else marks.push({ ...square(at, 2.3, { stroke, fill: '#ffffff', lineWidth: 0.9 }), to });
      joined.push(at);
    }
  });
  if (joined.length > 1)
    marks.unshift({
      kind: 'path',
      points: joined,
      stroke,
      lineWidth: isMain ? 1.2 : 0.8,
      ...(!isMain && { dash: [3, 2] }),
    });
  return marks;
}

function legend({ curves, boundsInWords, baseline, limit }: Course): Mark[] {
  const [y, below] = [HEIGHT - 20, HEIGHT - 8];
  const text = (x: number, at: number, words: string): Mark => label([x, at + 2.6], words, { size: 7 });
  const stroke = (x: number, dash: readonly [number, number]): Mark =>
    line([x, below], [x + 18, below], { stroke: BLUE, lineWidth: 0.9, dash });
  return [
    { kind: 'circle', at: [LEFT + 4, y], r: 2.8, fill: INK },
    text(LEFT + 12, y, curves.main),
    ...(curves.other === undefined
      ? []
      : [
          square([LEFT + 74, y], 2.3, { stroke: GREY, fill: '#ffffff', lineWidth: 0.9 }),
          text(LEFT + 82, y, curves.other),
        ]),
    triangle([LEFT + 154, y], 3.6, true, { stroke: INK, fill: '#ffffff', lineWidth: 0.9 }),
    text(LEFT + 162, y, boundsInWords),
    ...cross([LEFT + 372, y], 3, { stroke: GREY, lineWidth: 0.9 }),
    text(LEFT + 380, y, 'superseded'),
    ...(baseline === null ? [] : [stroke(LEFT, BASELINE), text(LEFT + 22, below, 'baseline')]),
    ...(limit ? [stroke(LEFT + 74, LIMIT), text(LEFT + 96, below, `hypersensitive ${limit.inWords}`)] : []),
    text(LEFT + 330, below, 'd: days since day 0 · +: minutes'),
  ];
}
