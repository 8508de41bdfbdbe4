import { columnOf, letterOf, type Book, type Cell, type Row, type Sheet } from '../reading/sheet.js';
import { meaningOfHeader } from './meanings.js';

/** A column below its header, or a cell above the headers with the word beside it. */
export interface LaidOut {
  /** The letter of the column, or the cell, such as B3. */
  readonly place: string;
  /** The header, or the word beside the cell; empty where there is none. */
  readonly title: string;
  /** The filled ones, from the top. */
  readonly cells: readonly Cell[];
}

/** The sheets of a book that are laid out alike, as many as there are of the most common layout. */
export interface Layout {
  /** The row of the headers, from 1. */
  readonly header: number;
  /** Empty where the file has no sheets. */
  readonly sheets: readonly string[];
  readonly columns: readonly LaidOut[];
  /** Above the headers. */
  readonly above: readonly LaidOut[];
  /** Sheets that are laid out otherwise. */
  readonly others: readonly string[];
  /** How many rows there are below the headers, in all sheets. */
  readonly rows: number;
}

/** Rows among which the headers are looked for, and rows that columns are judged by. */
const TOP = 30;
const JUDGED = 2000;

/** Undefined where the book holds nothing. */
export function layoutOf(book: Book, isColumn: (header: string) => boolean): Layout | undefined {
  const groups = new Map<string, { header: number; sheets: Sheet[] }>();
  for (const sheet of book.sheets) {
    const header = headerOf(sheet, isColumn);
    if (!header) continue;
    const key = JSON.stringify([header.number, header.cells.map((cell) => cell?.text)]);
    const group = groups.get(key) ?? { header: header.number, sheets: [] };
    group.sheets.push(sheet);
    groups.set(key, group);
  }
  const [group] = [...groups.values()].sort((a, b) => weightOf(b) - weightOf(a));
  if (!group) return undefined;
  const { header, sheets } = group;
  const [first] = sheets as [Sheet, ...Sheet[]];
  const below = sheets.flatMap(({ rows }) => rows.filter((row) => row.number > header && !row.isMerged));
  const top = first.rows.find(({ number }) => number === header);
  const width = Math.max(...below.slice(0, JUDGED).map(({ cells }) => cells.length), top?.cells.length ?? 0);
  const columns = Array.from({ length: width }, (_, index) => ({
    place: letterOf(index),
    title: top?.cells[index]?.text ?? '',
    cells: below.slice(0, JUDGED).flatMap(({ cells }) => cells[index] ?? []),
  })).filter(({ title, cells }) => title !== '' || cells.length > 0);
  return {
    header,
    sheets: sheets.flatMap(({ name }) => name ?? []),
    columns,
    above: aboveIn(sheets, header),
    others: book.sheets.filter((sheet) => !sheets.includes(sheet)).flatMap(({ name }) => name ?? []),
    rows: below.length,
  };
}

function weightOf({ sheets }: { readonly sheets: readonly Sheet[] }): number {
  return sheets.reduce((sum, { rows }) => sum + rows.length, 0);
}

/** The row with the most words that headers have; else the first with two texts above something. */
function headerOf({ rows }: Sheet, isColumn: (header: string) => boolean): Row | undefined {
  let best: Row | undefined;
  let most = 0;
  for (const row of rows.slice(0, TOP)) {
    const texts = row.cells.filter((cell) => cell !== undefined);
    const known = texts.filter(({ text }) => isColumn(text)).length;
    // A word beside its value stands above the headers.
    if (row.isMerged || known < 2) continue;
    if (known > most) [best, most] = [row, known];
  }
  if (best) return best;
  const index = rows.findIndex(
    ({ cells, isMerged }) => !isMerged && cells.filter((cell) => cell?.kind === 'text').length > 1,
  );
  return index >= 0 && index < rows.length - 1 ? rows[index] : undefined;
}

/** A word with a value beside it, in the same place of every sheet. */
function aboveIn(sheets: readonly Sheet[], header: number): LaidOut[] {
  const [first] = sheets as [Sheet, ...Sheet[]];
  return first.rows
    .filter(({ number, isMerged }) => number < header && !isMerged)
    .flatMap(({ number, cells }) =>
      cells.flatMap((cell, index) => {
        const value = cells[index + 1];
        if (cell?.kind !== 'text' || !value || meaningOfHeader(cell.text) === undefined) return [];
        const place = `${letterOf(index + 1)}${number}`;
        return [{ place, title: cell.text, cells: sheets.flatMap((sheet) => cellAt(sheet, place) ?? []) }];
      }),
    );
}

function cellAt({ rows }: Sheet, place: string): Cell | undefined {
  const [, letters = '', number] = /^([A-Z]+)(\d+)$/.exec(place) ?? [];
  return rows.find((row) => row.number === Number(number))?.cells[columnOf(letters)];
}

/** Whether a place is a cell above the headers. */
export function isCell(place: string): boolean {
  return /\d$/.test(place);
}
