/** The records that came with version 0.6, in a bundle: entries that were sent later or discarded, struck touches, a saved mapping. */
import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { VERSION } from '../../src/shared/version.js';
import { exampleProtocol } from '../../src/study/commands/common/example-protocol.js';
import { commandNamed } from '../../src/study/catalogue.js';
import { verifyLedger } from '../../src/verify/folder/verify-ledger.js';
import { runWith } from '../support/cli.js';
import {
  checkBundle,
  exported,
  freshFolder,
  labVkey,
  record,
  verifier,
  withLedger,
} from '../verify/real-ledger.js';

const [ledger, bundle] = [join(freshFolder(), 'ledger'), join(freshFolder(), 'bundle')];
const example = (name: string): { data: object } => commandNamed(name)!.example as never;
const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
const STRUCK = [
  { place: 2, filament: '6', response: 'O', why: 'mistyped' },
  { place: 5, filament: '4', response: 'X', why: 'moved' },
];

/** As it is got from elsewhere. */
const program = join(freshFolder(), 'verify.mjs');

beforeAll(async () => {
  writeFileSync(program, verifier());
  await withLedger(ledger, async (open) => {
    const send = (name: string, body: object): Promise<void> => record(open, 'KET-01', name, body);
    await send('RegisterStudy', { data: { title: 'Study KET-01', director: 'sd-1' } });
    await send('ApproveProtocol', { data: { protocol: exampleProtocol } });
    await send('EnrolSubject', { ...example('EnrolSubject'), subject: 'R01' });
    await send('SaveImportMapping', example('SaveImportMapping'));
    await send('RecordThreshold', {
      ...example('RecordThreshold'),
      subject: 'R01',
      occurredAt: ago(0),
      data: { ...example('RecordThreshold').data, struck: STRUCK },
    });
    await send('RecordBodyWeight', {
      subject: 'R01',
      occurredAt: ago(90),
      enteredAt: ago(89),
      reason: 'There was no connection',
      data: { weight: { value: '251.4', unit: 'g' } },
    });
    await send('DiscardEntry', {
      ...example('DiscardEntry'),
      data: { ...example('DiscardEntry').data, enteredAt: ago(60) },
    });
    await open.anchoring.anchor();
  });
  await exported(ledger, bundle, { verifier: verifier(), version: VERSION });
});

it('are in the ledger that the bundle is of, with what is new in them', async () => {
  const report = await verifyLedger(ledger, { threads: 0 });
  expect(report.findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
  const records = await withLedger(ledger, async ({ engine }) =>
    (await engine.study('KET-01')).state.records.toArray().map((one) => one.record),
  );
  expect(records.slice(3).map(({ type, data }) => [type, data])).toMatchObject([
    ['ImportMappingSaved', example('SaveImportMapping').data],
    ['ThresholdRecorded', { struck: STRUCK }],
    [
      'BodyWeightRecorded',
      { enteredAt: expect.any(String), flags: expect.arrayContaining(['delayed-entry']) },
    ],
    ['EntryDiscarded', { command: 'RecordBodyWeight' }],
  ]);
});

it('verify in the bundle by the program, pages and all', async () => {
  const { code, out, err } = await runWith(
    { verifier: pathToFileURL(program), columns: 200 },
    'verify',
    bundle,
    '--lab-vkey',
    labVkey(ledger),
  );
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/COMPLETE/);
  expect(out).not.toContain('not compared');
  expect(await checkBundle(bundle, { labVkey: labVkey(ledger) })).toMatchObject({
    verdict: 'COMPLETE',
    findings: [],
  });
});

it('verify by the verify.mjs that lies in it, and by one from elsewhere', () => {
  const inside = readdirSync(bundle, { recursive: true, encoding: 'utf8' }).find((name) =>
    name.endsWith('verify.mjs'),
  )!;
  for (const one of [join(bundle, inside), program]) {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [one, bundle, '--lab-vkey', labVkey(ledger)],
      { encoding: 'utf8' },
    );
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/COMPLETE/);
  }
});
