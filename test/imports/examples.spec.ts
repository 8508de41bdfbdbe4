import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PublishedMappingSchema } from '../../src/imports/mapping/mapping.js';
import { mismatch } from '../../src/study/mismatch.js';
import { runWith, studyLedger } from '../support/cli.js';
import { freshFolder } from '../support/folders.js';

const examples = fileURLToPath(new URL('../../examples/import/', import.meta.url));
const NAMES = [
  'one-run-a-row.csv',
  'one-filament-a-column.csv',
  'one-animal-a-sheet.xlsx',
  'one-touch-a-row.csv',
];
const mappingOf = (name: string): string => join(examples, name.replace(/\.\w+$/, '.json'));

interface Row {
  readonly outcome: string;
  readonly code?: string;
}

const rowsOf = (out: string): Row[] =>
  out
    .trim()
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Row);

async function ledger(): Promise<string> {
  const folder = freshFolder('examples');
  await studyLedger('play', join(examples, 'study.ndjson'), '--data', folder, '--simulated');
  return folder;
}

describe('the worked examples', () => {
  it('are mappings by the published schema, which is the one in the folder', () => {
    const { $schema: _, $id: __, title: ___, ...schema } = PublishedMappingSchema;
    for (const name of NAMES) {
      expect(mismatch(schema as never, JSON.parse(readFileSync(mappingOf(name), 'utf8')))).toBeUndefined();
    }
    const published = readFileSync(join(examples, 'mapping.schema.json'), 'utf8');
    expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(PublishedMappingSchema)));
  });

  describe('in one study', () => {
    let to: string[];
    let folder: string;
    beforeAll(async () => {
      folder = await ledger();
      to = ['--study', 'IMP-01', '--data', folder];
    });

    it.each(NAMES)('%s imports whole, and once', async (name) => {
      const args = ['import', join(examples, name), '--mapping', mappingOf(name), ...to];
      const dry = await runWith({ columns: 100 }, ...args, '--dry-run');
      expect(dry).toMatchObject({ code: 0, err: '' });
      for (const line of dry.out.split('\n')) expect(Array.from(line).length).toBeLessThanOrEqual(100);
      const first = await studyLedger(...args, '--json', '--importer', 'tech-7');
      expect(first).toMatchObject({ code: 0, err: '' });
      for (const { outcome } of rowsOf(first.out)) expect(outcome).toMatch(/^(recorded|note)$/);
      const again = rowsOf((await studyLedger(...args, '--json')).out);
      for (const { outcome } of again) expect(outcome).toMatch(/^(known|note)$/);
    });

    it('all say who imported them, and verify', async () => {
      const { out } = await studyLedger('records', ...to, '--from', '4');
      const records = out.trim().split('\n');
      expect(records).toHaveLength(22);
      for (const record of records) expect(JSON.parse(record)).toMatchObject({ importer: 'tech-7' });
      expect((await studyLedger('verify', '--data', folder)).code).toBe(0);
    });
  });
});

describe('study-ledger import', () => {
  let data: string;
  beforeAll(async () => {
    data = await ledger();
  });

  it.each([
    ['a file that is not there', ['nowhere.csv'], {}, 1, 'file-unreadable'],
    ['a file of another kind', ['sheet.ods'], {}, 1, 'file-kind'],
    ['a mapping that is not there', ['sheet.csv'], { mapping: 'nowhere.json' }, 1, 'mapping-unreadable'],
    ['an unknown study', ['sheet.csv'], { study: 'NO-1' }, 1, 'study-unknown'],
    ['no ledger', ['sheet.csv'], { data: '/nonexistent' }, 1, 'There is no ledger'],
    ['an importer that is none', ['sheet.csv'], { importer: 'Jane Doe' }, 2, '--importer'],
    ['a bomb', ['bomb.csv'], {}, 1, 'row-too-long'],
    ['no mapping named', ['sheet.csv'], { mapping: undefined }, 2, '--mapping'],
  ])('given %s says so', async (_, [name = ''], changes, code, word) => {
    const folder = mkdtempSync(join(tmpdir(), 'study-ledger-sheets-'));
    writeFileSync(join(folder, 'sheet.csv'), readFileSync(join(examples, 'one-run-a-row.csv')));
    writeFileSync(join(folder, 'sheet.ods'), '');
    writeFileSync(join(folder, 'bomb.csv'), `a,"${'b'.repeat(20_000_000)}`);
    const options = {
      mapping: mappingOf('one-run-a-row.csv'),
      study: 'IMP-01',
      data,
      ...changes,
    };
    const args = Object.entries(options).flatMap(([key, value]) =>
      value === undefined ? [] : [`--${key}`, value],
    );
    const result = await studyLedger('import', join(folder, name), ...args);
    expect(result.code).toBe(code);
    expect(result.err).toContain(word);
    expect(result.err).not.toMatch(/\n\s+at /);
  });
});
