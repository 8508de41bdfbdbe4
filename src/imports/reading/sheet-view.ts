import { printable } from '../../study/schema.js';
import { ImportError } from '../import-error.js';
import type { Condition, Mapping, Source } from '../mapping/mapping.js';
import { columnOf, letterOf, trimmed, type Cell, type Row, type Sheet } from './sheet.js';

/** What a source says for one row. */
export interface Found {
  readonly text: string;
  readonly kind: Cell['kind'];
  /** Put there by the mapping instead of the file. */
  readonly isAssumed: boolean;
  /** The header or the place, for messages. */
  readonly column: string | undefined;
}

type Named = Pick<Source, 'column' | 'letter' | 'optional'>;
type ReadCell = (cell: Cell, column: string) => Cell;

const NONE = -1;

/** A sheet as a mapping looks at it: by headers. */
export class SheetView {
  private readonly headers = new Map<string, number[]>();
  private readonly filled = new Map<number, ReadonlyMap<number, Cell>>();
  private readonly columns = new Map<object, number>();
  private readonly places = new Map<string, Cell | undefined>();
  readonly rows: readonly Row[];
  private readonly missing: ReadonlySet<string>;

  constructor(
    private readonly sheet: Sheet,
    readonly headerRow: number,
    private readonly mapping: Pick<Mapping, 'missing' | 'digits'>,
  ) {
    this.missing = new Set(mapping.missing);
    const header = sheet.rows.find(({ number }) => number === headerRow);
    for (const [index, cell] of (header?.cells ?? []).entries()) {
      if (!cell) continue;
      const { text } = cell;
      if (text === '__proto__') {
        throw new ImportError(
          'header-invalid',
          'A column is headed __proto__, which no sheet of observations is.',
          {
            row: headerRow,
            column: letterOf(index),
          },
        );
      }
      const name = nameOf(text);
      this.headers.set(name, [...(this.headers.get(name) ?? []), index]);
    }
    this.rows = sheet.rows.filter(({ number }) => number > headerRow);
  }

  /** Undefined where the cell is blank; then what the mapping puts in its place, where it does. @throws ImportError */
  find(source: Source, row: Row): Found | undefined {
    return this.look(source, row, (cell) => cell);
  }

  /** As `find`, for a text that names something, such as an animal or a run: a number counts as it is shown. */
  findText(source: Source, row: Row): Found | undefined {
    return this.look(source, row, (cell, column) => this.asShown(cell, column));
  }

  private look(source: Source, row: Row, read: ReadCell): Found | undefined {
    const found = source.columns ? this.joined(source, row) : this.raw(source, row, read);
    const text = found && alter(source, found);
    if (found && text === found.text) return found;
    if (found && text !== undefined) return { ...found, text };
    if (source.else === undefined) return undefined;
    return {
      text: source.else,
      kind: 'text',
      isAssumed: true,
      column: source.column ?? source.letter ?? source.cell,
    };
  }

  /** Whether a row is one that the conditions ask for. */
  meets(conditions: readonly Condition[] | undefined, row: Row): boolean {
    return (conditions ?? []).every((condition) => {
      const { is, filled } = condition;
      const index = this.column(condition);
      const text = index !== undefined && this.isFilled(row, index) ? row.cells[index]?.text : undefined;
      if (is && !is.includes(text ?? '')) return false;
      return filled === undefined || filled === (text !== undefined);
    });
  }

  /** The columns that a source reads in this sheet. */
  columnsOf(source: Source): number[] {
    const named = source.columns?.map((column) => ({ column })) ?? [source];
    return named.map((one) => this.column(one)).filter((column) => column !== undefined);
  }

  isFilled(row: Row, column: number): boolean {
    const cell = row.cells[column];
    return cell !== undefined && !this.missing.has(cell.text);
  }

  /** Where a source stands in this sheet; undefined for what is no column, or one that may be missing. */
  private column(source: Named): number | undefined {
    let column = this.columns.get(source);
    if (column === undefined) this.columns.set(source, (column = this.lookedUp(source) ?? NONE));
    return column === NONE ? undefined : column;
  }

  private lookedUp(source: Named): number | undefined {
    if (source.letter !== undefined) return columnOf(source.letter);
    if (source.column === undefined) return undefined;
    const found = this.headers.get(nameOf(source.column)) ?? [];
    if (found.length === 1 || (found.length === 0 && source.optional)) return found[0];
    const asked = printable(source.column);
    const place = { row: this.headerRow };
    if (found.length > 1) {
      const where = found.map(letterOf).join(' and ');
      throw new ImportError(
        'column-ambiguous',
        `Columns ${where} are both headed “${asked}”: name them by letter.`,
        place,
      );
    }
    const names = [...this.headers.keys()].slice(0, 20).map(printable).join(', ');
    throw new ImportError(
      'column-missing',
      names === ''
        ? `There are no headers in this row: say in “header” in which row they stand.`
        : `No column is headed “${asked}”; there are ${names}. Where the headers stand in another row, say so in “header”.`,
      place,
    );
  }

  /** Several columns as one text: all of them filled, or none. */
  private joined(source: Source, row: Row): Found | undefined {
    const names = source.columns ?? [];
    const parts = names.map((column) => this.findText({ column }, row));
    if (parts.every((part) => part === undefined)) return undefined;
    const blank = parts.findIndex((part) => part === undefined);
    if (blank >= 0)
      throw new ImportError('cell-missing', `The cell is blank, and is joined with ${names.join(' and ')}.`, {
        column: names[blank],
      });
    const text = parts.map((part) => part!.text).join(source.join ?? '');
    return { text, kind: 'text', isAssumed: false, column: names.join(', ') };
  }

  private asShown(cell: Cell, column: string): Cell {
    const { kind, text, shown } = cell;
    if (kind !== 'number' || shown === undefined) return cell;
    if (shown !== null && this.mapping.digits) return { kind: 'text', text: shown };
    const how = shown === null ? 'in a form that may show other digits' : `and shows ${printable(shown)}`;
    const otherwise = shown === null ? '' : ', or say "digits": "as-shown" in the mapping';
    throw new ImportError(
      'cell-shows-other',
      `The cell holds the number ${printable(text)} ${how}: type it as text${otherwise}.`,
      { column },
    );
  }

  private raw(source: Source, row: Row, read: ReadCell): Found | undefined {
    if (source.value !== undefined)
      return { text: source.value, kind: 'text', isAssumed: true, column: undefined };
    if (source.sheetName) {
      const text = trimmed(this.sheet.name ?? '');
      return text === '' ? undefined : { text, kind: 'text', isAssumed: false, column: 'name of the sheet' };
    }
    const [cell, column] = source.cell === undefined ? this.inColumn(source, row) : this.cellAt(source.cell);
    if (!cell || this.missing.has(cell.text)) return undefined;
    const { kind, text, raw } = read(cell, column);
    return { text: (source.verbatim && raw) || text, kind, isAssumed: source.lookup !== undefined, column };
  }

  private inColumn(source: Source, row: Row): [Cell | undefined, string] {
    const index = this.column(source);
    const name = source.column ?? source.letter ?? '';
    if (index === undefined) return [undefined, name];
    const cell = row.cells[index] ?? (source.fillDown ? this.down(index).get(row.number) : undefined);
    return [cell, name];
  }

  private cellAt(place: string): [Cell | undefined, string] {
    if (!this.places.has(place)) {
      const [, letters = '', number] = /^([A-Z]+)(\d+)$/.exec(place) ?? [];
      const row = this.sheet.rows.find((one) => one.number === Number(number));
      this.places.set(place, row?.cells[columnOf(letters)]);
    }
    return [this.places.get(place), place];
  }

  /** A column with its blanks filled from above. */
  private down(index: number): ReadonlyMap<number, Cell> {
    let column = this.filled.get(index);
    if (column) return column;
    const cells = new Map<number, Cell>();
    let last: Cell | undefined;
    for (const row of this.rows) {
      last = row.cells[index] ?? last;
      if (last) cells.set(row.number, last);
    }
    this.filled.set(index, (column = cells));
    return column;
  }
}

/** The headers of one sheet are told apart by what is read in them, not by how they are set. */
function nameOf(header: string): string {
  return header.normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase();
}

/** @throws ImportError for a cell that nobody filled in, or that says something which the mapping has no answer to. */
function alter({ strip, prefix, lookup }: Source, { text, kind, column }: Found): string {
  const place = { column };
  if (kind === 'formula') {
    throw new ImportError(
      'cell-is-formula',
      'The cell holds a formula, not what somebody observed: put its value there, and import again.',
      place,
    );
  }
  if (kind === 'error')
    throw new ImportError('cell-is-error', `The cell holds the error ${printable(text)}.`, place);
  let rest = text;
  if (strip !== undefined) {
    if (!text.startsWith(strip))
      throw new ImportError('cell-unexpected', `“${printable(text)}” does not begin with “${strip}”.`, place);
    rest = trimmed(text.slice(strip.length));
  }
  if (lookup) {
    if (!Object.hasOwn(lookup, rest)) {
      const known = Object.keys(lookup).slice(0, 20).join(', ');
      throw new ImportError(
        'cell-unexpected',
        `The mapping does not know “${printable(rest)}”; it knows ${known}.`,
        place,
      );
    }
    rest = lookup[rest] ?? '';
  }
  return (prefix ?? '') + rest;
}
