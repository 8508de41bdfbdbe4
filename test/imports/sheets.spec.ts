/** Sheets as laboratories have them: what a cell shows, what is crossed out or hidden, how texts are written. */
import { freshFolder } from '../support/folders.js';
import { opened } from '../recording/test-ledger.js';
import type { ImportResult } from '../../src/imports/import.js';
import { RUNS, brief, imported, prepared, recordsOf } from './importing.js';
import { workbook, type TestBook, type TestCell } from './workbook.js';

const HEADERS = ['animal', 'date', 'time', 'run', 'last'];
/** Cell formats by their place: 0 General, 1 a date, 2 a time, 3 `000`, 4 `000000`, 5 struck through. */
const STYLES = `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts><numFmt numFmtId="164" formatCode="000"/><numFmt numFmtId="165" formatCode="000000"/></numFmts><fonts><font><sz val="11"/></font><font><strike/><sz val="11"/></font></fonts><cellXfs><xf numFmtId="0" fontId="0"/><xf numFmtId="14" fontId="0"/><xf numFmtId="20" fontId="0"/><xf numFmtId="164" fontId="0"/><xf numFmtId="165" fontId="0"/><xf numFmtId="0" fontId="1"/></cellXfs></styleSheet>`;
const styled = (value: number | string, style: number): TestCell => ({
  raw:
    typeof value === 'number'
      ? `<c r="@" s="${style}"><v>${value}</v></c>`
      : `<c r="@" s="${style}" t="inlineStr"><is><t>${value}</t></is></c>`,
});
const book = (rows: readonly (readonly TestCell[])[], more: Partial<TestBook> = {}): Uint8Array =>
  workbook({ sheets: [{ name: 'S', rows }], ...more, parts: { 'xl/styles.xml': STYLES, ...more.parts } });
const RUN = { animal: 'R01', date: '2026-01-12', time: '09:40', run: 'oxoxox', last: 4 };
const run = (changes: Record<string, TestCell> = {}): TestCell[] => Object.values({ ...RUN, ...changes });
const texts = (changes: Partial<Record<keyof typeof RUN, string>> = {}): string[] =>
  Object.values({ ...RUN, ...changes }).map(String);

async function importing(
  content: Uint8Array | string,
  mapping: object = {},
  also?: (records: Awaited<ReturnType<typeof recordsOf>>) => void,
): Promise<ImportResult> {
  const { engine } = await opened(freshFolder('sheets'));
  await prepared(engine);
  const name = typeof content === 'string' ? 'a.csv' : 'a.xlsx';
  const result = await imported(engine, name, content, { ...RUNS, ...mapping });
  also?.((await recordsOf(engine)).slice(4));
  await engine.close();
  return result;
}
const table = RUNS.tables[0]!;
const outcomes = async (...given: Parameters<typeof importing>): Promise<string[]> =>
  brief(await importing(...given));
const whats = ({ notHeeded }: ImportResult): string[] =>
  notHeeded.map(({ sheet, row, column, what }) => [sheet, row, column, what].filter(Boolean).join(' · '));

describe('a number cell where a text belongs', () => {
  const digits = { tables: [{ ...table, run: { ...table.run, X: ['1'], O: ['0'] } }] };

  it('is refused as a run with a 0 for a response: the zeros at its start are gone', async () => {
    const rows = [HEADERS, run({ run: 10100 }), run({ run: '010100', animal: 'R02', last: 0.6 })];
    expect(await outcomes(book(rows), digits)).toEqual(['2 run-is-number', '3 withheld']);
  });

  it('is taken with the zeros that it shows where the mapping says so', async () => {
    const rows = [HEADERS, run({ run: styled(10_100, 4), last: 0.6 })];
    expect(await outcomes(book(rows), digits)).toEqual(['2 cell-shows-other']);
    const responses = (records: readonly { data: object }[]): void =>
      expect(
        (records[0]!.data as { touches: { response: string }[] }).touches.map((one) => one.response),
      ).toEqual([...'OXOXOO']);
    expect(await outcomes(book(rows), { ...digits, digits: 'as-shown' }, responses)).toEqual(['2 recorded']);
  });

  it('is no animal where it shows other digits than it holds', async () => {
    const rows = [HEADERS, run({ animal: styled(7, 3) })];
    const { rows: results } = await importing(book(rows));
    expect(results).toMatchObject([
      { code: 'cell-shows-other', column: 'animal', message: expect.stringContaining('shows 007') as string },
    ]);
    // 007 is then an animal that is not enrolled; 7 would be another.
    const shown = await importing(book(rows), { digits: 'as-shown' });
    expect(shown.rows).toMatchObject([{ code: 'subject-unknown', subject: '007' }]);
  });

  it.each([
    [90_000, '', true],
    [900_032_001_234_567, '', false],
    [1234, '#,##0', false],
    [12, '0', true],
    [7, '"R"00', false],
    [7, '[Red]0', false],
  ])('%d in the format %j counts as it stands: %j', async (value, code, counts) => {
    const styles = STYLES.replace('formatCode="000"', `formatCode="${code.replaceAll('"', '&quot;')}"`);
    const rows = [HEADERS, run({ animal: styled(value, code === '' ? 0 : 3) })];
    const answer = await outcomes(book(rows, { parts: { 'xl/styles.xml': styles } }));
    expect(answer).toEqual([counts ? '2 subject-unknown' : '2 cell-shows-other']);
  });
});

describe('the column of times', () => {
  const timed = (time: TestCell, date: TestCell = '2026-01-12') =>
    outcomes(book([HEADERS, run({ date, time })]));
  // 46034 is 2026-01-12.
  it('holds no dates, and no date-time that contradicts the date', async () => {
    expect(await timed(styled(46_034, 1))).toEqual(['2 time-is-date']);
    expect(await timed(styled(46_035.4, 1))).toEqual(['2 time-contradicts']);
    expect(await timed(styled(46_034.4, 1))).toEqual(['2 recorded']);
    expect(await timed(styled(0.4, 2))).toEqual(['2 recorded']);
    expect(await timed('09:40', styled(46_034.4, 1))).toEqual(['2 time-contradicts']);
    expect(await timed('09:40', '2026-01-12 00:00:00')).toEqual(['2 recorded']);
  });
});

describe('what a sheet shows and no table reads', () => {
  it('is listed: columns nobody mapped, struck text, hidden rows and columns, comments', async () => {
    const rows = [[...HEADERS, 'remark'], [...run(), 'wrong paw – do not use!'], run({ animal: 'R02' })];
    const sheet = Buffer.from(book(rows));
    expect(whats(await importing(sheet))).toEqual([
      'S · 2 · remark · column that no table reads, filled in 1 row',
    ]);
    const refused = await importing(sheet, { ignore: [] });
    expect(brief(refused)).toEqual(['2 column-not-mapped', '2 withheld', '3 withheld']);
    expect(whats(await importing(sheet, { ignore: ['Remark'] }))).toEqual([]);
  });

  it.each([
    ['refuse', ['2 cell-struck', '3 withheld', '4 cell-struck']],
    ['skip', ['3 recorded']],
    ['read', ['2 recorded', '3 recorded', '4 recorded']],
  ])('is struck through: %s', async (struck, expected) => {
    const partly = {
      raw: '<c r="@" t="inlineStr"><is><r><t>oxox</t></r><r><rPr><strike/></rPr><t>ox</t></r></is></c>',
    };
    const rows = [
      HEADERS,
      run({ run: styled('oxoxox', 5) }),
      run({ animal: 'R02' }),
      run({ run: partly, time: '11:00' }),
    ];
    const result = await importing(book(rows), { struck });
    expect(brief(result)).toEqual(expected);
    expect(result.notHeeded.map(({ row, column }) => [row, column])).toEqual([
      [2, 'run'],
      [4, 'run'],
    ]);
  });

  it('is struck through only where the font is, and not with val="0"', async () => {
    const styles = STYLES.replace('<strike/>', '<strike val="0"/>');
    const rows = [HEADERS, run({ run: styled('oxoxox', 5) })];
    expect(await outcomes(book(rows, { parts: { 'xl/styles.xml': styles } }))).toEqual(['2 recorded']);
  });

  const sheetXml = (rows: string, columns = ''): string =>
    `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">${columns}<sheetData>${rows}</sheetData></worksheet>`;
  const rowXml = (number: number, cells: readonly string[], more = ''): string =>
    `<row r="${number}"${more}>${cells.map((text, i) => `<c r="${'ABCDE'[i]}${number}" t="inlineStr"><is><t>${text}</t></is></c>`).join('')}</row>`;

  it.each([
    ['refuse', ['2 row-hidden', '3 withheld']],
    ['skip', ['3 recorded']],
    ['read', ['2 recorded', '3 recorded']],
  ])('is hidden: %s', async (hidden, expected) => {
    const xml = sheetXml(
      rowXml(1, HEADERS) + rowXml(2, texts(), ' hidden="1"') + rowXml(3, texts({ animal: 'R02' })),
      '<cols><col min="5" max="5" hidden="1"/></cols>',
    );
    const result = await importing(book([HEADERS], { parts: { 'xl/worksheets/sheet1.xml': xml } }), {
      hidden,
    });
    expect(brief(result)).toEqual(expected);
    expect(result.notHeeded.map(({ row, column }) => row ?? column)).toEqual(['last', 2]);
  });

  it.each([
    ['refuse', ['sheet-hidden', 'withheld']],
    ['skip', ['recorded']],
    ['read', ['recorded', 'recorded']],
  ])('is a sheet that is hidden, even from the menu: %s', async (hidden, expected) => {
    const workbookXml = `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/><sheet name="old" sheetId="2" state="veryHidden" r:id="rId2"/></sheets></workbook>`;
    const content = workbook({
      sheets: [
        { name: 'S', rows: [HEADERS, run()] },
        { name: 'old', rows: [HEADERS, run({ animal: 'R02' })] },
      ],
      parts: { 'xl/workbook.xml': workbookXml },
    });
    const result = await importing(content, { hidden });
    expect(result.rows.map(({ code, outcome }) => code ?? outcome).sort()).toEqual([...expected].sort());
    expect(result.notHeeded).toMatchObject([{ sheet: 'old' }]);
  });

  it('is a comment on a cell', async () => {
    const parts = {
      'xl/worksheets/_rels/sheet1.xml.rels': `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments" Target="../comments1.xml"/></Relationships>`,
      'xl/comments1.xml': `<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><commentList><comment ref="D2"><text><r><t>left paw,</t></r><r><t> sorry</t></r></text></comment></commentList></comments>`,
    };
    expect(whats(await importing(book([HEADERS, run()], { parts })))).toEqual([
      'S · 2 · D · comment on the cell: left paw, sorry',
    ]);
  });
});

describe('texts of a CSV file', () => {
  const csv = (...lines: string[]): string => [...lines, ''].join('\n');
  const line = (changes: Record<string, string> = {}, mark = ','): string => texts(changes).join(mark);
  const timeOf = (records: readonly { time: string }[]): string[] => records.map(({ time }) => time);

  it.each([
    ['DD-MMM-YYYY', '12-Jan-2026', {}],
    ['DD/MM/YY', '12/01/26', { century: 2000 }],
    ['excel-serial', '46034', {}],
    ['DD.MM.YYYY', '12.1.2026', {}],
  ])('have dates as %s', async (form, date, more) => {
    const sheet = csv(HEADERS.join(','), line({ date }));
    const isRight = (records: readonly { time: string }[]): void =>
      expect(timeOf(records)).toEqual(['2026-01-12T09:40:00+01:00']);
    expect(await outcomes(sheet, { dates: [form], ...more }, isRight)).toEqual(['2 recorded']);
    const { rows } = await importing(sheet, { dates: ['YYYY/MM/DD'] });
    expect(rows[0]!.message).toContain(form);
  });

  it('have years of two digits only with their century', async () => {
    await expect(importing(csv(HEADERS.join(',')), { dates: ['DD/MM/YY'] })).rejects.toThrow('century');
  });

  it('have no date that two forms read differently', async () => {
    const dates = { dates: ['DD/MM/YYYY', 'MM/DD/YYYY'] };
    const sheet = csv(HEADERS.join(','), line({ date: '03/04/2026' }), line({ date: '31/01/2026' }));
    const { rows } = await importing(sheet, dates);
    expect(rows.map(({ code, outcome }) => code ?? outcome)).toEqual(['date-ambiguous', 'withheld']);
    expect(rows[0]!.message).toMatch(/2026-04-03 as DD.MM.YYYY, and 2026-03-04 as MM.DD.YYYY/);
  });

  it.each([
    ['8:30 AM', '08:30:00'],
    ['12:05 am', '00:05:00'],
    ['12:05 PM', '12:05:00'],
    ['1:05 p.m.', '13:05:00'],
    ['13:05', '13:05:00'],
  ])('have times such as %s where the mapping says so', async (time, expected) => {
    const sheet = csv(HEADERS.join(','), line({ time }));
    const isRight = (records: readonly { time: string }[]): void =>
      expect(timeOf(records)).toEqual([`2026-01-12T${expected}+01:00`]);
    expect(await outcomes(sheet, { times: ['h:mm A'] }, isRight)).toEqual(['2 recorded']);
  });

  it('have no half of the day otherwise, and are told how', async () => {
    const { rows } = await importing(csv(HEADERS.join(','), line({ time: '8:30 AM' })));
    expect(rows[0]!.message).toContain('"times": ["h:mm A"]');
  });

  it('may begin with sep=, a byte order mark, a title, or be UTF-16', async () => {
    const plain = csv(HEADERS.join(';'), line({}, ';'));
    expect(await outcomes(`sep=;\r\n${plain}`)).toEqual(['2 recorded']);
    expect(await outcomes(`\ufeff${plain}`)).toEqual(['2 recorded']);
    const titled = { tables: [{ ...table, header: 2 }] };
    expect(await outcomes(`Behaviour, room 2, week 3\n${plain}`, titled)).toEqual(['3 recorded']);
    const { engine } = await opened(freshFolder('sheets'));
    await prepared(engine);
    const swapped = Buffer.from(`\ufeff${plain}`, 'utf16le').swap16();
    expect(brief(await imported(engine, 'a.csv', swapped, RUNS))).toEqual(['2 recorded']);
    await engine.close();
  });
});

describe('numbers that are text', () => {
  const weights = (text: string, mapping: object) =>
    importing(`animal,date,time,weight\nR01,2026-01-12,09:40,"${text}"\n`, {
      ...mapping,
      tables: [
        {
          record: 'RecordBodyWeight',
          subject: 'animal',
          occurredAt: { date: 'date', time: 'time' },
          data: { weight: { column: 'weight', unit: 'g' } },
        },
      ],
    });

  it('have thousands where the mapping says so; else both readings are named', async () => {
    const { rows } = await weights('1,234', {});
    expect(rows[0]!.message).toMatch(/1234 with "thousands": ",", or 1\.234 with "decimal": ","/);
    for (const [text, mapping] of [
      ['1,234', { thousands: ',' }],
      ['1.234', { thousands: '.', decimal: ',' }],
      ["1'234", { thousands: "'" }],
    ] as const)
      expect(brief(await weights(text, mapping))).toEqual(['2 recorded']);
    expect(brief(await weights('12,34', { thousands: ',' }))).toEqual(['2 number-invalid']);
    await expect(weights('1', { thousands: ',', decimal: ',' })).rejects.toThrow('same mark');
  });
});

describe('a layout', () => {
  it('may have rows that are meant to be blank', async () => {
    const rows = [HEADERS, run(), run({ animal: 'R02', run: undefined, last: undefined })];
    expect(await outcomes(book(rows))).toEqual(['2 withheld', '3 cell-missing']);
    const skipping = await importing(book(rows), { tables: [{ ...table, blank: 'skip' }] });
    expect([brief(skipping), skipping.blankRows]).toEqual([['2 recorded'], 1]);
  });

  it('may have the animal in two columns', async () => {
    const joined = { tables: [{ ...table, subject: { columns: ['group', 'number'], join: '-' } }] };
    const sheet = (...cells: string[]): string =>
      `group,number,date,time,run,last\n${cells.join(',')},2026-01-12,09:40,oxoxox,4\n`;
    const { rows } = await importing(sheet('A', '7'), joined);
    expect(rows).toMatchObject([{ subject: 'A-7', code: 'subject-unknown' }]);
    expect(await outcomes(sheet('A', ''), joined)).toEqual(['2 cell-missing']);
    expect(await outcomes(sheet('', ''), joined)).toEqual(['2 subject-missing']);
  });

  it('may name a sheet with a blank behind it', async () => {
    const content = workbook({ sheets: [{ name: 'Week 1 ', rows: [HEADERS, run()] }] });
    expect(await outcomes(content, { tables: [{ ...table, sheets: ['Week 1'] }] })).toEqual(['2 recorded']);
  });

  it('may not know the sex of an animal', async () => {
    const enrol = {
      record: 'EnrolSubject',
      subject: 'animal',
      occurredAt: { date: 'date', time: 'time' },
      data: {
        species: { value: 'rat' },
        strain: { value: 'Wistar' },
        sex: 'sex',
        bodyWeight: { value: '250', unit: 'g' },
      },
    };
    const sheet = 'animal,date,time,sex\nR09,2026-01-12,09:40,unknown\n';
    expect(await outcomes(sheet, { tables: [enrol] })).toEqual(['2 recorded']);
  });

  it('imported before a protocol was approved is told once what to do', async () => {
    const sheet = `${HEADERS.join(',')}\n${texts({ date: '2024-01-12' }).join(',')}\n`;
    const { notices, rows } = await importing(sheet);
    expect(rows[0]!.flags).toContain('before-protocol');
    expect(notices).toMatchObject([expect.stringMatching(/^1 row happened before .* ApproveProtocol/)]);
  });

  it('is refused with the limit and the length where a text is too long', async () => {
    const commented = { tables: [{ ...table, data: { ...table.data, comment: 'comment' } }] };
    const sheet = `${HEADERS.join(',')},comment\n${texts().join(',')},${'a'.repeat(4001)}\n`;
    const { rows } = await importing(sheet, commented);
    expect(rows[0]!.message).toContain('has 4001 characters: must have at most 4000');
  });
});
