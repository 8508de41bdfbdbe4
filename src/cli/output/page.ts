import { escapeControls } from '../../verify/checks/printable.js';

/**
 * What is printed, by parts: a string is one line and is never wrapped; a function makes lines for a width, in columns
 * of text. {@link render} escapes all of it, so a line break or an escape sequence in a text from outside is shown, not obeyed.
 */
export type Block = string | ((width: number) => readonly string[]);

/** Joins blocks for a width; `Infinity` if nothing is to be wrapped. In JSON the escapes stand for the same text. */
export function render(blocks: readonly Block[], width: number): string {
  return blocks
    .flatMap((block) => (typeof block === 'string' ? block : block(width)))
    .map(escapeControls)
    .join('\n');
}

/** A sentence or more, wrapped between words. An indent is kept on every line. */
export function wrapped(text: string): Block {
  const words = escapeControls(text.trimStart());
  const indent = ' '.repeat(text.length - text.trimStart().length);
  return (width) => wrap(words, width - indent.length).map((line) => indent + line);
}

export function heading(title: string, note = ''): Block[] {
  return ['', `${title}${note ? `  (${note})` : ''}`, ''];
}

/** Where a line may be broken: after a space. */
export const WORDS = /(?<= )/;

/** Also before a capital letter within a name. */
export const CAMEL_CASE = /(?<= )|(?<=[a-z])(?=[A-Z])/;

/** Lines of at most `width` characters. A piece that is longer, such as a root or a path, stays whole. */
export function wrap(text: string, width: number, pieces = WORDS): string[] {
  if (lengthOf(text) <= width) return [text];
  const lines: string[] = [];
  let line = '';
  for (const piece of text.split(pieces)) {
    if (line !== '' && lengthOf((line + piece).trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += piece;
  }
  return [...lines, line.trimEnd()];
}

export function lengthOf(text: string): number {
  return Array.from(text).length;
}
