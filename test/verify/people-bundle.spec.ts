/** The same forgeries in a bundle, by the check and by the one file that goes with it. */
import { execFileSync, type ExecFileSyncOptions } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../src/verify/checks/report.js';
import { writeBundle } from './hand-made-bundle.js';
import type { PeopleBuilder } from './people-builder.js';
import { laboratory, STUDY } from './people-checks.js';
import { checkBundle, freshFolder, verifier } from './real-ledger.js';

const FORGED: [string, string, (ledger: PeopleBuilder) => unknown][] = [
  ['an unknown actor', 'person', (l) => l.weigh(STUDY, 'nobody-1')],
  ['a role that is not held', 'authority', (l) => l.weigh(STUDY, 'tech-1', { actorrole: 'veterinarian' })],
  [
    'a role that was revoked before',
    'authority',
    (l) => {
      const grant = l.hire('tech-2', 'technician', {}, 'sd-1');
      l.administer('RoleRevoked', { grant, cause: 'left' });
      l.weigh(STUDY, 'tech-2');
    },
  ],
  [
    'a role of another study',
    'authority',
    (l) => (l.hire('tech-2', 'technician', { study: 'KET-02' }, 'sd-1'), l.weigh(STUDY, 'tech-2')),
  ],
  ['a lab size that falls', 'lab-size', (l) => l.weigh(STUDY, 'tech-1', { labsize: l.labSize - 1 })],
  [
    'the development identity',
    'person',
    (l) => l.weigh(STUDY, 'development-identity', { actorrole: 'development' }),
  ],
  ['no session', 'session', (l) => l.weigh(STUDY, 'tech-1', { session: undefined })],
  ['a token of nobody', 'authority', (l) => l.weigh(STUDY, 'tech-1', { session: 'token-3' })],
];

const file = join(freshFolder(), 'verify.mjs');
beforeAll(() => writeFileSync(file, verifier()));

function byFile(folder: string, labVkey: string): Report {
  const options: ExecFileSyncOptions = { stdio: ['ignore', 'pipe', 'pipe'] };
  const args = [file, folder, '--lab-vkey', labVkey, '--json'];
  try {
    return JSON.parse(String(execFileSync(process.execPath, args, options))) as Report;
  } catch (error) {
    return JSON.parse(String((error as { stdout: Buffer }).stdout)) as Report;
  }
}

const failures = ({ findings }: Report) =>
  findings.filter(({ severity }) => severity === 'fail').map(({ check, log }) => [check, log]);

it('is complete where everybody did what they may', async () => {
  const ledger = laboratory();
  const folder = freshFolder();
  writeBundle(ledger, STUDY, folder);
  const report = await checkBundle(folder, { labVkey: ledger.vkey('lab') });
  expect(failures(report)).toEqual([]);
  expect(report.people!.commitments.every(({ state }) => state === 'withheld')).toBe(true);
  expect(report.summary.join()).toContain('held the key');
});

it.each(FORGED)('names %s: %s', async (_, id, forge) => {
  const ledger = laboratory();
  forge(ledger);
  const folder = freshFolder();
  writeBundle(ledger, STUDY, folder);
  expect(failures(await checkBundle(folder, { labVkey: ledger.vkey('lab') }))).toEqual([[id, STUDY]]);
});

it('names an unknown actor in a part of a study', async () => {
  const ledger = laboratory();
  ledger.weigh(STUDY, 'tech-1', { subject: 'R02' });
  const forged = ledger.weigh(STUDY, 'nobody-1');
  const folder = freshFolder();
  writeBundle(ledger, STUDY, folder, { subject: 'R01', records: [0, forged] });
  const report = await checkBundle(folder, { labVkey: ledger.vkey('lab') });
  expect(failures(report)).toEqual([['person', STUDY]]);
});

it('is named by the one file as well', () => {
  const ledger = laboratory();
  ledger.weigh(STUDY, 'nobody-1');
  ledger.weigh(STUDY, 'tech-1', { actorrole: 'veterinarian' });
  const folder = freshFolder();
  writeBundle(ledger, STUDY, folder);
  const report = byFile(folder, ledger.vkey('lab'));
  expect(failures(report)).toEqual([
    ['person', STUDY],
    ['authority', STUDY],
  ]);
  expect(report.people!.persons).toBe(3);
});

it('names a disclosure of something that no record holds', async () => {
  const ledger = laboratory();
  const folder = freshFolder();
  writeBundle(ledger, STUDY, folder);
  const digest = 'A'.repeat(43);
  mkdirSync(join(folder, 'disclosures'));
  writeFileSync(join(folder, 'disclosures', digest), 'bm90aGluZw');
  expect(failures(await checkBundle(folder, { labVkey: ledger.vkey('lab') }))).toEqual([
    ['commitment', 'bundle'],
  ]);
});
