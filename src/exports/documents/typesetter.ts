import type PDFDocument from 'pdfkit';
import { drawInto } from '../figures/draw-pdf.js';
import type { Block, Document, TableBlock } from './document.js';

type Pdf = InstanceType<typeof PDFDocument>;
/** An element of the structure that programs read aloud. */
type Element = ReturnType<Pdf['struct']>;

const [MARGIN, FOOT] = [38, 34];
export const MARGINS = { top: MARGIN, left: MARGIN, right: MARGIN, bottom: MARGIN + FOOT };

const FONTS = { regular: 'regular', bold: 'bold' };
const SIZES = { 2: 13, 3: 10.5 } as const;
/** A cell that is higher than a page cannot be set; HTML report and records have the whole text. */
const LONGEST_CELL = 900;

interface RowStyle {
  readonly font: string;
  readonly colour: string;
}

const HEAD: RowStyle = { font: FONTS.bold, colour: '#444444' };
const CELL: RowStyle = { font: FONTS.regular, colour: '#111111' };

/** Sets a document page by page. What carries no text (lines, feet, repeated heads) is marked as no part of it. */
export class Typesetter {
  private readonly width: number;
  private readonly bottom: number;
  private readonly root: Element;

  constructor(private readonly pdf: Pdf) {
    this.width = pdf.page.width - 2 * MARGIN;
    this.bottom = pdf.page.height - MARGIN - FOOT;
    this.root = pdf.struct('Document');
    pdf.addStructure(this.root);
  }

  set({ title, notice, foot, blocks }: Document): void {
    const { pdf } = this;
    if (notice !== undefined) this.notice(notice);
    this.element('H1', () =>
      pdf.font(FONTS.bold, 16).fillColor('#111111').text(title, MARGIN, pdf.y, { width: this.width }),
    );
    pdf.moveDown(0.4);
    for (const block of blocks) this.block(block);
    this.root.end();
    this.feet(foot, notice);
  }

  private block(block: Block): void {
    switch (block.kind) {
      case 'heading':
        return this.heading(block.text, block.level, block.newPage ?? false);
      case 'text':
        return this.text(block.text, 8.5);
      case 'table':
        return this.table(block);
      case 'figure':
        return this.figure(block);
    }
  }

  private notice(text: string): void {
    const { pdf, width } = this;
    const top = pdf.y;
    pdf.font(FONTS.bold, 10).fillColor('#a00000');
    const height = pdf.heightOfString(text, { width: width - 20, align: 'center' }) + 12;
    this.artifact('Layout', () =>
      pdf.undash().lineWidth(2).rect(MARGIN, top, width, height).stroke('#a00000'),
    );
    this.element('P', () =>
      pdf.fillColor('#a00000').text(text, MARGIN + 10, top + 6, { width: width - 20, align: 'center' }),
    );
    pdf.y = top + height + 10;
  }

  private heading(text: string, level: 2 | 3, newPage: boolean): void {
    const { pdf } = this;
    if (newPage && pdf.y > MARGIN + 1) pdf.addPage();
    else this.room(70);
    if (pdf.y > MARGIN + 1) pdf.y += level === 2 ? 12 : 6;
    this.element(`H${level}`, () =>
      pdf
        .font(FONTS.bold, SIZES[level])
        .fillColor('#111111')
        .text(text, MARGIN, pdf.y, { width: this.width }),
    );
    pdf.y += 3;
    if (level === 2) pdf.outline.addItem(text);
  }

  private text(text: string, size: number): void {
    const { pdf, width } = this;
    pdf.font(FONTS.regular, size).fillColor('#222222');
    this.room(Math.min(pdf.heightOfString(text, { width }), 100));
    this.element('P', () => pdf.text(text, MARGIN, pdf.y, { width, lineGap: 1 }));
    pdf.y += 5;
  }

  private figure({ drawing, caption }: Extract<Block, { kind: 'figure' }>): void {
    const { pdf } = this;
    this.room(drawing.height + 24);
    const top = pdf.y;
    const bbox = [MARGIN, top, MARGIN + drawing.width, top + drawing.height];
    const options = { alt: drawing.title, bbox };
    this.element('Figure', () => drawInto(pdf, drawing, [MARGIN, top], FONTS), this.root, options);
    pdf.y = top + drawing.height + 4;
    this.text(caption, 7.5);
  }

  private table({ heads, rows, widths }: TableBlock): void {
    const { pdf } = this;
    if (rows.length === 0) return this.text('None.', 8.5);
    const sum = widths.reduce((total, one) => total + one, 0);
    const columns = widths.map((one) => (one / sum) * this.width);
    const hasHead = heads.some((head) => head !== '');
    this.room(40);
    const table = this.group('Table', this.root);
    const head = (group?: Element): void => this.row(group, heads, columns, HEAD, () => 'Column');
    if (hasHead) head(this.group('THead', table));
    const body = this.group('TBody', table);
    for (const row of rows.map((cells) => cells.map(shortened))) {
      if (pdf.y + this.heightOf(row, columns, CELL.font) > this.bottom) {
        pdf.addPage();
        if (hasHead) head();
      }
      this.row(body, row, columns, CELL, (column) => (!hasHead && column === 0 ? 'Row' : undefined));
    }
    table.end();
    pdf.y += 6;
  }

  /** @param group where the row belongs; none for a head that is only repeated @param headOf what a cell is the head of */
  private row(
    group: Element | undefined,
    cells: readonly string[],
    columns: readonly number[],
    { font, colour }: RowStyle,
    headOf: (column: number) => 'Column' | 'Row' | undefined,
  ): void {
    const { pdf } = this;
    const [top, height] = [pdf.y, this.heightOf(cells, columns, font)];
    const row = group && this.group('TR', group);
    let x = MARGIN;
    cells.forEach((cell, column) => {
      const [left, width] = [x + 2, columns[column]! - 4];
      const draw = (): unknown =>
        pdf
          .font(font, 7)
          .fillColor(colour)
          .text(cell, left, top + 2, { width });
      const scope = headOf(column);
      if (!row) this.artifact('Pagination', draw);
      else this.element(scope ? 'TH' : 'TD', draw, row, { scope });
      x += columns[column]!;
    });
    row?.end();
    const below = top + height;
    this.artifact('Layout', () =>
      pdf
        .undash()
        .lineWidth(0.4)
        .moveTo(MARGIN, below)
        .lineTo(MARGIN + this.width, below)
        .stroke('#bbbbbb'),
    );
    pdf.y = below;
  }

  private heightOf(cells: readonly string[], columns: readonly number[], font: string): number {
    const { pdf } = this;
    pdf.font(font, 7);
    const heights = cells.map((cell, index) =>
      pdf.heightOfString(cell || ' ', { width: columns[index]! - 4 }),
    );
    return Math.max(...heights) + 4;
  }

  private room(needed: number): void {
    if (this.pdf.y + needed > this.bottom) this.pdf.addPage();
  }

  private element(type: string, draw: () => unknown, parent = this.root, options: object = {}): void {
    parent.add(this.pdf.struct(type, options, [draw]));
  }

  private group(type: string, parent: Element): Element {
    const group = this.pdf.struct(type);
    parent.add(group);
    return group;
  }

  private artifact(type: 'Layout' | 'Pagination', draw: () => unknown): void {
    this.pdf.markContent('Artifact', { type });
    draw();
    this.pdf.endMarkedContent();
  }

  /** Written at the end, when the number of pages is known. */
  private feet(foot: string, notice: string | undefined): void {
    const { pdf } = this;
    const { start, count } = pdf.bufferedPageRange();
    for (let index = start; index < start + count; index++) {
      pdf.switchToPage(index);
      // Text below the margin would otherwise begin a new page.
      pdf.page.margins.bottom = 0;
      this.artifact('Pagination', () => {
        this.foot(foot, `${index - start + 1} / ${count}`);
        if (notice !== undefined) this.corner('SIMULATED DATA');
      });
    }
  }

  private foot(text: string, page: string): void {
    const { pdf } = this;
    const y = this.bottom + 8;
    pdf.font(FONTS.regular, 6.5).fillColor('#444444');
    pdf.text(text, MARGIN, y, { width: this.width - 60, height: 18, ellipsis: true });
    pdf.text(page, MARGIN + this.width - 60, y, { width: 60, align: 'right' });
  }

  private corner(text: string): void {
    this.pdf
      .font(FONTS.bold, 7)
      .fillColor('#a00000')
      .text(text, MARGIN, MARGIN - 16, { width: this.width, align: 'right', lineBreak: false });
  }
}

function shortened(cell: string): string {
  if (cell.length <= LONGEST_CELL) return cell;
  // Not in the middle of a character or of its code point.
  return `${cell.slice(0, LONGEST_CELL).replace(/[\ud800-\udbff]$|⟨[^⟩]{0,8}$/, '')}… (cut for paper)`;
}
