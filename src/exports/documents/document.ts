import type { Drawing } from '../figures/drawing.js';

/** A text with tables and figures, from which both HTML and PDF are made. */
export interface Document {
  readonly title: string;
  /** At the head and the foot of every page. */
  readonly notice: string | undefined;
  readonly foot: string;
  /** The date of the file: an instant of the records. */
  readonly dated: string;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: 'heading'; readonly level: 2 | 3; readonly text: string; readonly newPage?: boolean }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'figure'; readonly drawing: Drawing; readonly caption: string }
  | TableBlock;

export interface TableBlock {
  readonly kind: 'table';
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Relative widths of the columns on paper. */
  readonly widths: readonly number[];
}

export function heading(text: string, level: 2 | 3 = 2, newPage = false): Block {
  return { kind: 'heading', level, text, newPage };
}

export function paragraph(text: string): Block {
  return { kind: 'text', text };
}

export function tableOf(
  columns: readonly (readonly [head: string, width: number])[],
  rows: readonly (readonly (string | number | null | undefined)[])[],
): Block {
  return {
    kind: 'table',
    heads: columns.map(([head]) => head),
    widths: columns.map(([, width]) => width),
    rows: rows.map((row) => row.map((cell) => String(cell ?? ''))),
  };
}

export function figure(drawing: Drawing, caption: string): Block {
  return { kind: 'figure', drawing, caption };
}

/** `#12 #834` */
export function cited(records: Iterable<number>): string {
  return [...new Set(records)]
    .sort((a, b) => a - b)
    .map((record) => `#${record}`)
    .join(' ');
}
