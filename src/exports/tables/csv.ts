import { csvRow, guardFormula } from '../../shared/csv.js';
import { COLUMNS, type TidyRow } from './columns.js';

export interface CsvOptions {
  readonly separator: ',' | ';' | '\t';
  readonly decimal: '.' | ',';
}

export const RFC_4180: CsvOptions = { separator: ',', decimal: '.' };

/** Separators by the names that people give them. */
export const SEPARATORS: Readonly<Record<string, CsvOptions['separator']>> = {
  ',': ',',
  ';': ';',
  tab: '\t',
};

/** Undefined where the comma would be both the separator and the decimal mark. */
export function csvOptions(separator: string, decimal: CsvOptions['decimal']): CsvOptions | undefined {
  const chosen = SEPARATORS[separator];
  return chosen === undefined || chosen === decimal ? undefined : { separator: chosen, decimal };
}

const BATCH = 500;

/**
 * The tidy table as RFC 4180: a header line, CRLF, UTF-8 without a mark. Comes in parts of some hundred rows, so that a
 * large study is never held as one text.
 */
export function* tidyCsv(rows: Iterable<TidyRow>, options: CsvOptions = RFC_4180): Generator<string> {
  let part = csvRow(
    COLUMNS.map(({ name }) => name),
    options.separator,
  );
  let rowsInPart = 0;
  for (const row of rows) {
    part += csvRow(cellsOf(row, options), options.separator);
    if (++rowsInPart < BATCH) continue;
    yield part;
    [part, rowsInPart] = ['', 0];
  }
  if (part !== '') yield part;
}

const IS_TEXT = COLUMNS.map(({ type }) => type === 'text');

function cellsOf(row: TidyRow, { decimal }: CsvOptions): string[] {
  return row.map((cell, index) => {
    if (cell === undefined) return '';
    if (IS_TEXT[index]) return guardFormula(cell);
    return decimal === ',' ? cell.replace('.', ',') : cell;
  });
}
