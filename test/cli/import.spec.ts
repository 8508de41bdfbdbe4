import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runWith, studyLedger } from '../support/cli.js';
import { freshFolder } from '../support/folders.js';
import { because, day, approvedWith, enrolled, registered, weighed } from '../study/bench.js';
import { CODE } from '../study/specification.js';
import { commandFile } from './play-file.js';

const MAPPING = {
  mapping: 'study-ledger/1',
  reason: 'Entered from the sheet of the scales',
  tables: [
    {
      record: 'RecordBodyWeight',
      subject: 'animal',
      occurredAt: { instant: 'at' },
      data: { weight: { column: 'weight', unit: 'g' } },
    },
  ],
};

/** Of weights ten days apart, so that none is compared with the one before it. */
const WEIGHTS = ['250', '255', '25.5', '260', '262', '2620', '270', '2700'];
const rowAt = (weight: string, index: number): string =>
  `R01,${new Date(Date.UTC(2026, 3, 1 + 10 * index, 10)).toISOString()},${weight}`;
const SHEET = ['animal,at,weight', ...WEIGHTS.map(rowAt), ''].join('\n');

const folder = freshFolder('import');
const at = (name: string): string => join(folder, name);
const data = freshFolder('ledger');

beforeAll(async () => {
  const range = { low: { value: '100', unit: 'g' }, high: { value: '600', unit: 'g' } } as const;
  const study = [registered, approvedWith({ plausible: { bodyWeight: range } }), enrolled('R01')];
  const file = commandFile([...study, because('Kept from before', weighed(day(1)))]);
  expect(await studyLedger('play', file, '--data', data, '--simulated')).toMatchObject({ code: 0 });
  writeFileSync(at('mapping.json'), JSON.stringify(MAPPING));
  writeFileSync(at('weights.csv'), SHEET);
  writeFileSync(at('grown.csv'), `${SHEET}${rowAt('275', WEIGHTS.length)}\n`);
});

const imports = (file: string, ...more: string[]) =>
  runWith(
    { columns: 120 },
    'import',
    at(file),
    '--mapping',
    at('mapping.json'),
    '--study',
    CODE,
    '--data',
    data,
    ...more,
  );

it('says which rows are flagged, by kind and code, before anything is recorded and after it', async () => {
  for (const more of [['--dry-run'], []]) {
    const { code, out } = await imports('weights.csv', ...more);
    expect(code).toBe(0);
    expect(out).toContain(
      '3 rows flagged implausible: 4, 7, 9\n  body-weight-out-of-range: 4, 7, 9\nweights.csv, SHA-256',
    );
    expect(out).toMatch(/8 (would be )?recorded, 3 of them flagged as irregular\./);
  }
});

it('refuses the sheet with one row more: says which rows repeat which records, and what to do', async () => {
  const { code, out } = await imports('grown.csv');
  expect(code).toBe(1);
  expect(out).toContain('8 rows flagged query: 2, 3, 4, 5, 6, 7, 8, 9\n  same-as: 2, 3, 4, 5, 6, 7, 8, 9\n');
  expect(out.replaceAll(/\s+/g, ' ')).toContain(
    'It states the same as record 4: leave such rows out with --skip-known, or say with --reason why they are',
  );
  expect(out).toContain('8 refused. Nothing was recorded; 1 other row can be recorded and was not.');
});

it('leaves the known rows out with --skip-known, lists them with their records, and records the new one', async () => {
  const dry = await imports('grown.csv', '--skip-known', '--dry-run', '--json');
  const rows = dry.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(rows[0]).toMatchObject({ row: 2, outcome: 'skipped', otherRecord: 4 });
  expect(rows[8]).toMatchObject({ row: 10, outcome: 'would-record', number: 12 });
  expect(rows.at(-1)).toMatchObject({ summary: { skipped: 8, wouldRecord: 1, refused: 0 } });
  const { code, out } = await imports('grown.csv', '--skip-known');
  expect(code).toBe(0);
  expect(out).toMatch(/2 +R01 +RecordBodyWeight +left out: the same as record 4\n/);
  expect(out).toMatch(/9 +R01 +RecordBodyWeight +left out: the same as record 11\n/);
  expect(out).toContain('1 recorded, 8 left out, whose records are there.');
});

it('records them again with --reason, and names the record that each repeats', async () => {
  const { code, out } = await imports('grown.csv', '--reason', 'Weighed twice');
  expect(code).toBe(0);
  expect(out).toMatch(/2 +R01 +RecordBodyWeight +record 13; flags: late, same-as \(see record 4\)\n/);
  expect((await imports('grown.csv', '--reason', '-')).code).toBe(2);
});
