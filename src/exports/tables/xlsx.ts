import writeExcelFile, { type SheetData } from 'write-excel-file/node';
import { archiveInWords, SIMULATED_NOTICE, type Snapshot } from '../snapshot.js';
import { guardFormula } from '../../shared/csv.js';
import { repackZip } from '../../shared/zip-files.js';
import { COLUMNS, type Column, type TidyRow } from './columns.js';
import { TableError } from './table-error.js';

/** Rows of a sheet, with its header. */
const MAX_ROWS = 1_048_576;

/**
 * The tidy table as XLSX: sheets `data`, `columns` (what each column means) and `about` (study, tree size, root). No cell
 * is a formula; numbers show the digits as read. @throws TableError
 */
export async function tidyXlsx(rows: Iterable<TidyRow>, snapshot: Snapshot): Promise<Uint8Array> {
  const data: SheetData = [COLUMNS.map(({ name }) => heading(name))];
  for (const row of rows) {
    if (data.length === MAX_ROWS)
      throw new TableError(
        'sheet-too-long',
        `A sheet holds ${MAX_ROWS} rows at most: write the table as CSV.`,
      );
    data.push(COLUMNS.map((column, index) => cell(column, row[index])));
  }
  const columns: SheetData = [
    ['column', 'type', 'from', 'meaning'].map(heading),
    ...COLUMNS.map(({ name, type, from, meaning }) => [name, type, from, meaning]),
  ];
  const workbook = writeExcelFile([
    { data, sheet: 'data', stickyRowsCount: 1 },
    { data: columns, sheet: 'columns', columns: [26, 10, 12, 90].map(wide) },
    { data: about(snapshot), sheet: 'about', columns: [16, 90].map(wide) },
  ]);
  return repackZip(await workbook.toBuffer());
}

function about(snapshot: Snapshot): SheetData {
  const { code, title, facility, size, root, recorded, simulated, version, archived } = snapshot;
  return [
    ...(simulated ? [[{ value: SIMULATED_NOTICE, fontWeight: 'bold' as const }]] : []),
    ['study', code],
    ['title', guardFormula(title)],
    ['facility', facility],
    ...(archived ? [['archived', guardFormula(archiveInWords(archived))]] : []),
    ['tree size', size],
    ['root', root],
    ['last record', recorded],
    ['simulated', String(simulated)],
    ['written by', `Study Ledger ${version}`],
    [
      'note',
      'A sheet can be edited and is evidence of nothing: the records are, and the audit bundle holds them.',
    ],
  ];
}

function cell({ type }: Column, text: string | undefined): SheetData[number][number] {
  if (text === undefined) return null;
  if (type === 'text') return escaped(guardFormula(text));
  if (type === 'boolean') return text === 'true';
  const places = text.split('.')[1]?.length ?? 0;
  if (!isKept(text, places)) return text;
  return { value: Number(text), format: places === 0 ? '0' : `0.${'0'.repeat(places)}` };
}

/**
 * Characters that XML cannot hold or the library would drop, and text that looks like their escape (ECMA-376, 22.4.2.4).
 * No record holds control characters.
 */
const UNWRITABLE = /_(?=x[0-9A-Fa-f]{4}_)|[\uFDD0-\uFDEF\uFFFD-\uFFFF]/g;

function escaped(text: string): string {
  return text.replace(UNWRITABLE, (character) => {
    const code = character.charCodeAt(0).toString(16).toUpperCase();
    return `_x${code.padStart(4, '0')}_`;
  });
}

/** A spreadsheet keeps fifteen digits and shows up to thirty places; a number with more is written as text. */
function isKept(text: string, places: number): boolean {
  const significant = text.replace(/^-?[0.]*/, '').replace('.', '').length;
  return significant <= 15 && places <= 30 && Number(text).toFixed(places) === text;
}

function heading(value: string) {
  return { value, fontWeight: 'bold' as const };
}

function wide(width: number): { width: number } {
  return { width };
}
