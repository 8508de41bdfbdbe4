/** Signatures in a bundle, checked by hand as VERIFY.md says, by checksums and by the one file. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../src/verify/checks/report.js';
import { copyOf, freshFolder, verifier } from './real-ledger.js';
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
const program = join(freshFolder(), 'verify.mjs');
beforeAll(() => writeFileSync(program, verifier()));

const shell = (folder: string): string =>
  [...readFileSync(file(folder, 'VERIFY.md'), 'utf8').matchAll(/^```bash\n(.*?)^```$/gms)]
    .map(([, lines]) => lines)
    .join('');
const byHand = (folder: string, without = '') =>
  spawnSync('bash', ['-c', without === '' ? shell(folder) : shell(folder).replace(without, '')], {
    cwd: join(folder, 'data', 'ledger'),
    encoding: 'utf8',
  });
/** The line that finds everything: without it, the others have to. */
const CHECKSUMS =
  '(cd ../.. && sha512sum --quiet -c manifest-sha512.txt && sha512sum --quiet -c tagmanifest-sha512.txt)';

describe('VERIFY.md', () => {
  it('checks each signature, whole and in a part', () => {
    const whole = byHand(bag);
    expect(whole.stderr).toBe('');
    expect(whole.stdout).toContain(`${approval}: approved, Name of sd-1 (sd-1, director), `);
    expect(whole.stdout).toContain(`${review}: reviewed, Name of qa-1 (qa-1, quality), `);
    const { stdout, stderr } = byHand(part());
    expect(stderr).toBe('');
    expect(stdout).toMatch(/records\/0-2 is withheld, in whole or in part/);
  });

  it('compares the printed name where names are disclosed', () => {
    expect(byHand(bag).stdout).toContain(`${approval}: printed name not comparable: name not disclosed`);
    const named = copyOf(bag);
    disclose(named);
    expect(byHand(named).stdout).not.toContain('not comparable');
    expect(byHand(misnamed(false)).status).toBe(0);
    expect(byHand(misnamed(true)).status).not.toBe(0);
  });
});

describe('a bundle in which somebody altered', () => {
  it.each(ALTERED)('%s', (_, alter, found) => {
    const folder = copyOf(bag);
    alter(folder);
    // by checksums
    const sums = spawnSync('sha512sum', ['--quiet', '-c', 'manifest-sha512.txt'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(`${sums.stdout}${sums.stderr}`).toContain(`${found.manifest}: FAILED`);
    // by openssl, jq and sha256sum, without the checksums
    expect(byHand(folder, CHECKSUMS).status).not.toBe(0);
    // by the one file
    const { status, stdout } = spawnSync(
      process.execPath,
      [program, folder, '--lab-vkey', labVkey, '--json'],
      {
        encoding: 'utf8',
      },
    );
    expect(status).toBe(1);
    expect(failuresIn(JSON.parse(stdout) as Report).join('\n')).toMatch(found.verifier);
  });
});
