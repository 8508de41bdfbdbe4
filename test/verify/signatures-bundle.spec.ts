/** Signatures in a bundle: listed with what they are worth, and altered by somebody who has the folder. */
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reportText } from '../../src/verify/checks/report.js';
import { checkBundle, copyOf } from './real-ledger.js';
import {
  ALTERED,
  approval,
  bundle,
  disclose,
  failuresIn,
  file,
  labVkey,
  misnamed,
  part,
  review,
} from './signed-bundle.js';

const bag = bundle();

describe('a bundle with signatures', () => {
  it('lists each with what it says and what it is worth [R23]', async () => {
    const report = await checkBundle(bag, { labVkey });
    expect(failuresIn(report).filter((text) => !text.startsWith('schema'))).toEqual([]);
    expect(report.signatures!.map(({ record, status }) => [record, status])).toEqual([
      [approval, 'valid'],
      [review, 'valid'],
    ]);
    const text = reportText(report);
    expect(text).toContain('Signatures: 2 (2 valid)');
    expect(text).toMatch(/approved +Name of sd-1 +sd-1 +director +\S+ +record 1 \(ProtocolApproved\) +valid/);
    expect(text).toMatch(/reviewed +Name of qa-1 +qa-1 +quality +\S+ +records 0–2 +valid/);
  });

  it('says in a part of the study what could not be checked', async () => {
    const report = await checkBundle(part(), { labVkey });
    expect(report.signatures!.map(({ status }) => status)).toEqual(['valid', 'unchecked']);
  });
});

describe('the printed name of a signature in a bundle', () => {
  const of = async (folder: string) => checkBundle(file(folder, ''), { labVkey });
  const NOT_COMPARABLE = 'printed name not comparable: name not disclosed';

  it('is compared with the name that the lab registered, where that is disclosed', async () => {
    const folder = copyOf(bag);
    expect(reportText(await of(folder))).toContain(`${NOT_COMPARABLE} (records ${approval}, ${review})`);
    disclose(folder);
    expect(reportText(await of(folder))).not.toContain(NOT_COMPARABLE);
  });

  it('fails where it is another one, and passes unseen without the disclosure', async () => {
    const named = await of(misnamed(true));
    expect(named.signatures).toMatchObject([{ record: approval, status: 'failed', failed: ['name'] }]);
    expect(failuresIn(named).join('\n')).toMatch(
      /signature: record \d+, .*it prints the name “Name of qa-1”, and lab record \d+ registers “Name of sd-1”/,
    );
    expect((await of(misnamed(false))).signatures).toMatchObject([{ status: 'valid' }]);
  });
});

describe('the proofs in a bundle with signatures', () => {
  const proofs = join('data', 'ledger', 'proofs');

  it('are those of signatures and of what was signed by itself', () => {
    expect(readdirSync(join(bag, proofs)).sort()).toEqual(
      [1, approval, review].map((number) => `${number}.tlog-proof`).sort(),
    );
  });

  it('may be written otherwise than they were made, as long as they prove it', async () => {
    const folder = copyOf(bag);
    const proof = join(folder, proofs, '1.tlog-proof');
    writeFileSync(proof, readFileSync(proof, 'utf8').replace('\nindex', '\nextra AAAA\nindex'));
    const failures = failuresIn(await checkBundle(file(folder, ''), { labVkey }));
    expect(failures.filter((text) => text.startsWith('proof'))).toEqual([]);
  });

  it('belong together: one that was taken away is missed, and an older bundle has none', async () => {
    const folder = copyOf(bag);
    rmSync(join(folder, proofs, '1.tlog-proof'));
    const missed = async () =>
      failuresIn(await checkBundle(file(folder, ''), { labVkey })).filter((text) => text.startsWith('proof'));
    expect(await missed()).toEqual(['proof: proofs/1.tlog-proof is not there']);
    rmSync(join(folder, proofs), { recursive: true });
    expect(await missed()).toEqual([]);
  });
});

it.each(ALTERED)('finds where somebody altered %s', async (_, alter, found) => {
  const folder = copyOf(bag);
  alter(folder);
  const report = await checkBundle(folder, { labVkey });
  expect(report.verdict).toBe('FAIL');
  expect(failuresIn(report).join('\n')).toMatch(found.verifier);
});
