import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ADMINISTRATOR, SECOND, enrol, reopened, taken, withPeople } from '../identity/people-ledger.js';
import { studyLedger } from '../support/cli.js';
import { freshFolder } from '../support/folders.js';

const TEXT = 'The drape was missing during the second surgery';
const QUALITY = 'quin-q';
const folder = join(freshFolder('findings'), 'ledger');
let digest: string;

/** Given: a study with an inspection and what was found. */
beforeAll(async () => {
  const ledger = await withPeople(folder);
  for (const [person, role] of [
    ['anna-b', 'director'],
    [QUALITY, 'quality'],
  ] as const) {
    await taken(ledger.inLab(ADMINISTRATOR, 'RegisterPerson', { person, name: `Name of ${person}` }));
    await taken(ledger.inLab(ADMINISTRATOR, 'GrantRole', { person, role }));
  }
  const offered = await taken(ledger.inLab(ADMINISTRATOR, 'OfferEnrolment', { person: QUALITY }));
  const credential = await enrol(ledger, QUALITY, offered);
  await taken(ledger.inLab(SECOND, 'ConfirmCredential', { credential, identity: 'in-person' }));
  await ledger.inStudy(SECOND, 'RegisterStudy', { data: { title: 'Findings', director: 'anna-b' } });
  await ledger.inStudy(QUALITY, 'RecordInspection', {
    data: { phase: 'Surgery', on: '2026-03-02', findings: TEXT },
  });
  await ledger.inStudy(QUALITY, 'ReportInspection', {
    data: { target: { number: 1 }, to: 'director', on: '2026-03-02' },
  });
  const { records } = (await ledger.engine.study('NP-001')).state;
  digest = (records.at(1)!.record.data as { findings: { '...': string } }).findings['...'];
  await ledger.anchoring.anchor();
  await ledger.engine.close();
});

function everyText(to: string): string {
  const files = readdirSync(to, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1')).join('\n');
}

describe('a bundle of a study that was inspected [R35]', () => {
  it.each([[[]], [['--names']]])('has days, phase and digest, and not what was found %j', async (more) => {
    const to = join(freshFolder('findings'), 'bundle');
    const args = ['--study', 'NP-001', '--data', folder, '--to', to, '--unrecorded', ...more];
    expect(await studyLedger('export', ...args)).toMatchObject({ code: 0, err: '' });
    const text = everyText(to);
    expect(text).not.toContain('drape');
    expect(text).toContain(digest);
    expect(existsSync(join(to, 'data', 'ledger', 'disclosures', digest))).toBe(false);
    const statement = readFileSync(join(to, 'data', 'files', 'quality-statement.html'), 'utf8');
    expect(statement).toContain('Surgery');
    expect(statement).toMatch(/2026-03-02 \(#2\).*not reported yet/s);
    expect(statement).toContain('Not yet reported to both: #1.');
    const policy = readFileSync(join(folder, 'policy', 'lab.policy'), 'utf8');
    const { out } = await studyLedger('verify', to, '--lab-vkey', /^log (\S+)/m.exec(policy)![1]!, '--json');
    expect((JSON.parse(out) as { verdict: string }).verdict).toBe('COMPLETE');
  });
});

describe('a backup', () => {
  it('keeps what was found with the names, and a restore brings it back', async () => {
    const [copy, again] = [join(freshFolder('findings'), 'copy'), join(freshFolder('findings'), 'again')];
    expect((await studyLedger('backup', '--data', folder, '--to', copy)).code).toBe(0);
    expect(existsSync(join(copy, 'disclosures', digest))).toBe(true);
    expect((await studyLedger('restore', '--from', copy, '--data', again)).code).toBe(0);
    const ledger = await reopened(again);
    expect(ledger.engine.disclosures.open({ '...': digest })).toBe(TEXT);
    await ledger.engine.close();
  });
});
