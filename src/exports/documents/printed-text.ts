import type { Drawing } from '../figures/drawing.js';
import { paragraph, type Block, type Document } from './document.js';

/** So many are named; a longer list helps nobody. */
const NAMED = 40;
/** Without ink, or meant to turn the direction of writing: none of them may pass unseen. */
const UNSEEN = /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u;

/**
 * The document as a font can print it: a character that it lacks stands as its code point, such as ⟨U+4E2D⟩, and the first
 * block names them. @param hasGlyph whether the font has a glyph for a code point
 */
export function printedDocument(document: Document, hasGlyph: (codePoint: number) => boolean): Document {
  const print = new Printer(hasGlyph);
  const text = (one: string): string => print.text(one);
  const blocks = document.blocks.map((block) => printedBlock(block, text));
  const title = text(document.title);
  const foot = text(document.foot);
  const notice = document.notice && text(document.notice);
  return { ...document, title, foot, notice, blocks: [...print.told(), ...blocks] };
}

/** The same of a figure alone. */
export function printedDrawing(drawing: Drawing, hasGlyph: (codePoint: number) => boolean): Drawing {
  const print = new Printer(hasGlyph);
  return withText(drawing, (one) => print.text(one));
}

class Printer {
  private readonly lacking = new Set<number>();
  private readonly known = new Map<string, string>([
    ['\n', '\n'],
    ['\r', ''],
    ['\t', ' '],
  ]);

  constructor(private readonly hasGlyph: (codePoint: number) => boolean) {}

  text(text: string): string {
    let printed = '';
    for (const character of text) printed += this.known.get(character) ?? this.learn(character);
    return printed;
  }

  told(): Block[] {
    const names = [...this.lacking].sort((a, b) => a - b).map(nameOf);
    if (names.length === 0) return [];
    const rest = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
    return [
      paragraph(
        `The font of this PDF cannot print ${names.length} of the characters in it. They stand as their code points in ⟨ ⟩: ` +
          `${names.slice(0, NAMED).join(', ')}${rest}. The same document as HTML shows them.`,
      ),
    ];
  }

  private learn(character: string): string {
    const codePoint = character.codePointAt(0)!;
    const isPrinted = !UNSEEN.test(character) && this.hasGlyph(codePoint);
    if (!isPrinted) this.lacking.add(codePoint);
    const printed = isPrinted ? character : `⟨${nameOf(codePoint)}⟩`;
    this.known.set(character, printed);
    return printed;
  }
}

function nameOf(codePoint: number): string {
  return `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
}

function printedBlock(block: Block, text: (one: string) => string): Block {
  switch (block.kind) {
    case 'heading':
    case 'text':
      return { ...block, text: text(block.text) };
    case 'table':
      return { ...block, heads: block.heads.map(text), rows: block.rows.map((row) => row.map(text)) };
    case 'figure':
      return { ...block, caption: text(block.caption), drawing: withText(block.drawing, text) };
  }
}

function withText(drawing: Drawing, text: (one: string) => string): Drawing {
  const marks = drawing.marks.map((mark) =>
    mark.kind === 'text' ? { ...mark, text: text(mark.text) } : mark,
  );
  return { ...drawing, marks };
}
