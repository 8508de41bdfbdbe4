import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withMadeFiles } from '../../src/exports/bundle/compare-made.js';
import { unpackZip } from '../../src/exports/bundle/bundle-zip.js';
import { reportText, type Report } from '../../src/verify/checks/report.js';
import { checkBundle, copyOf, freshFolder, labVkey, verifier } from '../verify/real-ledger.js';

/** Bundles are checked for ever as they were checked then: see bundle-0.1/README.md and ledger-0.4/README.md. */

const fixture = fileURLToPath(new URL('bundle-0.1/', import.meta.url));
const TODAY = '0.7.1';
const work = freshFolder();
let folder: string;

beforeAll(async () => {
  const unpacked = await unpackZip(`${fixture}EVERY-02.zip`, work);
  expect(unpacked.seal).toBe('intact');
  folder = unpacked.folder;
});
afterAll(() => rmSync(work, { recursive: true }));

async function check(bundle: string): Promise<Report> {
  const report = await checkBundle(bundle, {
    policy: readFileSync(`${fixture}lab.policy`, 'utf8'),
    authorities: readFileSync(`${fixture}authority.pem`, 'utf8'),
    now: Date.parse('2026-11-30T12:00:00Z'),
  });
  return withMadeFiles(bundle, report, { version: TODAY, verifier: '// as built\n' });
}

describe('the golden bundle of version 0.1', () => {
  it('verifies as complete and witnessed, and says that another version made what was not compared [R46]', async () => {
    const report = await check(folder);
    expect(report.findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
    expect(report).toMatchObject({ verdict: 'COMPLETE', exitCode: 0, pinned: true, witnessed: true });
    expect(report.logs).toMatchObject([
      { log: 'study-EVERY-02', size: 28, root: '0JSA0qZqM8Lo9SW2ByugmSbZbwuMrGXf42Cx2a8ctX8=' },
      { log: 'lab', size: 7 },
    ]);
    const notes = report.findings.map(({ message }) => message);
    expect(notes).toContainEqual(expect.stringMatching(/^2 time stamps, .* an authority that you trust/));
    expect(report.notCompared).toMatchObject({ why: 'made by 0.1.0' });
    expect(report.notCompared!.files).toEqual(
      expect.arrayContaining(['data/study.html', 'data/files/report.html', 'data/ledger/verify.mjs']),
    );
    const [first] = reportText(report).split('\n');
    expect(first).toContain(
      'records COMPLETE; pages, README, VERIFY.md, verify.mjs not compared: made by 0.1.0',
    );
  });

  it('fails as soon as one of its records is another', async () => {
    const copy = copyOf(folder);
    const records = `${copy}/data/ledger/study/records.ndjson`;
    const text = readFileSync(records, 'utf8');
    writeFileSync(records, text.replace('"30.1"', '"31.1"'));
    expect(await check(copy)).toMatchObject({ verdict: 'FAIL', exitCode: 1 });
  });
});

describe('the golden bundle of version 0.4', () => {
  const golden = fileURLToPath(new URL('ledger-0.4/', import.meta.url));
  const laboratory = join(golden, 'laboratory');
  const authority = join(laboratory, 'policy', 'authority.pem');
  let bundle: string;
  beforeAll(async () => {
    mkdirSync(join(work, '0.4'));
    bundle = (await unpackZip(join(golden, 'EVERY-03.zip'), join(work, '0.4'))).folder;
    // A verifier of the same version compares the schemas in the bundle with its own, which may have gained members since.
    const later = verifier().replaceAll(`return "${TODAY}";`, 'return "99.0.0";');
    writeFileSync(join(work, 'verify.mjs'), later);
  });
  const verify = (folder: string) => {
    const pins = ['--lab-vkey', labVkey(laboratory), '--tsa-ca', authority, '--at', '2026-11-30T16:00:00Z'];
    const run = spawnSync(process.execPath, [join(work, 'verify.mjs'), folder, '--json', ...pins]);
    return { status: run.status, report: JSON.parse(run.stdout.toString()) as Report };
  };

  it('is complete to verify.mjs of today', () => {
    const { status, report } = verify(bundle);
    expect(report.findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
    expect({ status, verdict: report.verdict }).toEqual({ status: 0, verdict: 'COMPLETE' });
    expect(report.logs).toMatchObject([{ log: 'study-EVERY-03', size: 52 }, { log: 'lab' }]);
    const notes = report.findings.map(({ message }) => message);
    expect(notes).toContainEqual(expect.stringMatching(/^\d time stamps?, .* an authority that you trust/));
  });

  it('fails as soon as one of its records is another', () => {
    const copy = copyOf(bundle);
    const records = join(copy, 'data', 'ledger', 'study', 'records.ndjson');
    writeFileSync(records, readFileSync(records, 'utf8').replace('"252.4"', '"262.4"'));
    const { status, report } = verify(copy);
    expect({ status, verdict: report.verdict }).toEqual({ status: 1, verdict: 'FAIL' });
  });
});
