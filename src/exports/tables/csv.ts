import { csvRow, guardFormula } from '../../shared/csv.js';
import { COLUMNS, type TidyRow } from './columns.js';
import { TableError } from './table-error.js';

export interface CsvOptions {
  readonly separator: ',' | ';' | '\t';
  readonly decimal: '.' | ',';
}

export const RFC_4180: CsvOptions = { separator: ',', decimal: '.' };

/** Separators by their names on the command line and in addresses. */
export const SEPARATORS = { ',': ',', ';': ';', tab: '\t' } as const;

export type SeparatorName = keyof typeof SEPARATORS;

/** @throws TableError */
export function csvOptions(
  { separator, decimal = '.' }: { separator?: SeparatorName; decimal?: CsvOptions['decimal'] },
  usual: SeparatorName,
): CsvOptions {
  const chosen = SEPARATORS[separator ?? usual];
  if (chosen !== decimal) return { separator: chosen, decimal };
  throw new TableError(
    'separator-is-decimal',
    'The comma cannot be both the separator and the decimal mark: take separator=; with decimal=,.',
    'separator',
  );
}

const BATCH = 500;

/**
 * The tidy table as RFC 4180: a header line, CRLF, UTF-8 without a byte order mark. In parts of some hundred rows, so that
 * a large study is never held as one text.
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

const TYPES = COLUMNS.map(({ type }) => type);

function cellsOf(row: TidyRow, { decimal }: CsvOptions): string[] {
  return row.map((cell, index) => {
    if (cell === undefined) return '';
    const type = TYPES[index];
    if (type === 'text') return guardFormula(cell);
    if (type === 'boolean') return cell.toUpperCase();
    return decimal === ',' ? cell.replace('.', ',') : cell;
  });
}
