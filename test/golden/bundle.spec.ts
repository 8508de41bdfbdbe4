import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { withReadable } from '../../src/exports/bundle/check-readable.js';
import { unpackZip } from '../../src/exports/bundle/zip.js';
import type { Report } from '../../src/verify/checks/report.js';
import { checkBundle, copyOf, freshFolder } from '../verify/real-ledger.js';

/** A bundle of version 0.1 is checked for ever as it was checked then: see bundle-0.1/README.md. */

const fixture = fileURLToPath(new URL('bundle-0.1/', import.meta.url));
const TODAY = '0.2.0';
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
  return withReadable(bundle, report, TODAY);
}

describe('the golden bundle of version 0.1', () => {
  it('verifies as complete and witnessed, with the note that another version made its pages', async () => {
    const report = await check(folder);
    expect(report.findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
    expect(report).toMatchObject({ verdict: 'COMPLETE', exitCode: 0, pinned: true, witnessed: true });
    expect(report.logs).toMatchObject([
      { log: 'study-EVERY-02', size: 28, root: '0JSA0qZqM8Lo9SW2ByugmSbZbwuMrGXf42Cx2a8ctX8=' },
      { log: 'lab', size: 7 },
    ]);
    const notes = report.findings.map(({ message }) => message);
    expect(notes).toContainEqual(expect.stringContaining('another version made them'));
    expect(notes).toContainEqual(expect.stringMatching(/^2 time stamps, .* an authority that you trust/));
  });

  it('fails as soon as one of its records is another', async () => {
    const copy = copyOf(folder);
    const records = `${copy}/data/ledger/study/records.ndjson`;
    const text = readFileSync(records, 'utf8');
    writeFileSync(records, text.replace('"30.1"', '"31.1"'));
    expect(await check(copy)).toMatchObject({ verdict: 'FAIL', exitCode: 1 });
  });
});
