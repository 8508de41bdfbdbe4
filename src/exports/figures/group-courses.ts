import { counted } from '../../shared/counted.js';
import {
  BAND,
  BLUE,
  GREY,
  INK,
  PALE,
  box,
  label,
  line,
  triangle,
  type Drawing,
  type Mark,
  type Point,
} from './drawing.js';
import { groupsIn, type Group } from './group-means.js';
import type { Series, SeriesPoint } from './series.js';
import { valueAxis, type ValueAxis } from './value-axis.js';

const WIDTH = 520;
const [LEFT, RIGHT] = [44, 8];
/** Of one group: its name, its plot, and how many animals were measured at each time. */
const [HEAD, PLOT, COUNTS] = [16, 104, 14];
const PANEL = HEAD + PLOT + COUNTS;
const LINE = '#9a9a9a';
const [SMALL, SMALLER] = [7, 6];

/** Where things stand in the figure. */
interface Frame {
  readonly series: Series;
  readonly axis: ValueAxis;
  readonly step: number;
  readonly x: (time: number) => number;
  /** Every how many times there is room for a label. */
  readonly every: number;
}

/**
 * The courses of the groups, one below the other on the same axes: every animal as a thin grey line, over them the group's
 * mean with its 95 % interval. Times are in order and equally spaced.
 */
export function groupCourses(series: Series): Drawing {
  const groups = groupsIn(series);
  const step = (WIDTH - LEFT - RIGHT) / Math.max(series.times.length, 8);
  const frame: Frame = {
    series,
    axis: valueAxis(series, groups, PLOT),
    step,
    x: (time) => LEFT + (time + 0.5) * step,
    every: Math.ceil(8.5 / step),
  };
  const longest = Math.max(0, ...series.times.map(({ label: text }) => text.length));
  const below = groups.length * PANEL;
  const legendTop = below + 18 + longest * 0.58 * SMALL;
  const marks = [
    ...groups.flatMap((group, index) => panel(group, index * PANEL + HEAD, frame)),
    ...timeLabels(frame, below + 4),
    ...legend(series, legendTop),
  ];
  const title = `${series.title} in ${series.unit}: courses of the groups`;
  return { width: WIDTH, height: legendTop + 52, title, marks };
}

function panel(group: Group, top: number, frame: Frame): Mark[] {
  const { series, axis, x } = frame;
  const bottom = top + PLOT;
  const at = (time: number, value: number): Point => [x(time), top + axis.y(value)];
  return [
    ...grounds(frame, top),
    ...axis.ticks.flatMap(({ value, label: text }) => {
      const y = top + axis.y(value);
      return [
        line([LEFT, y], [WIDTH - RIGHT, y], { stroke: PALE, lineWidth: 0.5 }),
        label([LEFT - 4, y + 2.5], text, { anchor: 'end', size: SMALL }),
      ];
    }),
    line([LEFT, top], [LEFT, bottom], { lineWidth: 0.8 }),
    line([LEFT, bottom], [WIDTH - RIGHT, bottom], { lineWidth: 0.8 }),
    label([LEFT, top - 5], `${group.name} (${counted(group.animals.length, 'animal')})`, {
      size: 8.5,
      bold: true,
    }),
    label([4, top - 5], `${series.unit}${series.scale === 'log' ? ' (log)' : ''}`, {
      size: SMALL,
      fill: GREY,
    }),
    ...group.animals.flatMap(({ points }) => [
      ...joined(points, frame, at, { stroke: LINE, lineWidth: 0.7 }),
      ...points.flatMap((point, time) => (point ? [animalMark(point, at(time, point.value))] : [])),
    ]),
    ...means(group, top, frame, at),
    ...counts(group, bottom, frame),
  ];
}

/** A grey ground under every second part, so that sessions can be told from one another. */
function grounds({ series: { times }, x, step }: Frame, top: number): Mark[] {
  const starts = times.flatMap(({ part }, time) => (times[time - 1]?.part === part ? [] : [time]));
  return starts.flatMap((start, index) => {
    if (index % 2 === 0) return [];
    const end = starts[index + 1] ?? times.length;
    return [box([x(start) - step / 2, top], (end - start) * step, PLOT, { fill: BAND })];
  });
}

/** Lines through the points of one part; further points of it are joined where `isSame` says so. */
function joined<P extends SeriesPoint>(
  points: readonly (P | undefined)[],
  { series: { times } }: Frame,
  at: (time: number, value: number) => Point,
  style: { stroke: string; lineWidth: number },
  isSame: (before: P, point: P) => boolean = () => true,
): Mark[] {
  const paths: Point[][] = [];
  let last: { point: P; part: string | undefined } | undefined;
  points.forEach((point, time) => {
    if (!point) return;
    const part = times[time]?.part;
    if (last?.part !== part || !isSame(last!.point, point)) paths.push([]);
    paths.at(-1)!.push(at(time, point.value));
    last = { point, part };
  });
  return paths.filter(({ length }) => length > 1).map((path) => ({ kind: 'path', points: path, ...style }));
}

function animalMark({ bound }: SeriesPoint, at: Point): Mark {
  if (bound) return triangle(at, 2.2, bound === '>', { stroke: LINE, fill: '#ffffff', lineWidth: 0.7 });
  return { kind: 'circle', at, r: 1, fill: LINE };
}

/** Means of two animals or more: of one animal there is its own line. */
function means(group: Group, top: number, frame: Frame, at: (time: number, value: number) => Point): Mark[] {
  const shown = group.means.map((mean) => (mean && mean.n > 1 ? mean : undefined));
  const style = { stroke: BLUE, lineWidth: 1.5 };
  return [
    ...joined(shown, frame, at, style, (before, mean) => before.of === mean.of),
    ...shown.flatMap((mean, time) => {
      if (!mean) return [];
      const place = at(time, mean.value);
      if (mean.bound)
        return [triangle(place, 3.8, mean.bound === '>', { ...style, fill: '#ffffff', lineWidth: 1.2 })];
      return [
        ...(mean.interval ? whisker(place[0], top, mean.interval, frame.axis) : []),
        { kind: 'circle', at: place, r: 2.4, fill: BLUE } as const,
      ];
    }),
  ];
}

/** An interval that leaves the axis ends at its edge, without a cap. */
function whisker(
  x: number,
  top: number,
  { low, high }: { readonly low: number; readonly high: number },
  axis: ValueAxis,
): Mark[] {
  const style = { stroke: BLUE, lineWidth: 0.9 };
  const cap = (value: number): Mark[] =>
    axis.holds(value) ? [line([x - 2.2, top + axis.y(value)], [x + 2.2, top + axis.y(value)], style)] : [];
  return [line([x, top + axis.y(low)], [x, top + axis.y(high)], style), ...cap(low), ...cap(high)];
}

function counts({ means: all }: Group, bottom: number, { x, every }: Frame): Mark[] {
  return [
    label([LEFT - 4, bottom + 8], 'n', { anchor: 'end', size: SMALLER, fill: GREY }),
    ...all.flatMap((mean, time) =>
      mean && time % every === 0
        ? [label([x(time), bottom + 8], String(mean.n), { anchor: 'middle', size: SMALLER, fill: GREY })]
        : [],
    ),
  ];
}

function timeLabels({ series: { times }, x, every }: Frame, top: number): Mark[] {
  return times.flatMap(({ label: text }, time) =>
    time % every === 0
      ? [
          label([x(time) + 2.4, top], text.replace(/ -(?=\d)/, ' −'), {
            anchor: 'end',
            size: SMALL,
            upright: true,
          }),
        ]
      : [],
  );
}

function legend({ scale, direction, excluded }: Series, top: number): Mark[] {
  const text = (at: Point, words: string): Mark => label(at, words, { size: SMALL });
  const [first, second, third, fourth] = [top, top + 12, top + 24, top + 36] as const;
  const logs = scale === 'log';
  return [
    line([LEFT, first - 2.5], [LEFT + 18, first - 2.5], { stroke: LINE, lineWidth: 0.7 }),
    text([LEFT + 24, first], 'an animal'),
    line([LEFT + 78, first - 2.5], [LEFT + 96, first - 2.5], { stroke: BLUE, lineWidth: 1.5 }),
    { kind: 'circle', at: [LEFT + 87, first - 2.5], r: 2.4, fill: BLUE },
    text(
      [LEFT + 102, first],
      `${logs ? 'geometric mean' : 'mean'} of two or more (joined: the same animals); bar: 95 % interval (no cap: it goes on)`,
    ),
    triangle([LEFT + 4, second - 2.5], 3.4, true, { stroke: INK, fill: '#ffffff', lineWidth: 0.9 }),
    text(
      [LEFT + 12, second],
      'only a bound: the truth lies above (tip up) or below. A mean over a bound is a bound too, and has no interval.',
    ),
    text(
      [LEFT, third],
      `Interval: mean ± t(0.975, n − 1) · s / √n${logs ? ' of the logarithms' : ''}. Times are in order, not to scale. Higher means ${
        direction === 'relief' ? 'relief' : 'worse'
      }.`,
    ),
    text([LEFT, fourth], excludedInWords(excluded)),
  ];
}

const NAMED = 12;

function excludedInWords(excluded: readonly string[]): string {
  if (excluded.length === 0) return 'No animal is excluded.';
  const more = excluded.length > NAMED ? ` and ${excluded.length - NAMED} more` : '';
  return `Excluded and left out: ${excluded.slice(0, NAMED).join(' ')}${more}`;
}
