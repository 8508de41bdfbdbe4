import fc from 'fast-check';
import { readCsv } from '../../src/imports/reading/read-csv.js';
import { ImportError } from '../../src/imports/import-error.js';
import { LIMITS, columnOf, letterOf, type Book } from '../../src/imports/reading/sheet.js';
import { readXlsx } from '../../src/imports/xlsx/read-xlsx.js';
import { workbook, type TestBook } from './workbook.js';
import { runs } from '../support/effort.js';

const csv = (text: string): Book => readCsv(Buffer.from(text));
const xlsx = (book: TestBook): Promise<Book> => readXlsx(workbook(book), () => true);
const texts = ({ sheets }: Book): (string | undefined)[][] =>
  sheets[0]!.rows.map(({ cells }) => cells.map((cell) => cell?.text));
const code = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return error instanceof ImportError ? error.code : String(error);
  }
  return 'read';
};
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'read',
    (error: unknown) => (error instanceof ImportError ? error.code : String(error)),
  );

describe('a CSV file', () => {
  it('is read with the separator that it has, its blanks trimmed and its row numbers kept', () => {
    const book = csv('\ufeffa;b\r\n\r\n 1,5 ;"x\ny"\r\n;;\r\nlast\u00a0;\r\n');
    expect(texts(book)).toEqual([
      ['a', 'b'],
      ['1,5', 'x\ny'],
      ['last', undefined],
    ]);
    expect(book.sheets[0]!.rows.map(({ number }) => number)).toEqual([1, 3, 5]);
    expect(book.sheets[0]!.blankRows).toBe(2);
    expect(texts(csv('a\tb,c\td\n'))).toEqual([['a', 'b,c', 'd']]);
  });

  it('gives back any cells that were written as RFC 4180 says', () => {
    const field = fc
      .string({ unit: 'grapheme', maxLength: 20 })
      .map((text) => text.trim())
      .filter((text) => !/^['=@+-]|[\u200b\ufeff]|^\s|\s$/.test(text) && text !== '');
    fc.assert(
      fc.property(
        fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 }),
        (rows) => {
          const text = rows
            .map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(','))
            .join('\r\n');
          expect(texts(readCsv(Buffer.from(text), { delimiter: ',' }))).toEqual(rows);
        },
      ),
      runs(100),
    );
  });

  it('takes formulas for what they are, and lets signed numbers and dashes be', () => {
    const kinds = csv("=1+1,@SUM(A1),+cmd|'/C calc'!A0,-2+3+cmd(x),-5,+5,- limping,'=1+1\n").sheets[0]!
      .rows[0]!.cells;
    expect(kinds.map((cell) => cell!.kind)).toEqual([
      'formula',
      'formula',
      'formula',
      'formula',
      'text',
      'text',
      'text',
      'text',
    ]);
    expect(kinds[7]!.text).toBe('=1+1');
  });

  it.each([
    ['a cell of a million characters', `a,b\n1,${'x'.repeat(1_000_000)}\n`, /row-too-long|cell-too-long/],
    ['a cell of forty thousand', `a,b\n1,${'x'.repeat(40_000)}\n`, /cell-too-long/],
    ['a quotation mark left open', `a,b\n1,"x\n${'y\n'.repeat(1000)}`, /quote-open/],
    ['a quotation mark left open in a long file', `a,b\n1,"x\n${'y,z\n'.repeat(400_000)}`, /row-too-long/],
    ['more rows than anybody types', 'a\n'.repeat(LIMITS.rows + 1), /too-many-rows/],
    ['quotation marks amiss', 'a,"b"c\n', /csv-invalid/],
  ])('with %s is refused', (_, text, expected) => {
    expect(code(() => csv(text))).toMatch(expected);
  });

  it('in another encoding is refused by that name, unless the mapping says so', () => {
    const bytes = Buffer.from([0x4d, 0xfc, 0x6c]);
    expect(code(() => readCsv(bytes))).toBe('encoding');
    expect(texts(readCsv(bytes, { encoding: 'windows-1252' }))).toEqual([['Mül']]);
    expect(texts(readCsv(Buffer.from('\ufeffä', 'utf16le')))).toEqual([['ä']]);
  });

  it('is never more than a refusal, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(code(() => readCsv(bytes))).toMatch(/^[a-z-]+$/);
      }),
      runs(100),
    );
  });
});

describe('an XLSX file', () => {
  it('is read with its texts, numbers, dates, formulas and epoch', async () => {
    const sheets = [
      {
        name: 'Sheet 1',
        rows: [
          ['text ', 0.1 + 0.2, { serial: 46054.5 }, { formula: 'A1&"x"', shown: 5 }],
          [],
          [
            { raw: '<c r="@" t="inlineStr"><is><t>in</t><t>line</t></is></c>' },
            { raw: '<c r="@" t="b"><v>1</v></c>' },
          ],
          [
            { raw: '<c r="@" t="e"><v>#DIV/0!</v></c>' },
            { raw: '<c r="@" s="2"><v>1.2E-5</v></c>' },
            'a_x000D_b',
          ],
        ],
      },
    ];
    const book = await xlsx({ sheets, date1904: true });
    expect(book.epoch).toBe(1904);
    const [first, second, third] = book.sheets[0]!.rows;
    expect(first!.cells).toEqual([
      { kind: 'text', text: 'text', raw: 'text ' },
      { kind: 'number', text: '0.3' },
      { kind: 'date', text: '46054.5' },
      { kind: 'formula', text: '5' },
    ]);
    expect(second).toMatchObject({
      number: 3,
      cells: [{ text: 'inline' }, { kind: 'boolean', text: 'true' }],
    });
    expect(third!.cells).toMatchObject([
      { kind: 'error' },
      { kind: 'number', text: '0.000012' },
      { text: 'a\rb' },
    ]);
    expect((await xlsx({ sheets })).epoch).toBe(1900);
  });

  it('fills a merge down a column, and knows one across columns for a note', async () => {
    const book = await xlsx({
      sheets: [
        {
          name: 'S',
          rows: [['h', 'h'], ['R01', 'x'], [undefined, 'y'], [undefined, 'z'], ['a note']],
          merges: ['A2:A3', 'A5:B5'],
        },
      ],
    });
    expect(texts(book)).toEqual([['h', 'h'], ['R01', 'x'], ['R01', 'y'], [undefined, 'z'], ['a note']]);
    expect(book.sheets[0]!.rows.map(({ isMerged }) => isMerged)).toEqual([false, false, false, false, true]);
  });

  const rows = [['a'], ['b']];
  const plain = { sheets: [{ name: 'S', rows }] };
  const bomb = (text: string): TestBook => ({ ...plain, parts: { 'xl/worksheets/sheet1.xml': text } });

  it.each([
    [
      'XML entities',
      bomb('<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'),
      'xlsx-entities',
    ],
    ['an external entity', bomb('<!DOCTYPE x SYSTEM "file:///etc/passwd"><worksheet/>'), 'xlsx-entities'],
    ['an unknown entity', bomb('<worksheet><sheetData>&lol;</sheetData></worksheet>'), 'xlsx-invalid'],
    ['broken XML', bomb('<worksheet><sheetData><row></worksheet>'), 'xlsx-invalid'],
    [
      'rows out of order',
      bomb('<worksheet><sheetData><row r="2"/><row r="1"/></sheetData></worksheet>'),
      'xlsx-invalid',
    ],
    ['no sheet', { ...plain, parts: { 'xl/_rels/workbook.xml.rels': '<Relationships/>' } }, 'xlsx-invalid'],
    [
      'a cell of a million characters',
      { sheets: [{ name: 'S', rows: [['x'.repeat(1_000_000)]] }] },
      'cell-too-long',
    ],
    [
      'an inline cell of a million characters',
      bomb(
        `<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>${'x'.repeat(1_000_000)}</v></c></row></sheetData></worksheet>`,
      ),
      'cell-too-long',
    ],
    [
      'something far to the right',
      bomb('<worksheet><sheetData><row r="1"><c r="XFD1"><v>1</v></c></row></sheetData></worksheet>'),
      'too-many-columns',
    ],
    [
      'a part of 100 MB',
      { ...plain, parts: { 'xl/sharedStrings.xml': new Uint8Array(LIMITS.partBytes + 1) } },
      'xlsx-too-large',
    ],
  ])('with %s is refused', async (_, book, expected) => {
    expect(await codeOf(xlsx(book))).toBe(expected);
  });

  it('that unpacks to more than its directory says is refused before it does', async () => {
    const bytes = Buffer.from(
      workbook({ ...plain, parts: { 'xl/sharedStrings.xml': new Uint8Array(5_000_000) } }),
    );
    // The size in the central directory, behind the name’s own header: 5,000,000 becomes 1000.
    const lie = Buffer.alloc(4);
    lie.writeUInt32LE(5_000_000);
    for (let at = bytes.indexOf(lie); at >= 0; at = bytes.indexOf(lie, at + 1)) bytes.writeUInt32LE(1000, at);
    expect(await codeOf(readXlsx(bytes, () => true))).toBe('xlsx-invalid');
  });

  it('whose bytes were changed, or that is none, is never more than a refusal', async () => {
    const whole = workbook({
      sheets: [
        {
          name: 'S',
          rows: [
            ['mouse', 'run'],
            [1, 'oxox'],
          ],
        },
      ],
    });
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const bytes = Uint8Array.from(whole);
        bytes[at] = bytes[at]! ^ change;
        expect(await codeOf(readXlsx(bytes, () => true))).toMatch(/^[a-z-]+$/);
      }),
      runs(60),
    );
    expect(await codeOf(readXlsx(Buffer.from('no archive'), () => true))).toBe('xlsx-invalid');
  });
});

it('names columns as spreadsheets do', () => {
  expect([0, 25, 26, 701, 702].map(letterOf)).toEqual(['A', 'Z', 'AA', 'ZZ', 'AAA']);
  fc.assert(
    fc.property(fc.nat(20_000), (column) => columnOf(letterOf(column)) === column),
    runs(100),
  );
});
