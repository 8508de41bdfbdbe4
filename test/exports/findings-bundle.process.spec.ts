import { cpSync, existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  ADMINISTRATOR,
  SECOND,
  enrol,
  numberOf,
  reopened,
  taken,
  withPeople,
} from '../identity/people-ledger.js';
import { inspectionFindings } from '../../src/queries/inspection-findings.js';
import { restoreOnlyDisclosures } from '../../src/operations/restore-only-disclosures.js';
import { verifyLedger } from '../../src/verify/folder/verify-ledger.js';
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
    expect(JSON.parse(out)).toMatchObject({
      verdict: 'COMPLETE',
      findings: expect.arrayContaining([
        expect.objectContaining({
          log: 'study-NP-001',
          message:
            '1 inspection with findings, which the records hold as digests, by record: 1 whose text is not here (1)',
        }),
      ]) as unknown,
    });
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

describe('erasing what was found', () => {
  const place = { stream: 'study-NP-001', number: 1, pointer: '/data/findings', legalBasis: 'gdpr-17' };
  const [copy, bundle] = [join(freshFolder('findings'), 'copy'), join(freshFolder('findings'), 'bundle')];
  let request: number;

  /** What verify says of the commitment, and what fails about it. */
  async function verified() {
    const { findings, people } = await verifyLedger(folder, { threads: 0 });
    const { state } = people!.commitments.find((one) => one.digest === digest)!;
    const failures = findings.filter(({ severity, check }) => severity === 'fail' && check === 'commitment');
    return { state, failures: failures.map(({ log, message }) => `${log}: ${message}`) };
  }

  it('takes two persons, who name a record that holds a digest', async () => {
    expect((await studyLedger('backup', '--data', folder, '--to', copy)).code).toBe(0);
    expect(await verified()).toEqual({ state: 'disclosed', failures: [] });
    const ledger = await reopened(folder);
    const ask = (data: object) => ledger.inLab(ADMINISTRATOR, 'RequestRedaction', { ...place, ...data });
    for (const other of [
      { pointer: '/data/phase' },
      { pointer: '/data/findings/...' },
      { number: 0 },
      { number: 99 },
      { stream: 'study-NP-999' },
      { stream: 'lab' },
    ])
      expect(await ask(other)).toMatchObject({ code: 'redaction-unknown' });
    expect(await ledger.inLab(QUALITY, 'RequestRedaction', place)).toMatchObject({ code: 'not-permitted' });
    request = numberOf(await taken(ask({})));
    const alone = await ledger.inLab(ADMINISTRATOR, 'RedactField', { request });
    expect(alone).toMatchObject({ code: 'second-person' });
    expect(existsSync(join(folder, 'disclosures', digest))).toBe(true);
    await ledger.engine.close();
  });

  it('deletes text and salt, keeps record and root, and says so wherever they were shown [R52]', async () => {
    const ledger = await reopened(folder);
    const before = await ledger.engine.study('NP-001');
    const [root, record] = [before.root(before.size), before.state.records.at(1)!.record];
    const erased = numberOf(await taken(ledger.inLab(SECOND, 'RedactField', { request })));
    expect(existsSync(join(folder, 'disclosures', digest))).toBe(false);
    expect(everyText(folder)).not.toContain(Buffer.from(TEXT).toString('base64url').slice(4, -4));
    const { engine } = ledger;
    expect(await inspectionFindings(engine, 'NP-001', 1)).toMatchObject({
      digest,
      findings: null,
      erasedBy: erased,
    });
    const after = await engine.study('NP-001');
    expect([after.root(after.size), after.state.records.at(1)!.record]).toEqual([root, record]);
    // A bundle has the lab as it was when the study was anchored last.
    await ledger.inStudy(QUALITY, 'ReportInspection', {
      data: { target: { number: 1 }, to: 'management', on: '2026-03-02' },
    });
    await ledger.anchoring.anchor();
    await engine.close();
    expect(await verified()).toEqual({ state: 'redacted', failures: [] });
  });

  it('is told in a bundle, and does not come back from a copy of before', async () => {
    const args = ['--study', 'NP-001', '--data', folder, '--to', bundle, '--unrecorded'];
    expect((await studyLedger('export', ...args)).code).toBe(0);
    const { out } = await studyLedger('verify', bundle, '--json');
    expect(JSON.parse(out)).toMatchObject({
      people: {
        commitments: expect.arrayContaining([expect.objectContaining({ digest, state: 'redacted' })]),
      },
    });
    expect(existsSync(join(copy, 'disclosures', digest))).toBe(true);
    const restored = await restoreOnlyDisclosures({ data: folder }, copy, Date.now());
    expect(restored).toEqual({ restored: 0, erased: 1 });
    const later = join(freshFolder('findings'), 'later');
    expect((await studyLedger('backup', '--data', folder, '--to', later)).code).toBe(0);
    expect(existsSync(join(later, 'disclosures', digest))).toBe(false);
  });

  it('is found where somebody brings the text back, and is then carried out again', async () => {
    const file = join(folder, 'disclosures', digest);
    cpSync(join(copy, 'disclosures', digest), file);
    expect((await verified()).failures.join()).toMatch(
      /^study-NP-001: record 1 .*is erased, and its disclosure is there$/,
    );
    await (await reopened(folder)).engine.close();
    expect(existsSync(file)).toBe(false);
    rmSync(copy, { recursive: true });
  });
});
