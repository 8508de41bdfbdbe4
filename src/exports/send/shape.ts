import type { Dataset } from './dataset.js';
import type { Checked, Rule } from './rule.js';

/** What the JSON Schema of Dataset-JSON does not see: rows of another length, values of another type, repeated keys. */
export const SHAPE_RULES: readonly Rule[] = [
  {
    ids: [],
    says: 'Every row has a value for every column',
    check: (set) =>
      all(Object.values(set), ({ rows, columns }) =>
        rows.every(({ values }) => values.length === columns.length),
      ),
  },
  {
    ids: [],
    says: 'Every value is of the type of its column',
    check: (set) => all(Object.values(set), hasTypes),
  },
  {
    ids: [],
    says: 'The key variables together are unique',
    check: (set) => all(Object.values(set), hasUniqueKeys),
  },
];

function all(datasets: readonly Dataset[], holds: (dataset: Dataset) => boolean): Checked {
  const failing = datasets.filter((dataset) => !holds(dataset)).map(({ name }) => name);
  return failing.length === 0 ? { status: 'passed' } : { status: 'failed', detail: failing.join(', ') };
}

function hasTypes({ rows, columns }: Dataset): boolean {
  return rows.every(({ values }) =>
    columns.every(({ dataType }, index) => {
      const value = values[index];
      if (dataType === 'string') return typeof value === 'string';
      if (value === null) return true;
      return dataType === 'integer' ? Number.isInteger(value) : Number.isFinite(value);
    }),
  );
}

function hasUniqueKeys({ rows, columns }: Dataset): boolean {
  const keys = columns.flatMap(({ keySequence }, index) => (keySequence === undefined ? [] : [index]));
  return (
    new Set(rows.map(({ values }) => JSON.stringify(keys.map((index) => values[index])))).size === rows.length
  );
}
