import { valueOf, type Dataset, type Value } from './dataset.js';

/** The data sets of an export by name. */
export type Set = Readonly<Record<string, Dataset>>;

export interface Checked {
  /** A rule that could not be run is never a pass. */
  readonly status: 'passed' | 'failed' | 'not run';
  readonly detail?: string;
}

export interface Rule {
  /** Numbers of the published rules; none where the rule is not numbered. */
  readonly ids: readonly string[];
  readonly says: string;
  readonly remark?: string;
  check(set: Set): Checked;
}

/** The values of one column, in order of the rows; none where there is no such data set. */
export function columnOf(set: Set, dataset: string, name: string): (Value | undefined)[] {
  const found = set[dataset];
  return found ? found.rows.map((row) => valueOf(found, row, name)) : [];
}

/** Numbers, from 1, of the rows that fit. */
export function named(
  set: Set,
  dataset: string,
  fits: (value: (name: string) => Value | undefined) => boolean,
): number[] {
  const found = set[dataset];
  if (!found) return [];
  return found.rows.flatMap((row, index) => (fits((name) => valueOf(found, row, name)) ? [index + 1] : []));
}
