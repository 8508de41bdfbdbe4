import { ImportError } from '../import-error.js';

/**
 * What a spreadsheet holds, whatever kind of file it was. Cells are text as it was typed; what they mean is for the
 * mapping to say. The limits are far above any sheet that a person fills in, and keep a hostile file from filling memory.
 */
export interface Cell {
  /** `date`: a number that the file formats as a date. `formula`: what it computed is not what somebody read. */
  readonly kind: 'text' | 'number' | 'date' | 'boolean' | 'formula' | 'error';
  /** Without blanks around it, never empty. */
  readonly text: string;
  /** With the blanks, where there are any. */
  readonly raw?: string;
  /** How a number is shown, where that is other than `text`; null where its format does not tell. */
  readonly shown?: string | null;
  /** Struck through, the whole of it or a part. */
  readonly isStruck?: boolean;
}

export interface Row {
  /** Counted from 1. */
  readonly number: number;
  /** By column, counted from 0. */
  readonly cells: readonly (Cell | undefined)[];
  /** A text merged across columns starts here: a note, not an observation. */
  readonly isMerged: boolean;
  readonly isHidden?: boolean;
}

/** What somebody wrote beside a cell. */
export interface CellComment {
  /** Such as B3. */
  readonly cell: string;
  readonly text: string;
}

export interface Sheet {
  /** Absent where the file has no sheets. */
  readonly name: string | undefined;
  /** Rows with something in them, in order. */
  readonly rows: readonly Row[];
  readonly blankRows: number;
  /** The mapping takes nothing from it. */
  readonly isUnread?: boolean;
  readonly isHidden?: boolean;
  /** Counted from 0. */
  readonly hiddenColumns?: ReadonlySet<number>;
  readonly comments?: readonly CellComment[];
}

export interface Book {
  readonly sheets: readonly Sheet[];
  /** The day that a date serial counts from. */
  readonly epoch: 1900 | 1904;
}

export const LIMITS = {
  fileBytes: 32 * 1024 * 1024,
  /** Of one part of an XLSX file, unpacked. */
  partBytes: 96 * 1024 * 1024,
  unpackedBytes: 192 * 1024 * 1024,
  parts: 2000,
  sheets: 500,
  rows: 200_000,
  columns: 1024,
  cells: 2_000_000,
  /** Places in rows, blank ones before a filled one included. */
  places: 20_000_000,
  merges: 20_000,
  comments: 10_000,
  /** Of all cells together. A text that many cells share counts for each of them. */
  characters: 200_000_000,
  /** Different texts of cells. */
  strings: 2_000_000,
  /** Cell formats, number formats, fonts: each. */
  formats: 65_536,
  /** Columns whose width or visibility a sheet declares. */
  columnSettings: 16_384,
  /** Elements of XML in one another; spreadsheet programs need a tenth of it. */
  depth: 100,
  /** Of one element of XML with its attributes, one text or comment. */
  elementCharacters: 4_194_304,
  /** Excel allows no longer one. */
  formatCharacters: 255,
  /** As many as a cell of Excel holds. */
  cellCharacters: 32_767,
} as const;

/** Counts what is read of one file, and stops where it is more than anybody types. */
export class Budget {
  private cells = 0;
  private rows = 0;
  private places = 0;
  private characters = 0;

  row(): void {
    if (++this.rows > LIMITS.rows) {
      throw new ImportError('too-many-rows', `The file has more than ${LIMITS.rows} rows: divide it.`);
    }
  }

  /** Blank places before a filled one take memory too. */
  take(places: number): void {
    if ((this.places += places) > LIMITS.places) {
      throw new ImportError(
        'too-many-cells',
        `The rows reach over more than ${LIMITS.places} cells: divide the file.`,
      );
    }
  }

  /** A cell, or undefined where there is nothing but blanks in it. */
  cell(kind: Cell['kind'], raw: string, column: number): Cell | undefined {
    if (raw.length > LIMITS.cellCharacters) throw tooLong(column);
    if ((this.characters += raw.length) > LIMITS.characters)
      throw new ImportError(
        'too-much-text',
        `The cells hold more than ${LIMITS.characters} characters: divide the file.`,
      );
    const text = trimmed(raw);
    if (text === '') return undefined;
    if (column >= LIMITS.columns) {
      throw new ImportError(
        'too-many-columns',
        `There is something in column ${letterOf(column)}; columns to ${letterOf(LIMITS.columns - 1)} are read.`,
      );
    }
    if (++this.cells > LIMITS.cells) {
      throw new ImportError('too-many-cells', `The file has more than ${LIMITS.cells} cells: divide it.`);
    }
    return text === raw ? { kind, text } : { kind, text, raw };
  }
}

export function tooLong(column: number): ImportError {
  return new ImportError(
    'cell-too-long',
    `The cell holds more than ${LIMITS.cellCharacters} characters, which is no observation.`,
    { column: letterOf(column) },
  );
}

const BLANK = /[\s\u200b\ufeff]/;

/** Without the blanks around it, those that do not look like any included. */
export function trimmed(text: string): string {
  // A pattern for the blanks at the end would begin anew at each of those in the middle.
  let [start, end] = [0, text.length];
  while (start < end && BLANK.test(text[start]!)) start++;
  while (end > start && BLANK.test(text[end - 1]!)) end--;
  return text.slice(start, end);
}

/** A, B, … Z, AA, … for a column counted from 0. */
export function letterOf(column: number): string {
  let letters = '';
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  }
  return letters;
}

/** The column that letters name, counted from 0. */
export function columnOf(letters: string): number {
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}

/** Without the apostrophe that whoever exported it put before a text which a spreadsheet would take for a formula. */
export function unguarded(text: string): string {
  return /^'['=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) ? text.slice(1) : text;
}
