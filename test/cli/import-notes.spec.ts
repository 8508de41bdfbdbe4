import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AccessRecord } from '../../src/lab/access.js';
import type { Engine } from '../../src/recording/engine.js';
import { openLedgerForReading } from '../../src/operations/open-ledger.js';
import { studyLedger } from '../support/cli.js';
import { DIRECTOR, tokenFileOf } from '../support/director.js';
import { freshFolder } from '../support/folders.js';
import { testAddress } from '../support/test-store.js';
import { opened } from '../recording/test-ledger.js';

const STUDY = 'NP-001';
const folder = freshFolder('import-notes');
const data = join(folder, 'ledger');
const at = (name: string): string => join(folder, name);
let tokenFile: string;

const MAPPING = {
  mapping: 'study-ledger/1',
  tables: [
    {
      record: 'RecordBodyWeight',
      subject: 'animal',
      occurredAt: { instant: 'at' },
      data: { weight: { column: 'weight', unit: 'g' } },
    },
  ],
};
const rows = Array.from({ length: 300 }, (_, row) => `Zaphod${row},2026-03-02T09:00:00Z,250`);

beforeAll(async () => {
  const ledger = await opened(data, { simulated: false, clock: () => Date.now() });
  await ledger.study();
  tokenFile = await tokenFileOf(ledger.engine);
  await ledger.engine.close();
  writeFileSync(at('mapping.json'), JSON.stringify(MAPPING));
  writeFileSync(at('weights.csv'), ['animal,at,weight', ...rows, ''].join('\n'));
});

/** The refusals that the access log has. */
async function refusals(): Promise<AccessRecord[]> {
  const { engine }: { engine: Engine } = await openLedgerForReading(data, {
    store: await testAddress(data),
  });
  const records: AccessRecord[] = [];
  for await (const page of engine.store.read('access'))
    records.push(...page.map(({ text }) => JSON.parse(text) as AccessRecord));
  await engine.close();
  return records.filter(({ type }) => type === 'CommandRefused');
}

const imports = (...more: string[]) =>
  studyLedger(
    'import',
    at('weights.csv'),
    '--mapping',
    at('mapping.json'),
    '--study',
    STUDY,
    '--data',
    data,
    '--token-file',
    tokenFile,
    ...more,
  );

it('an import of a file of which many rows are refused leaves one record, a dry run none', async () => {
  expect(await imports('--dry-run')).toMatchObject({ code: 1 });
  expect(await refusals()).toEqual([]);
  expect(await imports('--keep-going')).toMatchObject({ code: 1 });
  const [record, ...others] = await refusals();
  expect(others).toEqual([]);
  expect(record).toMatchObject({
    actor: DIRECTOR,
    actorrole: 'director',
    session: expect.stringMatching(/^token-\d+$/),
    data: { study: STUDY, command: 'Import', code: 'subject-unknown', count: 300 },
  });
  expect(JSON.stringify(record)).not.toContain('Zaphod');
});

it('commands that are played and refused leave one record of each kind', async () => {
  const before = (await refusals()).length;
  const lines = Array.from({ length: 50 }, (_, line) =>
    JSON.stringify({
      command: 'RecordBodyWeight',
      id: `0199d3f2-6a3c-7c1e-8a55-0000000000${String(line).padStart(2, '0')}`,
      study: STUDY,
      subject: `Zaphod${line}`,
      data: { weight: { value: '250', unit: 'g' } },
    }),
  );
  writeFileSync(at('lines.ndjson'), lines.join('\n'));
  const args = ['play', at('lines.ndjson'), '--data', data, '--token-file', tokenFile, '--keep-going'];
  expect(await studyLedger(...args)).toMatchObject({ code: 1 });
  const made = (await refusals()).slice(before);
  expect(made.map(({ data: said }) => said)).toEqual([
    { study: STUDY, command: 'RecordBodyWeight', code: 'subject-unknown', field: 'subject', count: 50 },
  ]);
});
