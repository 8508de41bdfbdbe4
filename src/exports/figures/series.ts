/**
 * One measure of a study as figures show it. Whoever knows the measure makes the series; what draws it knows no measure.
 */
export interface Series {
  /** Names its files: `threshold-ipsilateral`. */
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  /** What a larger value means. */
  readonly direction: 'relief' | 'worsening';
  /** `log`: values are log-normal, so means are geometric and the axis is logarithmic. All are above 0 then. */
  readonly scale: 'log' | 'linear';
  /** What is marked on the axis, such as filaments; undefined for round numbers. */
  readonly ticks?: readonly Tick[];
  /** In order. Lines are drawn between times of one part only, such as a session. */
  readonly times: readonly { readonly label: string; readonly part: string }[];
  readonly animals: readonly SeriesAnimal[];
  /** Animals that are left out, since they are excluded. */
  readonly excluded: readonly string[];
}

export interface Tick {
  readonly value: number;
  readonly label: string;
}

export interface SeriesAnimal {
  readonly id: string;
  readonly group: string;
  /** One for each time; undefined where nothing was measured, or where bounds oppose one another. */
  readonly points: readonly (SeriesPoint | undefined)[];
}

export interface SeriesPoint {
  readonly value: number;
  /** The truth lies below or above the value, which is only a bound. */
  readonly bound: '<' | '>' | null;
}
