/** A record of RFC 4180, with what ends it. A cell that a spreadsheet would take for a formula is shown as text. */
export function csvLine(cells: readonly (string | number)[], separator = ','): string {
  return `${cells.map((cell) => csvCell(cell, separator)).join(separator)}\r\n`;
}

/** What a spreadsheet evaluates when it opens the file (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r]/;

function csvCell(cell: string | number, separator: string): string {
  if (typeof cell === 'number') return String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  const isPlain =
    !text.includes('"') && !text.includes('\n') && !text.includes('\r') && !text.includes(separator);
  return isPlain ? text : `"${text.replaceAll('"', '""')}"`;
}
