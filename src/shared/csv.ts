/** CSV as RFC 4180 describes it: comma or another separator, CRLF after each line, quotes only where they are needed. */

/**
 * One line, safe to open in a spreadsheet: text that could be a formula is written as text. Numbers are written as they are.
 */
export function csvLine(cells: readonly (string | number)[], separator = ','): string {
  return csvRow(
    cells.map((cell) => (typeof cell === 'number' ? String(cell) : guardFormula(cell))),
    separator,
  );
}

/** A lone CR or LF is a line end for many readers. */
const SPECIAL = /[",;\t\r\n]/;

/** One line of cells that are numerals, or were guarded before. */
export function csvRow(cells: readonly string[], separator = ','): string {
  // Few lines need quotes, and one test of the whole line is much faster than one of each cell.
  if (!SPECIAL.test(cells.join(''))) return `${cells.join(separator)}\r\n`;
  return `${cells.map((cell) => quoteCell(cell, separator)).join(separator)}\r\n`;
}

function quoteCell(cell: string, separator: string): string {
  const isPlain = !/["\r\n]/.test(cell) && !cell.includes(separator);
  return isPlain ? cell : `"${cell.replaceAll('"', '""')}"`;
}

/** A spreadsheet takes text that begins with one of these for a formula (OWASP, CSV injection); the last four are full-width. */
const FORMULA = /^['=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;

/** Puts an apostrophe before text that could be a formula, or that begins with one; so it can be undone. */
export function guardFormula(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}
