/** Human output is 100 columns wide at most: it fits a terminal, a printed page and an e-mail. */
export const WIDTH = 100;

export interface Column<R> {
  readonly head: string;
  readonly cell: (row: R) => string;
  readonly align?: 'right';
  /** Takes what the others leave, and is cut with “…” where that is too little. */
  readonly flexible?: boolean;
}

/** A table with its columns aligned, no wider than {@link WIDTH}. */
export function table<R>(rows: readonly R[], columns: readonly Column<R>[]): string {
  const cells = rows.map((row) => columns.map(({ cell }) => cell(row).replaceAll('\n', ' ')));
  const heads = columns.map(({ head }) => head);
  const widths = heads.map((head, index) =>
    Math.max(length(head), ...cells.map((row) => length(row[index] ?? ''))),
  );
  const gaps = 2 * (columns.length - 1);
  const flexible = columns.findIndex((column) => column.flexible);
  if (flexible >= 0) {
    const others = widths.reduce((sum, width, index) => (index === flexible ? sum : sum + width), gaps);
    widths[flexible] = Math.min(widths[flexible] ?? 0, Math.max(10, WIDTH - others));
  }
  const line = (row: readonly string[]): string =>
    row
      .map((cell, index) => fitted(cell, widths[index] ?? 0, columns[index]?.align === 'right'))
      .join('  ')
      .trimEnd();
  return [line(heads), line(widths.map((width) => '─'.repeat(width))), ...cells.map(line)].join('\n');
}

export function heading(title: string, note = ''): string {
  return `\n${title}${note ? `  (${note})` : ''}\n`;
}

/** Text broken at blanks so that no line is wider than {@link WIDTH}. */
export function wrapped(text: string, indent = ''): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(/\s+/)) {
    if (line.length > indent.length && length(line) + 1 + length(word) > WIDTH) {
      lines.push(line);
      line = indent;
    }
    line += (line.length > indent.length ? ' ' : '') + word;
  }
  return [...lines, line].join('\n');
}

function fitted(cell: string, width: number, right: boolean): string {
  const letters = Array.from(cell);
  const text = letters.length > width ? `${letters.slice(0, width - 1).join('')}…` : cell;
  const padding = ' '.repeat(Math.max(0, width - length(text)));
  return right ? padding + text : text + padding;
}

function length(text: string): number {
  return Array.from(text).length;
}
