import { CsvError, parse } from 'csv-parse/sync';
import { decodeText } from '../../shared/decode-text.js';
import { ImportError } from '../import-error.js';
import { Budget, LIMITS, tooLong, unguarded, type Book, type Cell, type Row } from './sheet.js';

export interface CsvFormat {
  /** Found from the line of the headers where it is not given. */
  readonly delimiter?: string | undefined;
  readonly encoding?: string | undefined;
}

/** Longest line that is looked at: wide sheets have hundreds of cells, none of them a novel. */
const MAX_ROW_CHARACTERS = 1_000_000;

/**
 * Reads a CSV file (RFC 4180, and the semicolons and tabs of other places). A first line `sep=;`, which spreadsheet
 * programs obey and do not show, is no row. @param header the row of the headers, from 1 @throws ImportError
 */
export function readCsv(bytes: Uint8Array, { delimiter, encoding }: CsvFormat = {}, header = 1): Book {
  const whole = decode(bytes, encoding);
  const [line, separator] = /^sep=([,;\t|])(?:\r\n|\r|\n)/i.exec(whole) ?? [''];
  const text = whole.slice(line.length);
  const budget = new Budget();
  const rows: Row[] = [];
  let blankRows = 0;
  let number = 0;
  parseRows(text, delimiter ?? separator ?? separatorIn(text, header), (fields) => {
    number++;
    budget.row();
    const cells = fields.map((field, column) => cellOf(field, column, number, budget));
    if (cells.every((cell) => cell === undefined)) blankRows++;
    else rows.push({ number, cells, isMerged: false });
  });
  return { sheets: [{ name: undefined, rows, blankRows }], epoch: 1900 };
}

function parseRows(text: string, delimiter: string, each: (fields: string[]) => void): void {
  let done = 0;
  try {
    parse(text, {
      delimiter,
      relax_column_count: true,
      max_record_size: MAX_ROW_CHARACTERS,
      on_record: (fields: string[]) => {
        done++;
        each(fields);
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw explained(error, done + 1);
  }
}

function explained({ code }: CsvError, row: number): ImportError {
  switch (code) {
    case 'CSV_MAX_RECORD_SIZE':
      return new ImportError(
        'row-too-long',
        `The row holds more than ${MAX_ROW_CHARACTERS} characters; is a quotation mark left open?`,
        { row },
      );
    case 'CSV_QUOTE_NOT_CLOSED':
      return new ImportError('quote-open', 'A quotation mark that is opened here is never closed.', { row });
    default:
      return new ImportError(
        'csv-invalid',
        'The row is not CSV: a text with a quotation mark in it stands in quotation marks, and doubles it.',
        { row },
      );
  }
}

/** Text that a spreadsheet would run is a formula here as well. */
function cellOf(field: string, column: number, row: number, budget: Budget): Cell | undefined {
  if (field.length > LIMITS.cellCharacters) throw tooLong(column).at({ row });
  const text = unguarded(field);
  const kind = text === field && isFormula(text.trimStart()) ? 'formula' : 'text';
  return budget.cell(kind, text, column);
}

/** A sign before a number is one; before a word it is a dash that somebody typed, unless something is called. */
function isFormula(text: string): boolean {
  return /^[=@]/.test(text) || /^[+-][^\d\s].*[(|!]/.test(text) || /^[+-]\d[\d.,]*[+*/^(|!-]/.test(text);
}

function decode(bytes: Uint8Array, encoding = 'utf-8'): string {
  try {
    return decodeText(bytes, encoding);
  } catch {
    throw new ImportError(
      'encoding',
      `The file is not ${encoding}: save it as UTF-8, or say in the mapping how it is written, such as "encoding": "windows-1252" or "utf-16be".`,
    );
  }
}

/** The separator that the line of the headers has most of, outside quotation marks. */
function separatorIn(text: string, header: number): string {
  const lines = text.slice(0, 65_536).split(/\r\n|\r|\n/);
  const line = (lines[header - 1] || lines.find((one) => one !== '') || '').replace(/"[^"]*"/g, '');
  const count = (mark: string): number => line.split(mark).length;
  return [',', ';', '\t'].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}
