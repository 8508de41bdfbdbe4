import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import Pdf from 'pdfkit';
import { drawInto } from '../figures/draw-pdf.js';
import type { Block, Document, TableBlock } from './document.js';

const [MARGIN, FOOT] = [38, 34];
const FONTS = { regular: 'regular', bold: 'bold' };
const SIZES = { 2: 13, 3: 10.5 } as const;

/** Fonts are embedded: those that every PDF reader has lack Greek, arrows and most European letters. */
const fontFolder = join(
  dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')),
  'ttf',
);

/**
 * The document on A4. The same document gives the same bytes: its date is that of the records, and the file's identifier
 * follows from date and title.
 */
export function pdfDocument(document: Document): Promise<Uint8Array> {
  const { title, notice, dated, blocks } = document;
  const name = notice === undefined ? title : `SIMULATED: ${title}`;
  const pdf = new Pdf({
    size: 'A4',
    margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: MARGIN + FOOT },
    bufferPages: true,
    // Compressed bytes would depend on the version of zlib.
    compress: false,
    lang: 'en',
    displayTitle: true,
    info: { Title: name, Creator: 'Study Ledger', Producer: 'Study Ledger', CreationDate: new Date(dated) },
  });
  const parts: Buffer[] = [];
  pdf.on('data', (part: Buffer) => parts.push(part));
  const done = new Promise<Uint8Array>((resolve) => pdf.on('end', () => resolve(Buffer.concat(parts))));
  pdf.registerFont(FONTS.regular, join(fontFolder, 'DejaVuSans.ttf'));
  pdf.registerFont(FONTS.bold, join(fontFolder, 'DejaVuSans-Bold.ttf'));
  new Typesetter(pdf).set(document, blocks);
  pdf.end();
  return done;
}

/** A cell that is higher than a page cannot be set; HTML report and records have the whole text. */
const LONGEST_CELL = 900;

function shortened(cell: string): string {
  return cell.length > LONGEST_CELL ? `${cell.slice(0, LONGEST_CELL)}… (cut for paper)` : cell;
}

class Typesetter {
  private readonly width: number;
  private readonly bottom: number;

  constructor(private readonly pdf: InstanceType<typeof Pdf>) {
    this.width = pdf.page.width - 2 * MARGIN;
    this.bottom = pdf.page.height - MARGIN - FOOT;
  }

  set({ title, notice, foot }: Document, blocks: readonly Block[]): void {
    const { pdf } = this;
    if (notice !== undefined) this.notice(notice);
    pdf.font(FONTS.bold, 16).fillColor('#111111').text(title, MARGIN, pdf.y, { width: this.width });
    pdf.moveDown(0.4);
    for (const block of blocks) this.block(block);
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
      case 'figure': {
        const { drawing, caption } = block;
        this.room(drawing.height + 24);
        const top = this.pdf.y;
        drawInto(this.pdf, drawing, [MARGIN, top], FONTS);
        this.pdf.y = top + drawing.height + 4;
        return this.text(caption, 7.5);
      }
    }
  }

  private notice(text: string): void {
    const { pdf, width } = this;
    const top = pdf.y;
    pdf.font(FONTS.bold, 10).fillColor('#a00000');
    const height = pdf.heightOfString(text, { width: width - 20, align: 'center' }) + 12;
    pdf.undash().lineWidth(2).rect(MARGIN, top, width, height).stroke('#a00000');
    pdf.fillColor('#a00000').text(text, MARGIN + 10, top + 6, { width: width - 20, align: 'center' });
    pdf.y = top + height + 10;
  }

  private heading(text: string, level: 2 | 3, newPage: boolean): void {
    const { pdf } = this;
    if (newPage && pdf.y > MARGIN + 1) pdf.addPage();
    else this.room(70);
    if (pdf.y > MARGIN + 1) pdf.y += level === 2 ? 12 : 6;
    pdf.font(FONTS.bold, SIZES[level]).fillColor('#111111').text(text, MARGIN, pdf.y, { width: this.width });
    pdf.y += 3;
    if (level === 2) pdf.outline.addItem(text);
  }

  private text(text: string, size: number): void {
    const { pdf, width } = this;
    pdf.font(FONTS.regular, size).fillColor('#222222');
    this.room(Math.min(pdf.heightOfString(text, { width }), 100));
    pdf.text(text, MARGIN, pdf.y, { width, lineGap: 1 });
    pdf.y += 5;
  }

  private table({ heads, rows, widths }: TableBlock): void {
    if (rows.length === 0) return this.text('None.', 8.5);
    const sum = widths.reduce((total, one) => total + one, 0);
    const columns = widths.map((one) => (one / sum) * this.width);
    const head = (): void => this.row(heads, columns, FONTS.bold, '#444444');
    this.room(40);
    head();
    for (const row of rows.map((cells) => cells.map(shortened))) {
      if (this.pdf.y + this.heightOf(row, columns) > this.bottom) {
        this.pdf.addPage();
        head();
      }
      this.row(row, columns, FONTS.regular, '#111111');
    }
    this.pdf.y += 6;
  }

  private row(cells: readonly string[], columns: readonly number[], font: string, colour: string): void {
    const { pdf } = this;
    pdf.font(font, 7);
    const [top, height] = [pdf.y, this.heightOf(cells, columns)];
    let x = MARGIN;
    cells.forEach((cell, index) => {
      const width = columns[index]!;
      pdf.fillColor(colour).text(cell, x + 2, top + 2, { width: width - 4 });
      x += width;
    });
    const below = top + height;
    pdf
      .undash()
      .lineWidth(0.4)
      .moveTo(MARGIN, below)
      .lineTo(MARGIN + this.width, below)
      .stroke('#bbbbbb');
    pdf.y = below;
  }

  private heightOf(cells: readonly string[], columns: readonly number[]): number {
    const { pdf } = this;
    pdf.fontSize(7);
    const heights = cells.map((cell, index) =>
      pdf.heightOfString(cell || ' ', { width: columns[index]! - 4 }),
    );
    return Math.max(...heights) + 4;
  }

  private room(needed: number): void {
    if (this.pdf.y + needed > this.bottom) this.pdf.addPage();
  }

  /** Written at the end, when the number of pages is known. */
  private feet(foot: string, notice: string | undefined): void {
    const { pdf } = this;
    const { start, count } = pdf.bufferedPageRange();
    for (let index = start; index < start + count; index++) {
      pdf.switchToPage(index);
      // Text below the margin would otherwise begin a new page.
      pdf.page.margins.bottom = 0;
      const y = this.bottom + 8;
      pdf.font(FONTS.regular, 6.5).fillColor('#444444');
      pdf.text(foot, MARGIN, y, { width: this.width - 60, height: 18, ellipsis: true });
      pdf.text(`${index - start + 1} / ${count}`, MARGIN + this.width - 60, y, { width: 60, align: 'right' });
      if (notice === undefined) continue;
      pdf
        .font(FONTS.bold, 7)
        .fillColor('#a00000')
        .text('SIMULATED DATA', MARGIN, MARGIN - 16, {
          width: this.width,
          align: 'right',
          lineBreak: false,
        });
    }
  }
}
