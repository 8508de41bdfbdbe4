/**
 * Files of a few kilobytes that would fill memory or a processor. Each attack is carried out in full: where its work is not
 * bounded, the test runs out of time or of memory.
 */
import { readCsv } from '../../src/imports/reading/read-csv.js';
import { ImportError } from '../../src/imports/import-error.js';
import { finish } from '../../src/study/steps.js';
import { readMapping } from '../../src/imports/mapping/read-mapping.js';
import { planRows } from '../../src/imports/plan.js';
import { SheetView } from '../../src/imports/reading/sheet-view.js';
import { LIMITS, trimmed, type Book, type Row } from '../../src/imports/reading/sheet.js';
import { plainFormat, shownNumber } from '../../src/imports/xlsx/shown-number.js';
import { readXlsx } from '../../src/imports/xlsx/read-xlsx.js';
import { RUNS } from './importing.js';
import { workbook } from './workbook.js';

type Parts = Readonly<Record<string, string>>;

const SHEET = 'xl/worksheets/sheet1.xml';
const read = (parts: Parts): Promise<Book> =>
  readXlsx(workbook({ sheets: [{ name: 'S', rows: [['a']] }], parts }), () => true);
const outcome = (parts: Parts): Promise<string> =>
  read(parts).then(
    () => 'read',
    (error: unknown) => (error instanceof ImportError ? error.code : String(error)),
  );

const cells = (rows: number, row: (number: number) => string): string =>
  Array.from({ length: rows }, (_, i) => `<row r="${i + 1}">${row(i + 1)}</row>`).join('');
const sheet = (rows: string, before = '', after = ''): Parts => ({
  [SHEET]: `<worksheet>${before}<sheetData>${rows}</sheetData>${after}</worksheet>`,
});
const styles = (numFmts: string, xfs: string): Parts => ({
  'xl/styles.xml': `<styleSheet><numFmts>${numFmts}</numFmts><fonts><font/></fonts><cellXfs>${xfs}</cellXfs></styleSheet>`,
});
const shared = (text: string): Parts => ({
  'xl/sharedStrings.xml': `<sst><si><t xml:space="preserve">${text}</t></si></sst>`,
});
const SHARED_CELL = '<c t="s"><v>0</v></c>';

describe('a small XLSX file that would be much', () => {
  it.each<[string, Parts, string]>([
    ['elements in one another', { [SHEET]: '<a>'.repeat(1_000_000) }, 'xlsx-invalid'],
    [
      'attributes of one element',
      { [SHEET]: `<worksheet ${Array.from({ length: 1_000_000 }, (_, i) => `a${i}=""`).join(' ')}/>` },
      'xlsx-invalid',
    ],
    ['one text', { [SHEET]: `<worksheet>${'x'.repeat(20_000_000)}</worksheet>` }, 'xlsx-invalid'],
    ['one comment', { [SHEET]: `<worksheet><!--${'x'.repeat(20_000_000)}--></worksheet>` }, 'xlsx-invalid'],
    ['cell formats', styles('', '<xf/>'.repeat(LIMITS.formats + 1)), 'xlsx-too-large'],
    [
      'number formats',
      styles(
        Array.from({ length: LIMITS.formats + 1 }, (_, i) => `<numFmt numFmtId="${i}" formatCode="0"/>`).join(
          '',
        ),
        '<xf/>',
      ),
      'xlsx-too-large',
    ],
    [
      'settings of columns, each of all columns',
      sheet('', '<col min="1" max="16384" hidden="1"/>'.repeat(LIMITS.columnSettings + 1)),
      'xlsx-too-large',
    ],
    [
      'relations',
      {
        'xl/_rels/workbook.xml.rels': `<Relationships>${'<Relationship/>'.repeat(LIMITS.parts + 1)}</Relationships>`,
      },
      'xlsx-too-large',
    ],
    [
      'sheets',
      { 'xl/workbook.xml': `<workbook>${'<sheet/>'.repeat(200_000)}</workbook>` },
      'too-many-sheets',
    ],
    ['merges', sheet('', '', '<mergeCell ref="A1:A9"/>'.repeat(500_000)), 'too-many-merges'],
    ['rows times columns', sheet(cells(25_000, (row) => `<c r="AMJ${row}"><v>1</v></c>`)), 'too-many-cells'],
  ])('%s', async (_, parts, expected) => expect(await outcome(parts)).toBe(expected), 60_000);

  // The bound is lowered: the count is the same, and is over sooner.
  it.each<[string, Partial<Record<keyof typeof LIMITS, number>>, Parts, string]>([
    [
      'texts that no cell needs',
      { strings: 1000 },
      { 'xl/sharedStrings.xml': `<sst>${'<si/>'.repeat(1001)}</sst>` },
      'xlsx-too-large',
    ],
    [
      'rows times merges',
      { places: 50_000 },
      sheet(
        cells(200, () => '<c><v>1</v></c>'),
        '',
        '<mergeCell ref="A1:A200"/>'.repeat(501),
      ),
      'too-many-cells',
    ],
    ['blank cells', { places: 1000 }, sheet(cells(2, () => '<c/>'.repeat(501))), 'too-many-cells'],
    [
      'one long text for many cells',
      { characters: 1_000_000 },
      { ...shared('_x0041_'.repeat(4681)), ...sheet(cells(500, () => SHARED_CELL)) },
      'too-much-text',
    ],
    [
      'one long blank for many cells',
      { characters: 1_000_000 },
      { ...shared(' '.repeat(32_767)), ...sheet(cells(500, () => SHARED_CELL)) },
      'too-much-text',
    ],
    [
      'numbers of 300 digits',
      { characters: 1_000_000 },
      sheet(cells(500, () => '<c><v>1e-300</v></c>'.repeat(10))),
      'too-much-text',
    ],
  ])('%s', async (_, limits, parts, expected) => {
    const usual = { ...LIMITS };
    expect(await outcome(parts)).not.toBe(expected);
    try {
      Object.assign(LIMITS, limits);
      expect(await outcome(parts)).toBe(expected);
    } finally {
      Object.assign(LIMITS, usual);
    }
  });

  it('is read where it is only odd: links of a sheet, and blanks in the middle of texts', async () => {
    const link = '<Relationship TargetMode="External" Target="http://a.example/"/>';
    const relations = {
      'xl/worksheets/_rels/sheet1.xml.rels': `<Relationships>${link.repeat(5000)}</Relationships>`,
    };
    const text = `x${' '.repeat(32_000)}x`;
    const { sheets } = await read({ ...relations, ...shared(text), ...sheet(cells(200, () => SHARED_CELL)) });
    expect(sheets[0]!.rows).toHaveLength(200);
    expect(sheets[0]!.rows[199]!.cells[0]!.text).toBe(text);
  });

  it('has a bound on its comments, those of all sheets together', async () => {
    const names = Array.from({ length: 30 }, (_, i) => `S${i + 1}`);
    const comments = Object.fromEntries(
      names.map((_, i) => [
        `xl/worksheets/_rels/sheet${i + 1}.xml.rels`,
        '<Relationships><Relationship Id="c" Type="x/comments" Target="../comments.xml"/></Relationships>',
      ]),
    );
    const one = '<comment ref="A1"><text><t>no</t></text></comment>';
    const { sheets } = await readXlsx(
      workbook({
        sheets: names.map((name) => ({ name, rows: [['a']] })),
        parts: { ...comments, 'xl/comments.xml': `<comments>${one.repeat(1000)}</comments>` },
      }),
      () => true,
    );
    expect(sheets.reduce((sum, { comments: found = [] }) => sum + found.length, 0)).toBe(LIMITS.comments);
  });
});

describe('a number format', () => {
  it('that is longer than Excel takes shows nothing that could be told', () => {
    expect(plainFormat(`#,##${'0'.repeat(250)}`)).toBeUndefined();
    expect(plainFormat(`0.${'0'.repeat(31)}`)).toBeUndefined();
    expect(shownNumber('1234567', plainFormat(`#,##${'0'.repeat(10)}`))).toBe('0,001,234,567');
  });

  it.each(['[', '"', '_', '*', '\\', '[h', '"d', '[[h]'])(
    'made of %s alone is read once for each of many cell formats',
    async (part) => {
      const code = part.repeat(255).slice(0, 255).replaceAll('"', '&quot;');
      const one = styles(
        `<numFmt numFmtId="164" formatCode="${code}"/>`,
        '<xf numFmtId="164"/>'.repeat(60_000),
      );
      expect(await outcome(one)).toBe('read');
    },
  );

  it.each([
    ['[Red]0', false],
    ['[h]:mm', true],
    ['0 "d"', false],
    ['\\d0', false],
    ['yyyy-mm-dd', true],
    ['General "h"', false],
    ['_-* #,##0.00', false],
  ])('%s shows dates: %j', async (code, isDate) => {
    const escaped = code.replaceAll('"', '&quot;');
    const { sheets } = await read({
      ...styles(`<numFmt numFmtId="164" formatCode="${escaped}"/>`, '<xf/><xf numFmtId="164"/>'),
      ...sheet('<row r="1"><c s="1"><v>46034</v></c></row>'),
    });
    expect(sheets[0]!.rows[0]!.cells[0]!.kind).toBe(isDate ? 'date' : 'number');
  });
});

describe('a text with blanks in its middle', () => {
  it('loses those around it, in one go', () => {
    const middle = `a${' \u200b\t'.repeat(300_000)}b`;
    expect(trimmed(`\ufeff \u00a0${middle}\u200b\n `)).toBe(middle);
    expect(trimmed(' \u200b ')).toBe('');
  });

  it('is read from CSV as well', () => {
    const line = `x${' '.repeat(32_000)}x\n`;
    expect(readCsv(Buffer.from(line.repeat(300))).sheets[0]!.rows).toHaveLength(300);
  });
});

describe('a sheet of very many rows', () => {
  const rowOf = (number: number): Row => ({ number, cells: [{ kind: 'text', text: 'x' }], isMerged: false });
  const mapping = readMapping(JSON.stringify(RUNS));

  it('is planned, however many they are', () => {
    const rows = Array.from({ length: LIMITS.rows }, (_, i) => rowOf(i + 1));
    rows[0] = {
      ...rows[0]!,
      cells: ['animal', 'date', 'time', 'run', 'last'].map((text) => ({ kind: 'text', text })),
    };
    const { entries } = finish(
      planRows({ book: { sheets: [{ name: 'S', rows, blankRows: 0 }], epoch: 1900 }, sha256: '' }, mapping),
    );
    expect(entries).toHaveLength(LIMITS.rows - 1);
  });

  it('is not searched again for each row where a source is one cell that is not there', () => {
    let looks = 0;
    const rows = Array.from({ length: 1000 }, (_, i): Row => {
      const row = rowOf(i + 2);
      return Object.defineProperty({ ...row }, 'number', { get: () => (looks++, i + 2) });
    });
    const view = new SheetView({ name: 'S', rows, blankRows: 0 }, 1, mapping);
    looks = 0;
    for (const row of rows) expect(view.find({ cell: 'B1' }, row)).toBeUndefined();
    expect(looks).toBe(rows.length);
  });
});
