import type { Snapshot } from '../snapshot.js';

/** One Dataset-JSON 1.1 data set: columns in order, and rows with the records on which each rests. */
export interface Dataset {
  /** `DM`; the file is `dm.json`. */
  readonly name: string;
  readonly label: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** Only where no published SEND implementation guide has the data set: what it is instead. */
  readonly outside?: string;
}

export interface Column {
  readonly name: string;
  readonly label: string;
  readonly dataType: 'string' | 'integer' | 'float';
  readonly keySequence?: number;
}

export type Value = string | number | null;

export interface Row {
  /** In the order of the columns; a missing number is null, a missing text is empty. */
  readonly values: readonly Value[];
  readonly records: readonly number[];
  /** The record that first stated the fact of this row; other data sets refer to it. */
  readonly fact: number | undefined;
}

/** `text('USUBJID', 'Unique Subject Identifier', 2)`: the key's place where the variable is one. */
export function text(name: string, label: string, keySequence?: number): Column {
  return { name, label, dataType: 'string', ...(keySequence !== undefined && { keySequence }) };
}

export function integer(name: string, label: string, keySequence?: number): Column {
  return { ...text(name, label, keySequence), dataType: 'integer' };
}

export function float(name: string, label: string): Column {
  return { ...text(name, label), dataType: 'float' };
}

/** A row from named values; values that are not given are missing. @throws RangeError for a name that is no column */
export function row(
  columns: readonly Column[],
  named: Readonly<Record<string, Value | undefined>>,
  records: readonly number[],
): Row {
  const unknown = Object.keys(named).find((name) => !columns.some((column) => column.name === name));
  if (unknown !== undefined) throw new RangeError(`${unknown} is no column`);
  return {
    values: columns.map(({ name, dataType }) => named[name] ?? (dataType === 'string' ? '' : null)),
    records: [...new Set(records)].sort((a, b) => a - b),
    fact: records[0],
  };
}

export function valueOf(dataset: Dataset, { values }: Row, name: string): Value | undefined {
  return values[dataset.columns.findIndex((column) => column.name === name)];
}

/**
 * The file, one row a line. Its date is that of the last record, so the same tree size gives the same file.
 * `fileOID` names study, tree size and root.
 */
export function datasetJson(dataset: Dataset, snapshot: Snapshot): string {
  const { name, columns, rows, outside } = dataset;
  const { code, facility, size, root, recorded, simulated, version } = snapshot;
  const label = [dataset.label, outside, simulated ? 'SIMULATED DATA' : undefined].filter(Boolean).join('; ');
  const head = {
    datasetJSONCreationDateTime: recorded,
    datasetJSONVersion: '1.1.0',
    fileOID: `study-ledger/${facility}/${code}/tree-size/${size}/root/${root}/${name}`,
    dbLastModifiedDateTime: recorded,
    originator: facility,
    sourceSystem: { name: simulated ? 'Study Ledger (simulated data)' : 'Study Ledger', version },
    studyOID: code,
    itemGroupOID: `IG.${name}`,
    records: rows.length,
    name,
    label,
    columns: columns.map(({ name: column, ...rest }) => ({
      itemOID: `IT.${name}.${column}`,
      name: column,
      ...rest,
    })),
  };
  const lines = rows.map(({ values }) => JSON.stringify(values));
  return `${JSON.stringify(head, null, 1).slice(0, -2)},\n "rows": [\n${lines.join(',\n')}\n ]\n}\n`;
}
