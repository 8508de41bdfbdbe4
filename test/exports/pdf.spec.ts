import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SaxesParser } from 'saxes';
import { heading, paragraph, tableOf, figure, type Document } from '../../src/exports/documents/document.js';
import { pdfDocument } from '../../src/exports/documents/pdf-document.js';
import { printedDocument } from '../../src/exports/documents/printed-text.js';
import { freshFolder } from '../support/folders.js';
import { below, outline, readStructure } from './pdf-structure.js';
import { render, smallStudy, sourceOf } from './small-study.js';

const DRAWING = {
  width: 100,
  height: 50,
  title: 'Weight of R01, day by day',
  marks: [{ kind: 'text', at: [10, 10], text: '250 g', size: 8, anchor: 'start' }],
} as const;

const documentOf = (more: Partial<Document>): Document => ({
  title: 'A title',
  notice: undefined,
  foot: 'At the foot',
  dated: '2026-03-18T10:05:00.000Z',
  blocks: [],
  ...more,
});

const pdfInfo = spawnSync('pdfinfo', ['-v']).status === 0 ? it : it.skip; // only without poppler
const withText = spawnSync('pdftotext', ['-v']).status === 0 ? it : it.skip; // only without poppler

function written(bytes: Uint8Array): string {
  const file = join(freshFolder('pdf'), 'document.pdf');
  writeFileSync(file, bytes);
  return file;
}

describe('a tagged PDF', () => {
  it('has headings, paragraphs, tables with heads, and figures with an alternative text, in the order of reading', async () => {
    const bytes = await pdfDocument(
      documentOf({
        notice: 'SIMULATED DATA',
        blocks: [
          heading('A chapter'),
          paragraph('A text'),
          heading('A part of it', 3),
          tableOf([['animal', 1], ['grams', 1]], [['R01', 250], ['R02', 251]]), // prettier-ignore
          tableOf([['', 1], ['', 4]], [['Study', 'KET-01']]), // prettier-ignore
          figure(DRAWING, 'A caption'),
        ],
      }),
    );
    const { root } = readStructure(bytes);
    expect(root.map(outline)).toEqual([
      'Document(P H1 H2 P H3 ' +
        'Table(THead(TR(TH TH)) TBody(TR(TD TD) TR(TD TD))) ' +
        'Table(TBody(TR(TH TD))) ' +
        'Figure P)',
    ]);
    const all = [...below(root)];
    const heads = all.filter(({ type }) => type === 'TH').map(({ attributes }) => attributes);
    expect(heads.map((one) => /\/Scope \/(\w+)/.exec(one)?.[1])).toEqual(['Column', 'Column', 'Row']);
    expect(all.find(({ type }) => type === 'Figure')?.attributes).toContain(`/Alt (${DRAWING.title})`);
    const text = Buffer.from(bytes).toString('latin1');
    for (const part of ['/Lang (en)', '/DisplayDocTitle true', '/Marked true']) expect(text).toContain(part);
  });

  it('marks every text of every page: it is in the structure once, or is no part of it', async () => {
    const { root, pages } = readStructure(await render('report.pdf', sourceOf(smallStudy(), true)));
    const held = [...below(root)].flatMap(({ contents }) => contents);
    expect(pages.size).toBeGreaterThan(3);
    for (const [id, { mcids, texts }] of pages) {
      expect(texts.unmarked).toBe(0);
      expect(texts.inStructure).toBeGreaterThan(0);
      // The foot, the number of the page, and the word that the data are simulated.
      expect(texts.artifact).toBeGreaterThan(2);
      const onPage = held.filter(({ page }) => page === id).map(({ mcid }) => mcid);
      expect(onPage.toSorted((a, b) => a - b)).toEqual(mcids);
    }
    expect(new Set([...below(root)].map(({ type }) => type))).toEqual(
      new Set('Document P H1 H2 H3 Table THead TBody TR TH TD Figure'.split(' ')),
    );
  });

  it('keeps a paragraph and a table that run over pages whole; a head that is repeated is no part of it', async () => {
    const rows = Array.from({ length: 200 }, (_, i) => [`R${i}`, 'fine']);
    const { root, pages } = readStructure(
      await pdfDocument(
        documentOf({
          blocks: [
            paragraph('A long text. '.repeat(900)),
            tableOf([['animal', 1], ['how', 1]], rows), // prettier-ignore
          ],
        }),
      ),
    );
    const [, long, table] = root[0]!.children;
    expect(new Set(long!.contents.map(({ page }) => page)).size).toBeGreaterThan(1);
    expect(table!.children.map(({ type, children }) => [type, children.length])).toEqual([
      ['THead', 1],
      ['TBody', 200],
    ]);
    expect(pages.size).toBeGreaterThan(4);
  });

  it('is the same, byte for byte, when it is made again', async () => {
    const source = sourceOf(smallStudy(), true);
    for (const name of ['report.pdf', 'data-pack.pdf']) {
      const [one, other] = [await render(name, source), await render(name, source)];
      expect([name, Buffer.compare(one, other)]).toEqual([name, 0]);
    }
  });

  it('has well-formed metadata, whatever the title', async () => {
    const title = 'A & B <i>0.05</i> "µ" 中';
    const bytes = Buffer.from(await pdfDocument(documentOf({ title })));
    const xml = /<x:xmpmeta[\s\S]*<\/x:xmpmeta>/.exec(bytes.toString('utf8'))![0];
    let text = '';
    const parser = new SaxesParser({ xmlns: true });
    parser.on('text', (part) => (text += part));
    parser.write(xml).close();
    expect(text).toContain(title);
  });

  pdfInfo('is read as such by another program', async () => {
    const file = written(await render('report.pdf', sourceOf(smallStudy(), true)));
    expect(spawnSync('pdfinfo', [file], { encoding: 'utf8' }).stdout).toMatch(/^Tagged: +yes$/m);
    const { stdout } = spawnSync('pdfinfo', ['-struct-text', file], { encoding: 'utf8' });
    expect(stdout).toMatch(/H2 \(block\)\n\s+"Animal R01"/);
    expect(stdout).toMatch(/TH:\n\s+\/Scope \/Column\n\s+"threshold, g"/);
    expect(stdout).toMatch(/TD\s*\n\s+"dixon-table"/);
  });
});

describe('a character that the font of a PDF lacks', () => {
  const lacks = (codePoint: number): boolean => codePoint < 0x4e00;

  it('stands as its code point wherever a text stands, and the first block names each once', () => {
    const { title, foot, notice, blocks } = printedDocument(
      documentOf({
        title: '中 in a title',
        foot: '文',
        notice: '中',
        blocks: [
          heading('中'),
          tableOf([['文', 1]], [['🐀 R01']]),
          figure({ ...DRAWING, marks: [{ ...DRAWING.marks[0], text: '中 g' }] }, '中'),
        ],
      }),
      lacks,
    );
    expect([title, foot, notice]).toEqual(['⟨U+4E2D⟩ in a title', '⟨U+6587⟩', '⟨U+4E2D⟩']);
    const [told, ...rest] = blocks;
    expect(told).toEqual(
      paragraph(
        'The font of this PDF cannot print 3 of the characters in it. They stand as their code points in ⟨ ⟩: U+4E2D, U+6587, U+1F400. The same document as HTML shows them.',
      ),
    );
    expect(rest).toMatchObject([
      { text: '⟨U+4E2D⟩' },
      { heads: ['⟨U+6587⟩'], rows: [['⟨U+1F400⟩ R01']] },
      { caption: '⟨U+4E2D⟩', drawing: { marks: [{ text: '⟨U+4E2D⟩ g' }] } },
    ]);
  });

  it('is one that would turn the direction of writing, or has no ink, as well', () => {
    const { blocks } = printedDocument(documentOf({ blocks: [paragraph('a\u202eb\u0007c\td\r\ne')] }), lacks);
    expect(blocks[1]).toEqual(paragraph('a⟨U+202E⟩b⟨U+0007⟩c d\ne'));
  });

  it('is not named where there is none', () => {
    const document = documentOf({ blocks: [paragraph('µ → Ω')] });
    expect(printedDocument(document, lacks)).toEqual(document);
  });

  it('are too many to name: the first are, and how many there are', () => {
    const text = Array.from({ length: 100 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join('');
    const [told] = printedDocument(documentOf({ blocks: [paragraph(text)] }), lacks).blocks;
    expect((told as { text: string }).text).toMatch(/cannot print 100 of .* U\+4E27 and 60 more\./);
  });

  withText('is read as its code point from the file, and named on the first page', async () => {
    const cell = `${'ok '.repeat(299)}中中`;
    const document = documentOf({ blocks: [paragraph('μ 中 😀 🧪'), tableOf([['', 1]], [[cell]])] });
    const file = written(await pdfDocument(document));
    const { stdout } = spawnSync('pdftotext', ['-l', '1', file, '-'], { encoding: 'utf8' });
    // This font has U+1F600.
    expect(stdout).toContain('μ ⟨U+4E2D⟩ 😀 ⟨U+1F9EA⟩');
    expect(stdout).toContain('code points in ⟨ ⟩: U+4E2D, U+1F9EA.');
    // Cut, and not in the middle of a code point.
    expect(stdout).toMatch(/ok\s+… \(cut for paper\)/);
  });
});
