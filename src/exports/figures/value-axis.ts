import type { Group } from './group-means.js';
import type { Series, Tick } from './series.js';

/** From values to places in a plot. */
export interface ValueAxis {
  readonly ticks: readonly Tick[];
  /** Distance from the top of the plot; of a value beyond the axis, its edge. */
  readonly y: (value: number) => number;
  readonly holds: (value: number) => boolean;
}

/**
 * An axis that holds all values and the ticks that are given. Intervals may go beyond it: that of two animals is up to
 * nine times as wide as they are apart.
 */
export function valueAxis({ scale, ticks }: Series, groups: readonly Group[], height: number): ValueAxis {
  const into = scale === 'log' ? Math.log10 : (value: number): number => value;
  const values = [
    ...groups.flatMap(({ animals, means }) =>
      [...animals.map(({ points }) => points), means].flatMap((all) =>
        all.flatMap((one) => one?.value ?? []),
      ),
    ),
    ...(ticks ?? []).map(({ value }) => value),
  ].map(into);
  const first = values[0] ?? 0;
  const least = values.reduce((a, b) => Math.min(a, b), first);
  const most = values.reduce((a, b) => Math.max(a, b), first);
  const margin = (most - least) * 0.06 || 0.5;
  const [low, high] = [least - margin, most + margin];
  const holds = (value: number): boolean => into(value) >= low && into(value) <= high;
  return {
    ticks: ticks ?? roundTicks(least, most, scale),
    holds,
    y: (value) => {
      const share = (into(value) - low) / (high - low);
      return (1 - Math.min(1, Math.max(0, share))) * height;
    },
  };
}

/** Some round numbers within the ends of an axis, which on a log axis are given as logarithms: 1, 2 and 5 of each power. */
export function roundTicks(low: number, high: number, scale: Series['scale']): Tick[] {
  const values =
    scale === 'log'
      ? decades(low, high).filter((value) => isWithin(Math.log10(value), low, high))
      : steps(low, high);
  return values.map((value) => ({ value, label: String(Number(value.toPrecision(6))) }));
}

function decades(low: number, high: number): number[] {
  const values: number[] = [];
  for (let power = Math.floor(low); power <= Math.ceil(high); power++)
    values.push(...[1, 2, 5].map((factor) => factor * 10 ** power));
  return values;
}

function steps(low: number, high: number): number[] {
  const rough = (high - low || 1) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough)!;
  const values: number[] = [];
  for (let count = Math.ceil(low / step); isWithin(count * step, low, high); count++)
    values.push(count * step);
  return values;
}

function isWithin(value: number, low: number, high: number): boolean {
  return value >= low - 1e-9 && value <= high + 1e-9;
}
