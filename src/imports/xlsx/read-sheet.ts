import { ImportError } from '../import-error.js';
import {
  LIMITS,
  columnOf,
  letterOf,
  type Budget,
  type Cell,
  type Row,
  type Sheet,
} from '../reading/sheet.js';
import { plainFormat, shownNumber, withShownZeros } from './shown-number.js';
import type { CellFormat } from './cell-formats.js';
import { unescaped, type SharedString } from './workbook-parts.js';
import { isOn, mustFit, readXml, type Bytes } from './xml.js';

const GENERAL = plainFormat('');

export interface SheetContext {
  readonly name: string;
  readonly strings: readonly SharedString[];
  readonly formats: readonly CellFormat[];
  readonly digits: 'as-shown' | undefined;
  readonly budget: Budget;
}

interface OpenCell {
  readonly column: number;
  readonly type: string;
  readonly style: number;
  value: string;
  isFormula: boolean;
  isStruck: boolean;
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
  private readonly rows: {
    number: number;
    cells: (Cell | undefined)[];
    isMerged: boolean;
    isHidden: boolean;
  }[] = [];
  private readonly merges: string[] = [];
  private readonly hiddenColumns = new Set<number>();
  private columnSettings = 0;
  private isHidden = false;
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
        return this.openRow(Number(attributes['r'] ?? this.last + 1), attributes['hidden']);
      case 'col':
        return this.column(attributes);
      case 'c':
        this.cell = this.openCell(attributes);
        return;
      case 'f':
        if (this.cell) this.cell.isFormula = true;
        return;
      case 'rPh':
        this.inPhonetic = true;
        return;
      case 'v':
      case 't':
        this.inText = !this.inPhonetic;
        return;
      case 'strike':
        if (this.cell && isOn(attributes)) this.cell.isStruck = true;
        return;
      case 'mergeCell':
        if (this.merges.push(attributes['ref'] ?? '') > LIMITS.merges)
          throw new ImportError(
            'too-many-merges',
            `The sheet has more than ${LIMITS.merges} merged cells: divide it.`,
          );
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
      this.rows.push({ number: this.row, cells: this.cells, isMerged: false, isHidden: this.isHidden });
  }

  sheet(): Sheet {
    for (const merge of this.merges) this.spread(merge);
    const { rows, last, hiddenColumns } = this;
    return { name: this.context.name, rows: rows as Row[], blankRows: last - rows.length, hiddenColumns };
  }

  private openRow(number: number, hidden = '0'): void {
    if (!Number.isSafeInteger(number) || number <= this.last || number > 1_048_576)
      throw new ImportError('xlsx-invalid', 'The rows of the sheet are not in order. Save the file anew.');
    this.context.budget.row();
    this.last = this.row = number;
    this.cells = [];
    this.filled = 0;
    this.isHidden = isOn({ val: hidden });
  }

  private column({ min, max, hidden = '0' }: Readonly<Record<string, string>>): void {
    mustFit(++this.columnSettings, LIMITS.columnSettings, 'settings of columns');
    if (!isOn({ val: hidden })) return;
    const last = Math.min(Number(max), LIMITS.columns);
    for (let column = Number(min); column <= last; column++) this.hiddenColumns.add(column - 1);
  }

  private openCell({ r, t, s }: Readonly<Record<string, string>>): OpenCell {
    this.context.budget.take(1);
    const letters = /^([A-Z]{1,3})[1-9]\d{0,6}$/.exec(r ?? '')?.[1];
    const column = letters === undefined ? this.cells.length : columnOf(letters);
    const style = Number(s ?? 0);
    const isStruck = this.context.formats[style]?.isStruck ?? false;
    return { column, type: t ?? 'n', style, value: '', isFormula: false, isStruck };
  }

  private closeCell({ column, type, style, value, isFormula, isStruck }: OpenCell): void {
    this.cell = undefined;
    if (this.row === undefined) return;
    const { kind, text, ...more } = this.meaning(type, style, value);
    try {
      const { budget } = this.context;
      const cell = budget.cell(isFormula ? 'formula' : kind, text, column);
      if (!cell) return;
      if (column > this.cells.length) budget.take(column - this.cells.length);
      while (this.cells.length < column) this.cells.push(undefined);
      this.cells[column] =
        isStruck || more.isStruck ? { ...cell, ...more, isStruck: true } : { ...cell, ...more };
      this.filled++;
    } catch (error) {
      throw error instanceof ImportError ? error.at({ column: letterOf(column) }) : error;
    }
  }

  /** ECMA-376 part 1, 18.18.11. */
  private meaning(type: string, style: number, value: string): Cell {
    switch (type) {
      case 's': {
        const { text, isStruck } = this.context.strings[Number(value)] ?? { text: '', isStruck: false };
        return { kind: 'text', text, ...(isStruck && { isStruck }) };
      }
      case 'inlineStr':
      case 'str':
        return { kind: 'text', text: unescaped(value) };
      case 'b':
        return { kind: 'boolean', text: value === '1' ? 'true' : 'false' };
      case 'e':
        return { kind: 'error', text: value };
      case 'd':
        return { kind: 'text', text: value };
      default:
        return this.number(value, this.context.formats[style]);
    }
  }

  private number(value: string, format: CellFormat | undefined): Cell {
    const exact = decimalText(value);
    if (format?.isDate) return { kind: 'date', text: exact };
    const plain = format ? format.plain : GENERAL;
    const text = this.context.digits ? withShownZeros(exact, plain) : exact;
    const shown = isExact(value) ? shownNumber(exact, plain) : null;
    return shown === text ? { kind: 'number', text } : { kind: 'number', text, shown };
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
      this.context.budget.take(Math.max(1, column - cells.length));
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

/** Whether a whole number has no more digits than a spreadsheet keeps. */
function isExact(value: string): boolean {
  return !/^-?\d{16,}$/.test(value);
}
