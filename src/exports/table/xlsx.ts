import writeExcelFile, { type SheetData } from 'write-excel-file/node';
import { SIMULATED_NOTICE, type Stand } from '../stand.js';
import { repacked } from '../zip-bytes.js';
import { COLUMNS, type Column, type TidyRow } from './columns.js';
import { withoutFormula } from './csv.js';

/** Rows of a sheet, its header among them. */
const MAX_ROWS = 1_048_576;

/** A table that does not fit into the format. */
export class SheetTooLong extends Error {
  readonly code = 'sheet-too-long';

  constructor() {
    super(`A sheet holds ${MAX_ROWS} rows at most: write the table as CSV.`);
  }
}

/**
 * The tidy table as XLSX: the sheet `data`, what each column means, and where the table stands. Text is text (no cell is
 * a formula), numbers show the digits that were read. @throws SheetTooLong
 */
export async function tidyXlsx(rows: Iterable<TidyRow>, stand: Stand): Promise<Uint8Array> {
  const data: SheetData = [COLUMNS.map(({ name }) => heading(name))];
  for (const row of rows) {
    if (data.length === MAX_ROWS) throw new SheetTooLong();
    data.push(COLUMNS.map((column, index) => cell(column, row[index])));
  }
  const columns: SheetData = [
    ['column', 'type', 'from', 'meaning'].map(heading),
    ...COLUMNS.map(({ name, type, from, meaning }) => [name, type, from, meaning]),
  ];
  const workbook = writeExcelFile([
    { data, sheet: 'data', stickyRowsCount: 1 },
    { data: columns, sheet: 'columns', columns: [26, 10, 12, 90].map(wide) },
    { data: about(stand), sheet: 'about', columns: [16, 90].map(wide) },
  ]);
  return repacked(await workbook.toBuffer());
}

function about(stand: Stand): SheetData {
  const { code, title, facility, size, root, recorded, simulated, version } = stand;
  return [
    ...(simulated ? [[{ value: SIMULATED_NOTICE, fontWeight: 'bold' as const }]] : []),
    ['study', code],
    ['title', withoutFormula(title)],
    ['facility', facility],
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
  if (type === 'text') return withoutFormula(text);
  const digits = text.split('.')[1]?.length ?? 0;
  return { value: Number(text), format: digits === 0 ? '0' : `0.${'0'.repeat(digits)}` };
}

function heading(value: string) {
  return { value, fontWeight: 'bold' as const };
}

function wide(width: number): { width: number } {
  return { width };
}
