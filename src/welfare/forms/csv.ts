/** A record of RFC 4180, with what ends it. A cell that a spreadsheet would take for a formula is shown as text. */
export function csvLine(cells: readonly (string | number)[], separator = ','): string {
  return `${cells.map((cell) => csvCell(cell, separator)).join(separator)}\r\n`;
}

/** What a spreadsheet evaluates when it opens the file (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r]/;
const SPECIAL = /[",;\r\n]/;

function csvCell(cell: string | number, separator: string): string {
  if (typeof cell === 'number' || cell === '') return String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  if (!SPECIAL.test(text)) return text;
  const isPlain = !/["\r\n]/.test(text) && !text.includes(separator);
  return isPlain ? text : `"${text.replaceAll('"', '""')}"`;
}
