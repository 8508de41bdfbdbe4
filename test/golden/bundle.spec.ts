import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { withMadeFiles } from '../../src/exports/bundle/compare-made.js';
import { unpackZip } from '../../src/exports/bundle/bundle-zip.js';
import { reportText, type Report } from '../../src/verify/checks/report.js';
import { checkBundle, copyOf, freshFolder } from '../verify/real-ledger.js';

/** A bundle of version 0.1 is checked for ever as it was checked then: see bundle-0.1/README.md. */

const fixture = fileURLToPath(new URL('bundle-0.1/', import.meta.url));
const TODAY = '0.4.0';
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
  it('verifies as complete and witnessed, and says that another version made what was not compared', async () => {
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
