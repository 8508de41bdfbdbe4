import { read, utils } from '@e965/xlsx';
import { unzipSync } from 'fflate';
import Papa from 'papaparse';
import { render, FORMULA, smallStudy, sourceOf } from './small-study.js';

/** Read by a library that shares nothing with the writer. */
describe('the table as XLSX', () => {
  const source = sourceOf(smallStudy(), true);
  const open = async () => read(await render('table.xlsx', source), { cellNF: true });

  it('holds what the CSV holds', async () => {
    const sheet = utils.sheet_to_json<string[]>((await open()).Sheets['data']!, {
      header: 1,
      raw: false,
      defval: '',
    });
    const csv = Buffer.from(await render('table.csv', source)).toString();
    const { data } = Papa.parse<string[]>(csv, { newline: '\r\n', skipEmptyLines: true });
    expect(sheet).toEqual(data);
  });

  it('has numbers as numbers with the digits that were read, booleans as booleans, and no formula anywhere', async () => {
    const sheet = (await open()).Sheets['data']!;
    const cells = Object.entries(sheet).filter(([name]) => !name.startsWith('!')) as [
      string,
      { t: string; f?: string; v: unknown; w: string },
    ][];
    expect(cells.filter(([, { f }]) => f !== undefined)).toEqual([]);
    expect(cells.find(([, { w }]) => w === '243.80')?.[1]).toMatchObject({ t: 'n', v: 243.8 });
    expect(cells.find(([, { v }]) => v === true)?.[1]).toMatchObject({ t: 'b', w: 'TRUE' });
    expect(cells.find(([, { v }]) => v === `'${FORMULA}`)?.[1]).toMatchObject({ t: 's' });
  });

  it('says what each column means and where it stands', async () => {
    const { Sheets, SheetNames } = await open();
    expect(SheetNames).toEqual(['data', 'columns', 'about']);
    const about = utils.sheet_to_json<unknown[]>(Sheets['about']!, { header: 1 });
    expect(about[0]).toEqual([expect.stringContaining('SIMULATED DATA')]);
    expect(about).toContainEqual(['tree size', source.snapshot.size]);
    expect(about).toContainEqual(['root', source.snapshot.root]);
  });

  it('bears no date of its making', async () => {
    const bytes = Buffer.from(await render('table.xlsx', source));
    // Local file headers: the date of every entry is 1 January 1980.
    const dates: number[] = [];
    for (let at = bytes.indexOf('PK\u0003\u0004'); at >= 0; at = bytes.indexOf('PK\u0003\u0004', at + 4))
      dates.push(bytes.readUInt16LE(at + 12));
    expect(new Set(dates)).toEqual(new Set([0x0021]));
    expect(Object.keys(unzipSync(bytes))).toEqual(Object.keys(unzipSync(bytes)).sort());
  });
});
