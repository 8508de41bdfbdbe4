import type { Place } from './import-error.js';
import type { CheckedMapping } from './mapping/read-mapping.js';
import { letterOf, type Row, type Sheet } from './reading/sheet.js';

/** What a sheet shows to whoever looks at it and the import does not heed, or reads all the same. */
export interface NotHeeded extends Place {
  readonly what: string;
}

/** Items that are listed; a sheet with more of them is not read item by item. */
const MOST = 500;

export class NotHeededList {
  readonly items: NotHeeded[] = [];

  add(item: NotHeeded): void {
    if (this.items.length < MOST) this.items.push(item);
    else if (this.items.length === MOST) this.items.push({ what: `more than ${MOST} such things` });
  }

  /** Sheets that are hidden, comments, hidden columns: what does not depend on rows. */
  addSheet({ name, isHidden, comments = [] }: Sheet, how: string): void {
    if (isHidden) this.add({ sheet: name, what: `hidden sheet, ${how}` });
    for (const { cell, text } of comments) {
      const [, letters, row] = /^([A-Z]+)(\d+)$/.exec(cell) ?? [];
      const shown = text.replace(/\s+/g, ' ').trim().slice(0, 200);
      this.add({ sheet: name, row: Number(row), column: letters, what: `comment on the cell: ${shown}` });
    }
  }
}

/** Columns that are filled below the headers and read by no table: column → how many cells, and the first row. */
export function unreadColumns(
  rows: readonly Row[],
  read: ReadonlySet<number>,
): Map<number, [number, number]> {
  const found = new Map<number, [count: number, first: number]>();
  for (const { number, cells } of rows)
    for (const [column, cell] of cells.entries()) {
      if (!cell || read.has(column)) continue;
      const [count, first] = found.get(column) ?? [0, number];
      found.set(column, [count + 1, first]);
    }
  return found;
}

/** How a column is called: by its header, or else by its letter. */
export function columnName(header: Row | undefined, column: number): string {
  return header?.cells[column]?.text ?? letterOf(column);
}

export function isIgnored({ ignore = [] }: CheckedMapping, name: string): boolean {
  if (ignore === '*') return true;
  const plain = (text: string): string => text.replace(/\s+/g, ' ').trim().toLowerCase();
  return ignore.some((one) => plain(one) === plain(name));
}
