import { groupedBy } from '../../study/grouped-by.js';
import type { Series, SeriesAnimal, SeriesPoint } from './series.js';
import { meanInterval } from './mean-interval.js';

export interface GroupMean extends SeriesPoint {
  readonly n: number;
  /** Who was measured, as one text: means are of the same animals where these are equal. */
  readonly of: string;
  /** The 95 % interval of the mean; null below two animals, and where the mean is only a bound. */
  readonly interval: { readonly low: number; readonly high: number } | null;
}

export interface Group {
  readonly name: string;
  readonly animals: readonly SeriesAnimal[];
  /** One for each time; undefined where no animal was measured, or where bounds oppose one another. */
  readonly means: readonly (GroupMean | undefined)[];
}

/** The groups in the order of the animals, each with its mean at every time. */
export function groupsIn({ scale, times, animals }: Series): Group[] {
  return [...groupedBy(animals, ({ group }) => group)].map(([name, members]) => ({
    name,
    animals: members,
    means: times.map((_, time) => meanOf(members, time, scale)),
  }));
}

/** A mean over a value that is only a bound is a bound itself: the true mean lies on the same side. */
function meanOf(
  members: readonly SeriesAnimal[],
  time: number,
  scale: Series['scale'],
): GroupMean | undefined {
  const measured = members.filter(({ points }) => points[time]);
  const points = measured.flatMap((animal) => animal.points[time] ?? []);
  const bounds = new Set(points.flatMap(({ bound }) => bound ?? []));
  if (points.length === 0 || bounds.size > 1) return undefined;
  const [into, back] =
    scale === 'log'
      ? [Math.log10, (log: number): number => 10 ** log]
      : [(value: number): number => value, (value: number): number => value];
  const { mean, half } = meanInterval(points.map(({ value }) => into(value)));
  const [bound = null] = bounds;
  return {
    n: points.length,
    of: measured.map(({ id }) => id).join(' '),
    value: back(mean),
    bound,
    interval: half === null || bound ? null : { low: back(mean - half), high: back(mean + half) },
  };
}
