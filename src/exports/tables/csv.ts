import { stringify } from 'csv-stringify/sync';
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

/** Undefined where a comma would part cells and mark decimals at once. */
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
  yield csvText([COLUMNS.map(({ name }) => name)], options.separator);
  let batch: string[][] = [];
  for (const row of rows) {
    batch.push(cellsOf(row, options));
    if (batch.length < BATCH) continue;
    yield csvText(batch, options.separator);
    batch = [];
  }
  if (batch.length > 0) yield csvText(batch, options.separator);
}

/** What has to be quoted in one form or another; a lone CR or LF is a line end for many readers. */
const SPECIAL = /[",;\t\r\n]/;

/** Rows of text that are safe to open already. Those that need no quotes, nearly all, do not pass through the library. */
export function csvText(rows: readonly (readonly string[])[], separator: string): string {
  return rows.map((cells) => line(cells, separator)).join('');
}

function line(cells: readonly string[], separator: string): string {
  const joined = cells.join('\u0000');
  if (cells.length > 1 && !SPECIAL.test(joined)) return `${joined.replaceAll('\u0000', separator)}\r\n`;
  return stringify([cells as string[]], {
    delimiter: separator,
    record_delimiter: '\r\n',
    quoted_match: /[\r\n]/,
  });
}

const IS_TEXT = COLUMNS.map(({ type }) => type === 'text');

function cellsOf(row: TidyRow, { decimal }: CsvOptions): string[] {
  return row.map((cell, index) => {
    if (cell === undefined) return '';
    if (IS_TEXT[index]) return withoutFormula(cell);
    return decimal === ',' ? cell.replace('.', ',') : cell;
  });
}

/** A spreadsheet takes text that begins with one of these for a formula, and may run it. */
const FORMULA = /^['=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;

/** Text with an apostrophe before it where it could be a formula, or begins with one itself; so it can be undone. */
export function withoutFormula(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}
