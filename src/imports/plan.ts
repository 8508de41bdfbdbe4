import { counted } from '../shared/counted.js';
import { SubjectId, matches, printable } from '../study/schema.js';
import type { Steps } from '../study/steps.js';
import { ImportError, type Place } from './import-error.js';
import type { CommandTable } from './mapping/check-table.js';
import type { CheckedMapping } from './mapping/read-mapping.js';
import type { Source } from './mapping/mapping.js';
import { columnName, isIgnored, NotHeededList, unreadColumns, type NotHeeded } from './not-heeded.js';
import { LeftOutRows } from './left-out.js';
import type { ReadFile } from './reading/read-book.js';
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
  | { readonly kind: 'note'; readonly place: Place; readonly text: string }
  | { readonly kind: 'left-out'; readonly place: Place; readonly reason: string };

export interface Plan {
  readonly entries: readonly Entry[];
  readonly blankRows: number;
  /** Sheets that the mapping takes nothing from. */
  readonly unread: readonly string[];
  readonly notHeeded: readonly NotHeeded[];
}

/** Whether the mapping takes anything from a sheet. */
function takes(mapping: CheckedMapping, sheet: string | undefined): boolean {
  return mapping.tables.some((table) => isOn(table, sheet));
}

/**
 * Every row with something in it becomes an entry: one or more commands, a note, a refusal, or a row that is left out; none is passed over.
 * Enrolments come first, since nothing can be said of an animal before; the rest keeps the order of the file.
 */
export function* planRows(
  { book, sha256 }: Pick<ReadFile, 'book' | 'sha256'>,
  mapping: CheckedMapping,
): Steps<Plan> {
  const leftOut = new LeftOutRows(mapping, sha256);
  const notHeeded = new NotHeededList();
  const { hidden = 'read' } = mapping;
  const entries: Entry[] = missingSheets(book, mapping);
  const unread: string[] = [];
  let blankRows = 0;
  for (const sheet of book.sheets) {
    const { name, isHidden = false } = sheet;
    const isRead = takes(mapping, name) && !(isHidden && hidden !== 'read');
    notHeeded.addSheet(sheet, isRead ? 'read' : 'not read');
    if (isRead) {
      const plan = new SheetPlan(sheet, mapping, notHeeded, leftOut);
      for (const entry of plan.entries()) {
        entries.push(entry);
        yield;
      }
      blankRows += sheet.blankRows + plan.skippedRows;
    } else if (isHidden && hidden === 'refuse' && takes(mapping, name)) entries.push(hiddenSheet(name));
    else unread.push(name ?? '');
  }
  for (const error of leftOut.missed()) entries.push({ kind: 'refused', error, place: error.place });
  const isEnrolment = (entry: Entry): boolean =>
    entry.kind === 'command' && entry.table.record === 'EnrolSubject';
  return {
    entries: [...entries.filter(isEnrolment), ...entries.filter((entry) => !isEnrolment(entry))],
    blankRows,
    unread,
    notHeeded: notHeeded.items,
  };
}

function isOn({ sheets }: CommandTable, sheet: string | undefined): boolean {
  return sheets === undefined || sheet === undefined || sheets.some((name) => name.trim() === sheet.trim());
}

function missingSheets(book: Book, mapping: CheckedMapping): Entry[] {
  const names = book.sheets.map(({ name }) => name);
  if (names.includes(undefined)) return [];
  const wanted = new Set(mapping.tables.flatMap(({ sheets }) => sheets ?? []));
  return [...wanted]
    .filter((name) => !names.some((one) => one?.trim() === name.trim()))
    .map((name) => ({
      kind: 'refused',
      place: { sheet: name },
      error: new ImportError(
        'sheet-missing',
        `There is no sheet “${printable(name)}”; there are ${names.slice(0, 20).join(', ')}.`,
      ),
    }));
}

function hiddenSheet(sheet: string | undefined): Entry {
  const message = 'The sheet is hidden: show it, or say "hidden": "read" or "skip" in the mapping.';
  return { kind: 'refused', place: { sheet }, error: new ImportError('sheet-hidden', message) };
}

/** The entries of one sheet. All of them rest on the columns found for its tables, so the file is long. */
class SheetPlan {
  /** Rows that a table skips since it has nothing in them. */
  skippedRows = 0;
  private readonly views = new Map<number, SheetView>();
  private readonly mapped = new Set<number>();
  private readonly subjects = new Set<number>();
  private header: Row | undefined;

  constructor(
    private readonly sheet: Sheet,
    private readonly mapping: CheckedMapping,
    private readonly notHeeded: NotHeededList,
    private readonly leftOut: LeftOutRows,
  ) {}

  *entries(): Generator<Entry> {
    const { name } = this.sheet;
    const tables: CommandTable[] = [];
    for (const table of this.mapping.tables.filter((one) => isOn(one, name))) {
      try {
        this.look(table);
        tables.push(table);
      } catch (error) {
        if (!(error instanceof ImportError)) throw error;
        // Without its columns nothing of the sheet can be told apart.
        yield { kind: 'refused', error, place: { sheet: name, row: table.header ?? 1 } };
        return;
      }
    }
    for (const table of tables) if (table.once === 'sheet') yield this.ofSheet(table);
    const ofRows = tables.filter(({ once }) => once !== 'sheet');
    if (ofRows.length === 0) return;
    yield* this.ofColumns(ofRows);
    yield* this.ofRows(ofRows);
  }

  private view({ header = 1 }: CommandTable): SheetView {
    let view = this.views.get(header);
    if (!view) this.views.set(header, (view = new SheetView(this.sheet, header, this.mapping)));
    return view;
  }

  /** Finds the columns of a table, so that one which is not there is said once. */
  private look(table: CommandTable): void {
    const view = this.view(table);
    const conditions = [...(table.groupBy ?? []), ...(table.where ?? []).map((one) => one.column)];
    for (const source of [...table.sources, ...conditions.map((column) => ({ column }))])
      for (const column of view.columnsOf(source)) this.mapped.add(column);
    for (const column of view.columnsOf(table.subject)) this.subjects.add(column);
  }

  /** Lists the columns that nothing reads, and refuses them where the mapping says which those may be. */
  private *ofColumns(tables: readonly CommandTable[]): Generator<Entry> {
    const { sheet, mapping } = this;
    const top = Math.min(...tables.map(({ header = 1 }) => header));
    const header = (this.header = sheet.rows.find(({ number }) => number === top));
    const rows = sheet.rows.filter((row) => row.number > top && this.noteOf(row) === undefined);
    for (const [column, [count, first]] of unreadColumns(rows, this.mapped)) {
      const name = columnName(header, column);
      if (isIgnored(mapping, name)) continue;
      const place = { sheet: sheet.name, row: first, column: name };
      this.notHeeded.add({
        ...place,
        what: `column that no table reads, filled in ${counted(count, 'row')}`,
      });
      if (mapping.ignore !== undefined)
        yield { kind: 'refused', place, error: new ImportError('column-not-mapped', NOT_MAPPED, place) };
    }
    for (const column of sheet.hiddenColumns ?? [])
      if (this.mapped.has(column))
        this.notHeeded.add({
          sheet: sheet.name,
          column: columnName(header, column),
          what: 'hidden column, read',
        });
  }

  /** What becomes of a row that is hidden or has struck cells: undefined where it is read as any other. */
  private marked(row: Row, columns: readonly number[]): 'skip' | ImportError | undefined {
    const { struck = 'refuse', hidden = 'read' } = this.mapping;
    const at = { sheet: this.sheet.name, row: row.number };
    if (row.isHidden) {
      this.notHeeded.add({ ...at, what: `hidden row, ${DONE[hidden]}` });
      if (hidden !== 'read') return hidden === 'skip' ? 'skip' : new ImportError('row-hidden', HIDDEN, at);
    }
    const struckOnes = columns.filter((column) => row.cells[column]?.isStruck);
    for (const column of struckOnes)
      this.notHeeded.add({
        ...at,
        column: columnName(this.header, column),
        what: `struck through, ${DONE[struck]}`,
      });
    if (struckOnes.length === 0 || struck === 'read') return undefined;
    return struck === 'skip'
      ? 'skip'
      : new ImportError('cell-struck', STRUCK, {
          ...at,
          column: columnName(this.header, struckOnes[0]!),
        });
  }

  private ofSheet(table: CommandTable): Entry {
    const place = [table.subject, ...table.sources].find(({ cell }) => cell !== undefined)?.cell;
    const number = Number(/\d+$/.exec(place ?? '')?.[0] ?? 1);
    const row = { number, cells: [], isMerged: false };
    const reason = this.leftOut.reasonOf(this.sheet.name, number);
    if (reason !== undefined)
      return { kind: 'left-out', place: { sheet: this.sheet.name, row: number }, reason };
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
      return group ? this.ofGroup(table, group.rows) : [];
    };
    for (const row of this.sheet.rows) {
      if (row.number <= top) continue;
      const place = { sheet, row: row.number };
      const reason = this.leftOut.reasonOf(sheet, row.number);
      const note = this.noteOf(row);
      if (note !== undefined) {
        yield reason === undefined
          ? { kind: 'note', place, text: note }
          : { kind: 'left-out', place, reason };
        continue;
      }
      const meeting = tables.filter(
        (table) => row.number > (table.header ?? 1) && this.view(table).meets(table.where, row),
      );
      const matching = meeting.filter((table) => table.blank !== 'skip' || this.hasContent(table, row));
      for (const table of [...open.keys()].filter((one) => !matching.includes(one))) yield* closed(table);
      if (reason !== undefined && !matching.some(({ groupBy }) => groupBy)) {
        yield { kind: 'left-out', place, reason };
        continue;
      }
      if (meeting.length === 0) yield { kind: 'refused', error: unmapped(), place };
      else if (matching.length === 0) this.skippedRows++;
      const columns = matching.flatMap((table) =>
        table.sources.flatMap((source) => this.view(table).columnsOf(source)),
      );
      const mark =
        matching.length === 0 || reason !== undefined ? undefined : this.marked(row, [...new Set(columns)]);
      if (mark instanceof ImportError) yield { kind: 'refused', error: mark, place };
      if (mark !== undefined) continue;
      for (const table of matching) {
        if (reason !== undefined && !table.groupBy) continue;
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

  /** A record of several rows is left out by the row that it names, and never in part. */
  private ofGroup(table: CommandTable, rows: [Row, ...Row[]]): Entry[] {
    const { name: sheet } = this.sheet;
    const [first] = rows;
    const reason = this.leftOut.reasonOf(sheet, first.number);
    if (reason !== undefined)
      return rows.map(({ number }) => ({ kind: 'left-out', place: { sheet, row: number }, reason }));
    const other = rows.find(({ number }) => this.leftOut.reasonOf(sheet, number) !== undefined);
    if (!other) return [{ kind: 'command', table, view: this.view(table), sheet, rows }];
    const message = `Row ${other.number} belongs to the record of row ${first.number}: leave out row ${first.number}, and with it the whole record, or none of it.`;
    const place = { sheet, row: other.number };
    return [{ kind: 'refused', place, error: new ImportError('left-out-in-part', message, place) }];
  }

  /** Whether a row has anything for a table beside the animal and the time. */
  private hasContent(table: CommandTable, row: Row): boolean {
    const { subject, label, reason, occurredAt: when, sources } = table;
    const around: readonly unknown[] = [subject, label, reason, when.instant, when.date, when.time, when.day];
    const view = this.view(table);
    return sources.some(
      (source) =>
        !around.includes(source) && view.columnsOf(source).some((column) => view.isFilled(row, column)),
    );
  }

  /** What is wrong with a cell is said where the row is read; here it only tells rows apart. */
  private textOf(view: SheetView, source: Source, row: Row): string {
    try {
      return view.findText(source, row)?.text ?? '';
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

const DONE = { refuse: 'refused', skip: 'skipped', read: 'read' } as const;
const NOT_MAPPED =
  'No table of the mapping reads this column, and it is filled: map it, or name it in “ignore”.';
const HIDDEN = 'The row is hidden: show it, or say "hidden": "read" or "skip" in the mapping.';
const STRUCK =
  'The text is struck through, at least in part: remove it, or say "struck": "read" or "skip" in the mapping.';

function unmapped(): ImportError {
  return new ImportError(
    'row-not-mapped',
    'No table of the mapping takes this row: add a table for it, say "blank": "skip" where it is meant to be blank, or delete it from a copy of the file.',
  );
}
