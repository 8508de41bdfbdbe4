import { escapeControls } from '../../verify/checks/printable.js';
import { CAMEL_CASE, WORDS, lengthOf, wrap, type Block } from './page.js';

/** A flexible column is not kept wider than this for the sake of its longest word. */
const LONGEST_WORD = 20;

const GAP = 2;

export interface Column<R> {
  readonly head: string;
  readonly cell: (row: R) => string;
  readonly align?: 'right';
  /**
   * Cells may be wrapped between words if the table is too wide, and names such as ThresholdRecorded also before a capital
   * letter. A head always may.
   */
  readonly flexible?: boolean | 'camelCase';
}

/** A column with its cells as text, and the widths that it may have. */
interface Strip {
  readonly head: string;
  readonly cells: readonly string[];
  readonly pieces: RegExp;
  readonly isRight: boolean;
  readonly most: number;
  readonly least: number;
}

/**
 * Rows in columns. If they are too wide, empty columns are left out, the widest are narrowed, and heads and flexible cells
 * are wrapped between words. If that is not enough, each row becomes a paragraph. No word is broken, nothing is cut off.
 */
export function table<R>(rows: readonly R[], columns: readonly Column<R>[]): Block {
  const texts = columns.map(({ cell }) => rows.map((row) => escapeControls(cell(row))));
  return (width) => {
    const all = columns.map((column, index) => stripOf(column, texts[index]!));
    const isTooWide = totalOf(all.map(({ most }) => most)) > width;
    const strips = isTooWide ? all.filter(({ cells }) => cells.some((cell) => cell !== '')) : all;
    const widths = fit(strips, width);
    if (!widths) return rows.flatMap((_, row) => paragraph(strips, row, width));
    return [
      ...line(strips, widths, ({ head }) => head),
      widths.map((length) => '─'.repeat(length)).join(' '.repeat(GAP)),
      ...rows.flatMap((_, row) => line(strips, widths, ({ cells }) => cells[row]!)),
    ];
  };
}

function stripOf<R>({ head, align, flexible }: Column<R>, cells: readonly string[]): Strip {
  const pieces = flexible === 'camelCase' ? CAMEL_CASE : WORDS;
  const longest = (text: string): number =>
    Math.max(...text.split(pieces).map((it) => lengthOf(it.trimEnd())));
  const longestHead = Math.max(...head.split(WORDS).map((it) => lengthOf(it.trimEnd())));
  const most = Math.max(lengthOf(head), ...cells.map(lengthOf));
  const isFlexible = flexible !== undefined && flexible !== false;
  const widest = Math.max(0, ...cells.map(isFlexible ? longest : lengthOf));
  return {
    head,
    cells,
    pieces,
    isRight: align === 'right',
    most,
    least: Math.max(longestHead, isFlexible ? Math.min(widest, LONGEST_WORD) : widest),
  };
}

function totalOf(widths: readonly number[]): number {
  return widths.reduce((sum, length) => sum + length, GAP * (widths.length - 1));
}

/** Narrows the widest column, one character at a time, until all of them fit; undefined if they cannot. */
function fit(strips: readonly Strip[], width: number): number[] | undefined {
  const widths = strips.map(({ most }) => most);
  for (let excess = totalOf(widths) - width; excess > 0; excess--) {
    let widest = -1;
    strips.forEach(({ least }, index) => {
      if (widths[index]! > least && widths[index]! > (widths[widest] ?? 0)) widest = index;
    });
    if (widest < 0) return undefined;
    widths[widest]! -= 1;
  }
  return widths;
}

/** One row of cells, of as many lines as its highest cell. */
function line(
  strips: readonly Strip[],
  widths: readonly number[],
  cellOf: (strip: Strip) => string,
): string[] {
  const cells = strips.map((strip, index) => wrap(cellOf(strip), widths[index]!, strip.pieces));
  const height = Math.max(1, ...cells.map(({ length }) => length));
  return Array.from({ length: height }, (_, at) =>
    strips
      .map(({ isRight }, index) => padded(cells[index]![at] ?? '', widths[index]!, isRight))
      .join(' '.repeat(GAP))
      .trimEnd(),
  );
}

/** A row as a list of heads and cells; empty cells are left out. */
function paragraph(strips: readonly Strip[], row: number, width: number): string[] {
  const items = strips.flatMap(({ head, cells }) =>
    cells[row] === '' ? [] : [`${head} ${cells[row]}`.trim()],
  );
  return wrap(items.join(' · '), width - GAP).map((text, index) => (index === 0 ? text : `  ${text}`));
}

function padded(cell: string, width: number, isRight: boolean): string {
  const padding = ' '.repeat(Math.max(0, width - lengthOf(cell)));
  return isRight ? padding + cell : cell + padding;
}
