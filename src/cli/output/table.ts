/** The most columns of text for people; fits a terminal, a printed page and an e-mail. */
export const WIDTH = 100;

/** The least width of a flexible column. */
const MIN_WIDTH = 10;

export interface Column<R> {
  readonly head: string;
  readonly cell: (row: R) => string;
  readonly align?: 'right';
  /** May be wrapped if the table is too wide. */
  readonly flexible?: boolean;
}

/** Formats rows as a table of at most {@link WIDTH} columns. Nothing is cut off. */
export function table<R>(rows: readonly R[], columns: readonly Column<R>[]): string {
  const heads = columns.map(({ head }) => head);
  const cells = rows.map((row) => columns.map(({ cell }) => cell(row).replaceAll('\n', ' ')));
  const widths = heads.map((head, index) =>
    Math.max(length(head), ...cells.map((row) => length(row[index] ?? ''))),
  );
  squeeze(widths, columns);
  const lines = (row: readonly string[]): string[] => {
    const broken = row.map((cell, index) => brokenAt(widths[index] ?? 0, cell));
    const height = Math.max(1, ...broken.map((cell) => cell.length));
    return Array.from({ length: height }, (_, line) =>
      broken
        .map((cell, index) => padded(cell[line] ?? '', widths[index] ?? 0, columns[index]?.align === 'right'))
        .join('  ')
        .trimEnd(),
    );
  };
  return [heads, widths.map((width) => '─'.repeat(width)), ...cells].flatMap(lines).join('\n');
}

/** Narrows the widest flexible column, one character at a time, until the table fits. */
function squeeze<R>(widths: number[], columns: readonly Column<R>[]): void {
  const gaps = 2 * (columns.length - 1);
  const total = (): number => widths.reduce((sum, width) => sum + width, gaps);
  while (total() > WIDTH) {
    let widest = -1;
    columns.forEach(({ flexible }, index) => {
      const width = widths[index] ?? 0;
      if (flexible && width > MIN_WIDTH && width > (widths[widest] ?? 0)) widest = index;
    });
    if (widest < 0) return;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
}

export function heading(title: string, note = ''): string {
  return `\n${title}${note ? `  (${note})` : ''}\n`;
}

/** Wraps text at spaces to lines of at most {@link WIDTH} columns. */
export function wrapped(text: string): string {
  return brokenAt(WIDTH, text).join('\n');
}

/** Wraps text at spaces, and inside a word only if the word is longer than a line. */
function brokenAt(width: number, text: string): string[] {
  if (length(text) <= width) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((each) => pieces(width, each))) {
    if (line !== '' && length(line) + 1 + length(word) > width) {
      lines.push(line);
      line = '';
    }
    line += line === '' ? word : ` ${word}`;
  }
  return [...lines, line];
}

function pieces(width: number, word: string): string[] {
  const letters = Array.from(word);
  const count = Math.max(1, Math.ceil(letters.length / width));
  return Array.from({ length: count }, (_, index) =>
    letters.slice(index * width, (index + 1) * width).join(''),
  );
}

/** “1 command”, “2 commands”. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function padded(cell: string, width: number, right: boolean): string {
  const padding = ' '.repeat(Math.max(0, width - length(cell)));
  return right ? padding + cell : cell + padding;
}

function length(text: string): number {
  return Array.from(text).length;
}
