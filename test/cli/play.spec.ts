import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { studyLedger } from '../support/cli.js';
import { freshFolder } from '../support/folders.js';
import {
  approved,
  because,
  closed,
  corrected,
  day,
  dosed,
  enrolled,
  exampleData,
  ligated,
  measured,
  registered,
  touches,
  weighed,
} from '../study/bench.js';
import { commandFile } from './play-file.js';

const WHY = 'As it was';

const data = { ...exampleData('RecordThreshold'), touches: touches('2O 4O 6O 8X 6O 8X 6O 8X') };
const file = commandFile([
  registered,
  approved,
  enrolled('R01'),
  measured('high', day(1)),
  measured('high', day(2)),
  ligated(),
  measured('low', day(17)),
  because(WHY, dosed(day(18))),
  corrected(6, { subject: 'R01', occurredAt: day(17), corrected: data }),
  weighed(day(19)),
  because(WHY, weighed(day(19))),
]);

const play = (...more: string[]) =>
  studyLedger('play', file, '--data', freshFolder('ledger'), '--simulated', ...more);

it('prints one line for a record that is flagged or changes a verdict, and none for the others', async () => {
  const { code, out } = await play();
  expect(code).toBe(0);
  expect(out.trim().split('\n').slice(0, -1)).toEqual([
    'line 7: RecordThreshold, record 6: R01 hypersensitive: not known → yes',
    'line 8: AdministerKetamine, record 7: flagged deviation, no-catheter',
    'line 9: CorrectRecord, record 8: R01 hypersensitive: yes → no',
    'line 11: RecordBodyWeight, record 10: flagged query, same-as (see record 9)',
  ]);
  expect(out).toMatch(/11 commands recorded in .* \(SIMULATED DATA\); tree size 11, root \S+\n$/);
});

it.each([5, 8])('takes no command id of version %i: only the ledger derives such ids', async (version) => {
  const file = join(freshFolder('play'), 'commands.ndjson');
  const id = `0199d3f2-6a3c-${version}c1e-8a55-3f5b8a1d2c01`;
  writeFileSync(file, JSON.stringify({ command: 'RegisterStudy', id, study: 'KET-01', ...registered.body }));
  const { code, out } = await studyLedger('play', file, '--data', freshFolder('ledger'), '--simulated');
  expect(code).toBe(1);
  expect(out).toContain('(id-invalid)');
});

it('gives all that is told of each record with --json', async () => {
  const { out } = await play('--json');
  const results = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(results[3]).toEqual({
    line: 4,
    command: 'RecordThreshold',
    ok: true,
    records: [{ number: 3, leaf: expect.any(String) }],
    treeSize: 4,
    root: expect.any(String),
    threshold: { status: 'estimated', grams: expect.closeTo(6.3274, 4), bound: null },
  });
  expect(results[7]).toMatchObject({
    flags: ['deviation', 'no-catheter'],
    dose: { microgram: 30, microgramPerKg: 96, washoutHours: null },
  });
  expect(results[8]).toMatchObject({
    threshold: results[3]!['threshold'],
    verdicts: [{ subject: 'R01', question: 'hypersensitive', before: 'yes', after: 'no' }],
  });
  expect(Object.keys(results[9]!)).toEqual(['line', 'command', 'ok', 'records', 'treeSize', 'root']);
  expect(results[10]).toMatchObject({ flags: ['query', 'same-as'], otherRecord: 9 });
});

it('takes what was found after a study was closed, as the server does', async () => {
  const found = weighed('2026-03-09T09:20:00+01:00');
  const file = commandFile([
    registered,
    approved,
    enrolled('R01'),
    { ...closed, clock: '2026-03-09T17:00:00+01:00' },
    because('Sheet found', {
      ...found,
      body: { ...found.body, afterClose: true },
      clock: '2026-03-09T18:00:00+01:00',
    }),
  ]);
  const { code, out } = await studyLedger(
    'play',
    file,
    '--data',
    freshFolder('ledger'),
    '--simulated',
    '--json',
  );
  expect(code).toBe(0);
  expect(JSON.parse(out.trim().split('\n')[4]!)).toMatchObject({
    flags: ['after-close', 'deviation', 'late'],
  });
});

it('takes the time at which a command was entered, as the server does', async () => {
  const late = weighed('2026-03-09T09:20:00+01:00');
  const file = commandFile([
    registered,
    approved,
    enrolled('R01'),
    because('There was no connection', {
      ...late,
      body: { ...late.body, enteredAt: '2026-03-09T09:24:05+01:00' },
      clock: '2026-03-09T18:00:00+01:00',
    }),
  ]);
  const { code, out } = await studyLedger(
    'play',
    file,
    '--data',
    freshFolder('ledger'),
    '--simulated',
    '--json',
  );
  expect(code).toBe(0);
  expect(JSON.parse(out.trim().split('\n')[3]!)).toMatchObject({
    ok: true,
    flags: expect.arrayContaining(['delayed-entry']) as string[],
  });
});
