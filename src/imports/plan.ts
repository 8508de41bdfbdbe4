import { SubjectId, matches, printable } from '../study/schema.js';
import { ImportError, type Place } from './import-error.js';
import type { CommandTable, CheckedMapping } from './mapping/read-mapping.js';
import type { Source } from './mapping/mapping.js';
import type { Book, Row, Sheet } from './reading/sheet.js';
import { SheetView } from './reading/sheet-view.js';

/** What is to be made of the rows of a book, in the order in which it is to be recorded. */
export type Entry =
  | {
      readonly kind: 'command';
      readonly table: CommandTable;
      readonly view: SheetView;
      readonly sheet: string | undefined;
      /** The first one is the row that the record names. */
      readonly rows: readonly [Row, ...Row[]];
    }
  | { readonly kind: 'refused'; readonly error: ImportError; readonly place: Place }
  | { readonly kind: 'note'; readonly place: Place; readonly text: string };

export interface Plan {
  readonly entries: readonly Entry[];
  readonly blankRows: number;
  /** Sheets that the mapping takes nothing from. */
  readonly unread: readonly string[];
}

/** Whether the mapping takes anything from a sheet. */
export function takes(mapping: CheckedMapping, sheet: string | undefined): boolean {
  return mapping.tables.some((table) => isOn(table, sheet));
}

/**
 * Every row with something in it becomes an entry: one or more commands, a note, or a refusal; none is passed over.
 * Enrolments come first, since nothing can be said of an animal before; the rest keeps the order of the file.
 */
export function planned(book: Book, mapping: CheckedMapping): Plan {
  const missing = new Set(mapping.missing);
  const sheets = book.sheets.filter(({ name }) => takes(mapping, name));
  const entries: Entry[] = absent(book, mapping);
  for (const sheet of sheets) entries.push(...new SheetPlan(sheet, mapping, missing).entries());
  const isEnrolment = (entry: Entry): boolean =>
    entry.kind === 'command' && entry.table.record === 'EnrolSubject';
  return {
    entries: [...entries.filter(isEnrolment), ...entries.filter((entry) => !isEnrolment(entry))],
    blankRows: sheets.reduce((sum, { blankRows }) => sum + blankRows, 0),
    unread: book.sheets.filter((sheet) => !sheets.includes(sheet)).map(({ name }) => name ?? ''),
  };
}

function isOn({ sheets }: CommandTable, sheet: string | undefined): boolean {
  return sheets === undefined || sheet === undefined || sheets.includes(sheet);
}

function absent(book: Book, mapping: CheckedMapping): Entry[] {
  const names = book.sheets.map(({ name }) => name);
  if (names.includes(undefined)) return [];
  const wanted = new Set(mapping.tables.flatMap(({ sheets }) => sheets ?? []));
  return [...wanted]
    .filter((name) => !names.includes(name))
    .map((name) => ({
      kind: 'refused',
      place: { sheet: name },
      error: new ImportError(
        'sheet-missing',
        `There is no sheet “${printable(name)}”; there are ${names.slice(0, 20).join(', ')}.`,
      ),
    }));
}

class SheetPlan {
  private readonly views = new Map<number, SheetView>();
  private readonly mapped = new Set<number>();
  private readonly subjects = new Set<number>();

  constructor(
    private readonly sheet: Sheet,
    private readonly mapping: CheckedMapping,
    private readonly missing: ReadonlySet<string>,
  ) {}

  entries(): Entry[] {
    const { name } = this.sheet;
    const tables: CommandTable[] = [];
    for (const table of this.mapping.tables.filter((one) => isOn(one, name))) {
      try {
        this.look(table);
        tables.push(table);
      } catch (error) {
        if (!(error instanceof ImportError)) throw error;
        // Without its columns nothing of the sheet can be told apart.
        return [{ kind: 'refused', error, place: { sheet: name, row: table.header ?? 1 } }];
      }
    }
    const whole = tables.filter(({ once }) => once === 'sheet').map((table) => this.ofSheet(table));
    const ofRows = tables.filter(({ once }) => once !== 'sheet');
    return ofRows.length === 0 ? whole : [...whole, ...this.ofRows(ofRows)];
  }

  private view({ header = 1 }: CommandTable): SheetView {
    let view = this.views.get(header);
    if (!view) this.views.set(header, (view = new SheetView(this.sheet, header, this.missing)));
    return view;
  }

  /** Finds the columns of a table, so that one which is not there is said once. */
  private look(table: CommandTable): void {
    const view = this.view(table);
    for (const source of table.sources) {
      const column = view.column(source);
      if (column !== undefined) this.mapped.add(column);
    }
    for (const column of [...(table.groupBy ?? []), ...(table.where ?? []).map((one) => one.column)])
      view.column({ column });
    const subject = view.column(table.subject);
    if (subject !== undefined) this.subjects.add(subject);
  }

  private ofSheet(table: CommandTable): Entry {
    const place = [table.subject, ...table.sources].find(({ cell }) => cell !== undefined)?.cell;
    const number = Number(/\d+$/.exec(place ?? '')?.[0] ?? 1);
    const row = { number, cells: [], isMerged: false };
    return { kind: 'command', table, view: this.view(table), sheet: this.sheet.name, rows: [row] };
  }

  private *ofRows(tables: readonly CommandTable[]): Generator<Entry> {
    const top = Math.min(...tables.map(({ header = 1 }) => header));
    const sheet = this.sheet.name;
    const open = new Map<CommandTable, { key: string; rows: [Row, ...Row[]] }>();
    const seen = new Map(tables.map((table) => [table, new Set<string>()]));
    const closed = (table: CommandTable): Entry[] => {
      const group = open.get(table);
      open.delete(table);
      return group ? [{ kind: 'command', table, view: this.view(table), sheet, rows: group.rows }] : [];
    };
    for (const row of this.sheet.rows) {
      if (row.number <= top) continue;
      const place = { sheet, row: row.number };
      const note = this.noteOf(row);
      if (note !== undefined) {
        yield { kind: 'note', place, text: note };
        continue;
      }
      const matching = tables.filter(
        (table) => row.number > (table.header ?? 1) && this.view(table).meets(table.where, row),
      );
      for (const table of [...open.keys()].filter((one) => !matching.includes(one))) yield* closed(table);
      if (matching.length === 0) yield { kind: 'refused', error: unmapped(), place };
      for (const table of matching) {
        const view = this.view(table);
        if (table.once === 'animal') {
          const subject = this.textOf(view, table.subject, row);
          if (subject === '' || seen.get(table)?.has(subject)) continue;
          seen.get(table)?.add(subject);
        }
        if (!table.groupBy) {
          yield { kind: 'command', table, view, sheet, rows: [row] };
          continue;
        }
        const key = JSON.stringify(table.groupBy.map((column) => this.textOf(view, { column }, row)));
        const group = open.get(table);
        if (group?.key === key) {
          group.rows.push(row);
          continue;
        }
        yield* closed(table);
        open.set(table, { key, rows: [row] });
      }
    }
    for (const table of open.keys()) yield* closed(table);
  }

  /** What is wrong with a cell is said where the row is read; here it only tells rows apart. */
  private textOf(view: SheetView, source: Source, row: Row): string {
    try {
      return view.find(source, row)?.text ?? '';
    } catch {
      return '';
    }
  }

  /** A sentence that stands alone in its row, where no observation would. */
  private noteOf({ cells, isMerged }: Row): string | undefined {
    const column = cells.findIndex((cell) => cell !== undefined);
    const cell = cells[column];
    if (!cell || cells.some((other, index) => index > column && other)) return undefined;
    const { text, kind } = cell;
    if (isMerged) return text;
    const canBeNote = !this.mapped.has(column) || this.subjects.has(column);
    return canBeNote && kind === 'text' && /\s/.test(text) && !matches(SubjectId, text) ? text : undefined;
  }
}

function unmapped(): ImportError {
  return new ImportError(
    'row-not-mapped',
    'No table of the mapping takes this row: add a table for it, or delete the row from a copy of the file.',
  );
}
