import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Papa from 'papaparse';
import { studyLedger } from '../support/cli.js';
import { freshFolder } from '../support/folders.js';
import { commandNamed } from '../../src/study/catalogue.js';
import { exampleProtocol } from '../../src/study/commands/common/example-protocol.js';
import { labVkey, makeLedger, record, withLedger } from '../verify/real-ledger.js';

const ledger = join(freshFolder('outputs'), 'ledger');
beforeAll(() => makeLedger(ledger));

const on = ['--study', 'KET-01', '--data', ledger];
const to = (name: string): string => join(freshFolder('outputs'), name);

describe('study-ledger files', () => {
  it('writes everything into a folder and names it, the same at the same tree size', async () => {
    const [first, second] = [to('files'), to('files')];
    const made = await studyLedger('files', ...on, '--to', first, '--at', '40');
    expect(made).toMatchObject({ code: 0, err: '' });
    const names = readdirSync(first).sort();
    for (const name of names) expect(made.out).toContain(name);
    expect(names).toEqual(
      expect.arrayContaining([
        'table.csv',
        'table.xlsx',
        'report.html',
        'report.pdf',
        'dataset-json',
        'study.eln',
      ]),
    );
    expect(await studyLedger('files', ...on, '--to', second, '--at', '40')).toMatchObject({ code: 0 });
    for (const name of names.filter((one) => one !== 'dataset-json'))
      expect([name, readFileSync(join(first, name)).equals(readFileSync(join(second, name)))]).toEqual([
        name,
        true,
      ]);
    expect(readdirSync(join(first, 'dataset-json'))).toContain('provenance.ndjson');
    const again = await studyLedger('files', ...on, '--to', first);
    expect(again).toMatchObject({ code: 1 });
    expect(again.err).toContain('is not overwritten');
  });
});

describe('one file', () => {
  it('is a table in the European form, and one of an earlier state', async () => {
    const [european, earlier] = [to('table.csv'), to('table.csv')];
    const form = ['--separator', ';', '--decimal', ','];
    expect(await studyLedger('table', ...on, '--to', european, ...form)).toMatchObject({ code: 0, err: '' });
    const rows = Papa.parse<Record<string, string>>(readFileSync(european, 'utf8'), {
      header: true,
      delimiter: ';',
    });
    expect(rows.data.some((row) => /^\d+,\d$/.test(row['body_weight_g'] ?? ''))).toBe(true);
    expect(await studyLedger('table', ...on, '--to', earlier, '--at', '4')).toMatchObject({ code: 0 });
    expect(readFileSync(earlier, 'utf8').trimEnd().split('\r\n')).toHaveLength(3);
  });

  it.each([
    ['grouped', 'grouped.tsv', '\r\n'],
    ['dataset-json', 'sets.zip', 'PK'],
    ['data-pack', 'pack.html', '58.185(a)(14)'],
    ['report', 'report.html', 'Who responds'],
  ])(
    '%s',
    async (command, name, holds) => {
      const path = to(name);
      expect(await studyLedger(command, ...on, '--to', path)).toMatchObject({ code: 0, err: '' });
      expect(readFileSync(path, 'latin1')).toContain(holds);
      if (command === 'grouped')
        expect(readFileSync(path.replace('.tsv', '-records.tsv'), 'utf8')).toContain('tree size');
    },
    60_000,
  );

  it('is refused in words where it cannot be', async () => {
    const taken = to('table.csv');
    writeFileSync(taken, 'mine');
    const refused = async (...args: string[]) => {
      const { code, err } = await studyLedger(...args);
      expect(err).not.toContain('    at ');
      return `${code} ${err}`;
    };
    expect(await refused('table', ...on, '--to', taken)).toMatch(/^1 .*not overwritten/);
    expect(readFileSync(taken, 'utf8')).toBe('mine');
    expect(await refused('table', ...on, '--to', to('x.doc'))).toMatch(
      /^2 .*ends in \.csv or \.xlsx|^2 [\s\S]*\.csv or \.xlsx/,
    );
    expect(await refused('table', ...on, '--to', to('x.csv'), '--decimal', ',')).toMatch(
      /^2 .*cannot be both/,
    );
    expect(await refused('grouped', ...on, '--to', to('x.tsv'), '--values', 'pain')).toMatch(
      /^2 .*none of grams/,
    );
    expect(await refused('report', '--study', 'NO-1', '--data', ledger, '--to', to('x.html'))).toMatch(
      /^1 .*no study NO-1/,
    );
    expect(await refused('report', ...on, '--to', to('x.html'), '--at', '99999')).toMatch(/no tree size/);
    expect(await refused('report', '--study', 'X', '--data', '/nowhere', '--to', to('x.html'))).toMatch(
      /no ledger/,
    );
  });
});

describe('a weight that was moved from animal to animal and then voided', () => {
  const moved = to('moved-ledger');
  const weight = { weight: { value: '243.7', unit: 'g' } };
  const moves = (subject: string, replaces: number) => ({
    target: { number: 5 },
    replaces: { number: replaces },
    subject,
    occurredAt: '2026-01-06T09:00:00+01:00',
    corrected: weight,
  });

  // given: recorded for R01 (5), corrected to R02 (6), then to R03 (7), then voided (8)
  beforeAll(() =>
    withLedger(moved, async (open) => {
      const play = (name: string, body: object) => record(open, 'S-01', name, body);
      await play('RegisterStudy', { data: { title: 't', director: 'sd-1' } });
      await play('ApproveProtocol', { data: { protocol: exampleProtocol } });
      const enrolment = commandNamed('EnrolSubject')?.example;
      for (const subject of ['R01', 'R02', 'R03']) await play('EnrolSubject', { ...enrolment, subject });
      await play('RecordBodyWeight', { subject: 'R01', data: weight });
      await play('CorrectRecord', { reason: 'wrong animal', data: moves('R02', 5) });
      await play('CorrectRecord', { reason: 'wrong animal', data: moves('R03', 6) });
      await play('VoidRecord', { reason: 'no weighing at all', data: { target: { number: 5 } } });
    }),
  );
  const of = ['--study', 'S-01', '--data', moved];

  it.each([
    ['R01', [2, 5, 6, 7, 8]],
    ['R02', [3, 6, 7, 8]],
    ['R03', [4, 7, 8]],
  ])('is shown to %s with what it became, in trail and bundle alike', async (subject, expected) => {
    // when: the trail and a bundle of one animal are asked for
    const trail = await studyLedger('show', 'audit-trail', ...of, '--subject', subject, '--json');
    const bundle = to('bundle');
    expect(await studyLedger('export', ...of, '--subject', subject, '--to', bundle)).toMatchObject({
      code: 0,
    });
    // then: all say the same, and no record names one as superseding it that is not there
    const { records } = JSON.parse(trail.out) as {
      records: { record: number; supersededBy: number | null }[];
    };
    expect(records.map(({ record }) => record)).toEqual(expected);
    for (const { supersededBy } of records)
      if (supersededBy !== null) expect(expected).toContain(supersededBy);
    const selection = readFileSync(join(bundle, 'data', 'ledger', 'study', 'selection.json'), 'utf8');
    expect((JSON.parse(selection) as { records: number[] }).records).toEqual([0, 1, ...expected]);
    const page = readFileSync(join(bundle, 'data', 'study.html'), 'utf8');
    for (const number of expected) expect(page).toContain(`id="r${number}"`);
  });

  it('is left out of the bundle of the other animal by number, and whoever verifies it is told', async () => {
    // given: the bundle of R02, in which the weight arrives from record 5, which is one of R01
    const bundle = to('bundle');
    await studyLedger('export', ...of, '--subject', 'R02', '--to', bundle);
    // when
    const verified = await studyLedger('verify', bundle, '--lab-vkey', labVkey(moved));
    // then
    expect(verified.code).toBe(2);
    expect(verified.out).toMatch(/^PARTIAL {2}study S-01/);
    expect(verified.out).toContain('6 of 9 records, about R02; 3 are withheld: 2, 4…5.');
    expect(verified.out).toContain(
      'Records that are here speak of them: record 6 names record 5, record 7 names record 5',
    );
    expect(verified.out).toContain('what the laboratory says; no proof shows it');
  });
});
