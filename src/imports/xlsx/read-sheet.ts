import { ImportError } from '../import-error.js';
import {
  LIMITS,
  columnOf,
  letterOf,
  unguarded,
  type Budget,
  type Cell,
  type Row,
  type Sheet,
} from '../reading/sheet.js';
import { readXml, type Bytes, type CellFormat } from './workbook-parts.js';

export interface SheetContext {
  readonly name: string;
  readonly strings: readonly string[];
  readonly formats: readonly CellFormat[];
  readonly digits: 'as-shown' | undefined;
  readonly budget: Budget;
}

interface OpenCell {
  readonly column: number;
  readonly type: string;
  readonly style: number;
  value: string;
  formula: boolean;
}

/** One sheet of an XLSX file, read once from top to bottom. @throws ImportError that names the row. */
export async function readSheet(part: string, bytes: Bytes, context: SheetContext): Promise<Sheet> {
  const reader = new SheetReader(context);
  try {
    await readXml(part, bytes, {
      open: (tag, attributes) => reader.open(tag, attributes),
      text: (text) => reader.text(text),
      close: (tag) => reader.close(tag),
    });
  } catch (error) {
    throw error instanceof ImportError ? error.at({ sheet: context.name, row: reader.row }) : error;
  }
  return reader.sheet();
}

class SheetReader {
  row: number | undefined;
  private readonly rows: { number: number; cells: (Cell | undefined)[]; isMerged: boolean }[] = [];
  private readonly merges: string[] = [];
  private cells: (Cell | undefined)[] = [];
  private filled = 0;
  private cell: OpenCell | undefined;
  private inText = false;
  private inPhonetic = false;
  private last = 0;

  constructor(private readonly context: SheetContext) {}

  open(tag: string, attributes: Readonly<Record<string, string>>): void {
    switch (tag) {
      case 'row':
        return this.openRow(Number(attributes['r'] ?? this.last + 1));
      case 'c':
        this.cell = this.openCell(attributes);
        return;
      case 'f':
        if (this.cell) this.cell.formula = true;
        return;
      case 'rPh':
        this.inPhonetic = true;
        return;
      case 'v':
      case 't':
        this.inText = !this.inPhonetic;
        return;
      case 'mergeCell':
        this.merges.push(attributes['ref'] ?? '');
    }
  }

  text(text: string): void {
    // One character beyond the limit is enough to know.
    if (this.inText && this.cell && this.cell.value.length <= LIMITS.cellCharacters) this.cell.value += text;
  }

  close(tag: string): void {
    if (tag === 'v' || tag === 't') this.inText = false;
    if (tag === 'rPh') this.inPhonetic = false;
    if (tag === 'c' && this.cell) this.closeCell(this.cell);
    if (tag === 'row' && this.row !== undefined && this.filled > 0)
      this.rows.push({ number: this.row, cells: this.cells, isMerged: false });
  }

  sheet(): Sheet {
    for (const merge of this.merges) this.spread(merge);
    const { rows, last } = this;
    return { name: this.context.name, rows: rows as Row[], blankRows: last - rows.length };
  }

  private openRow(number: number): void {
    if (!Number.isSafeInteger(number) || number <= this.last || number > 1_048_576)
      throw new ImportError('xlsx-invalid', 'The rows of the sheet are not in order. Save the file anew.');
    this.context.budget.row();
    this.last = this.row = number;
    this.cells = [];
    this.filled = 0;
  }

  private openCell({ r, t, s }: Readonly<Record<string, string>>): OpenCell {
    const letters = /^([A-Z]{1,3})[1-9]\d{0,6}$/.exec(r ?? '')?.[1];
    const column = letters === undefined ? this.cells.length : columnOf(letters);
    return { column, type: t ?? 'n', style: Number(s ?? 0), value: '', formula: false };
  }

  private closeCell({ column, type, style, value, formula }: OpenCell): void {
    this.cell = undefined;
    if (this.row === undefined) return;
    const [kind, text] = this.meaning(type, style, value);
    try {
      const cell = this.context.budget.cell(formula ? 'formula' : kind, text, column);
      if (!cell) return;
      while (this.cells.length < column) this.cells.push(undefined);
      this.cells[column] = cell;
      this.filled++;
    } catch (error) {
      throw error instanceof ImportError ? error.at({ column: letterOf(column) }) : error;
    }
  }

  /** ECMA-376 part 1, 18.18.11. */
  private meaning(type: string, style: number, value: string): [Cell['kind'], string] {
    switch (type) {
      case 's':
        return ['text', unescaped(this.context.strings[Number(value)] ?? '')];
      case 'inlineStr':
      case 'str':
        return ['text', unescaped(value)];
      case 'b':
        return ['boolean', value === '1' ? 'true' : 'false'];
      case 'e':
        return ['error', value];
      case 'd':
        return ['text', value];
      default:
        return this.number(decimalText(value), this.context.formats[style]);
    }
  }

  private number(text: string, format: CellFormat | undefined): [Cell['kind'], string] {
    if (format?.isDate) return ['date', text];
    const places = format?.places;
    return ['number', places === undefined || !this.context.digits ? text : withZeros(text, places)];
  }

  /** A merge down one column says the same of each row; one across columns is a heading or a note. */
  private spread(merge: string): void {
    const [, from, top, to, bottom] = /^([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})$/.exec(merge) ?? [];
    if (from === undefined || to === undefined) return;
    const column = columnOf(from);
    const [first, last] = [Number(top), Number(bottom)];
    const start = this.rowFrom(first);
    const head = this.rows[start];
    if (head?.number !== first) return;
    if (from !== to) {
      if (head.cells[column]) head.isMerged = true;
      return;
    }
    const cell = head.cells[column];
    if (!cell) return;
    for (let index = start + 1; (this.rows[index]?.number ?? Infinity) <= last; index++) {
      const cells = this.rows[index]?.cells ?? [];
      while (cells.length < column) cells.push(undefined);
      cells[column] ??= cell;
    }
  }

  private rowFrom(number: number): number {
    let [low, high] = [0, this.rows.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.rows[middle]?.number ?? 0) >= number) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** A file holds 0.1 + 0.2 as 0.30000000000000004; a spreadsheet shows, and keeps, fifteen digits. */
function decimalText(value: string): string {
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number)) return value;
  const text = String(Number(number.toPrecision(15)));
  const [, sign = '', digits = '', exponent] = /^(-?)([\d.]+)e([+-]\d+)$/.exec(text) ?? [];
  if (exponent === undefined) return text;
  const [whole = '', fraction = ''] = digits.split('.');
  const places = Number(exponent);
  return places < 0
    ? `${sign}0.${'0'.repeat(-places - 1)}${whole}${fraction}`
    : `${sign}${whole}${fraction.padEnd(places, '0')}`;
}

/** With the zeros at its end that a format shows; what a format would round away stays. */
function withZeros(text: string, places: number): string {
  const [, whole, fraction = ''] = /^(-?\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === undefined || fraction.length >= places) return text;
  return `${whole}.${fraction.padEnd(places, '0')}`;
}

/** Characters that XML cannot hold are written as _x000D_. */
function unescaped(raw: string): string {
  const text = unguarded(raw);
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
