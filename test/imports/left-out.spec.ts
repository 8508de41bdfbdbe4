/** Rows that a mapping leaves out of one file. */
import { createHash } from 'node:crypto';
import { RUNS, brief, imported, recordsOf, withStudy } from './importing.js';
import { workbook } from './workbook.js';

const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const WEIGHTS = {
  ...RUNS,
  tables: [
    {
      record: 'RecordBodyWeight',
      subject: 'animal',
      occurredAt: { date: 'date', time: 'time' },
      data: { weight: { column: 'weight', unit: 'g' } },
    },
  ],
};
const CSV = [
  'animal,date,time,weight',
  'R01,2026-01-12,09:40,243.7',
  'R09,2026-01-12,09:41,250',
  'R02,2026-01-12,09:42,heavy',
  'R02,2026-01-13,09:42,251',
  '',
].join('\n');
const leaving = (bytes: string | Uint8Array, rows: number[], more: object = {}) => ({
  leaveOut: [{ file: sha256(bytes), rows, reason: 'Animal of another study', ...more }],
});

describe('rows that are left out', () => {
  it('are told with their reason, and the others are recorded all or none', () =>
    withStudy(async (engine) => {
      const one = await imported(engine, 'w.csv', CSV, { ...WEIGHTS, ...leaving(CSV, [3]) });
      expect(brief(one)).toEqual(['2 withheld', '3 left-out', '4 number-invalid', '5 withheld']);
      const mapping = { ...WEIGHTS, ...leaving(CSV, [3, 4]) };
      const both = await imported(engine, 'w.csv', CSV, mapping);
      expect(brief(both)).toEqual(['2 recorded', '3 left-out', '4 left-out', '5 recorded']);
      expect(both.rows[1]).toMatchObject({ row: 3, message: 'Animal of another study' });
      // The records name the mapping, which says what is missing beside them.
      const last = (await recordsOf(engine)).at(-1)!;
      expect([last.importrow, last.importmapping]).toEqual([5, sha256(JSON.stringify(mapping))]);
    }));

  it('are those of that file alone: the next sheet has others there', () =>
    withStudy(async (engine) => {
      const next = CSV.replaceAll('R09', 'R02').replace('heavy', '250');
      const result = await imported(engine, 'next.csv', next, { ...WEIGHTS, ...leaving(CSV, [3, 4]) });
      expect(brief(result)).toEqual(['2 recorded', '3 recorded', '4 recorded', '5 recorded']);
    }));

  it('are there: a number without a row is refused', () =>
    withStudy(async (engine) => {
      for (const wrong of [leaving(CSV, [77]), leaving(CSV, [3], { sheet: 'Sheet1' })]) {
        const result = await imported(engine, 'w.csv', CSV, { ...WEIGHTS, ...wrong });
        expect(result.rows.at(-1)).toMatchObject({ outcome: 'refused', code: 'left-out-unknown' });
      }
    }));

  it('are told apart by their sheet', () =>
    withStudy(async (engine) => {
      const rows = [
        ['animal', 'date', 'time', 'weight'],
        ['R01', '2026-01-12', '09:40', '243.7'],
      ];
      const later = [rows[0]!, ['R01', '2026-01-13', '09:40', '244.1']];
      const book = Buffer.from(
        workbook({
          sheets: [
            { name: 'Mon', rows },
            { name: 'Tue', rows: later },
          ],
        }),
      );
      const mapping = { ...WEIGHTS, ...leaving(book, [2], { sheet: 'Tue' }) };
      const result = await imported(engine, 'w.xlsx', book, mapping);
      expect(result.rows).toMatchObject([
        { sheet: 'Mon', outcome: 'recorded' },
        { sheet: 'Tue', outcome: 'left-out' },
      ]);
    }));

  it('of a run that takes several rows go as a whole, by its first row, and never in part', () =>
    withStudy(async (engine) => {
      const touch = (animal: string, number: number): string =>
        `${animal},2026-01-12,09:40,${number},${number % 2 === 1 ? 2 : 4},${number % 2 === 1 ? 'o' : 'x'}`;
      const csv = [
        'animal,date,time,touch,filament,response',
        ...['R01', 'R02'].flatMap((animal) => [1, 2, 3, 4, 5, 6].map((number) => touch(animal, number))),
      ].join('\n');
      const mapping = {
        ...RUNS,
        tables: [
          {
            ...RUNS.tables[0]!,
            groupBy: ['animal', 'date'],
            run: { number: 'touch', filament: 'filament', response: 'response' },
          },
        ],
      };
      const part = await imported(engine, 't.csv', csv, { ...mapping, ...leaving(csv, [4]) });
      expect(brief(part)).toEqual(['4 left-out-in-part', '8 withheld']);
      expect(part.rows[0]!.message).toContain('leave out row 2');
      const whole = await imported(engine, 't.csv', csv, { ...mapping, ...leaving(csv, [2]) });
      expect(brief(whole)).toEqual([2, 3, 4, 5, 6, 7].map((row) => `${row} left-out`).concat('8 recorded'));
    }));
});
