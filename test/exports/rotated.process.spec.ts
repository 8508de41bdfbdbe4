import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { exportBundle } from '../../src/exports/bundle/export-bundle.js';
import { rotateKeys } from '../../src/signing/rotation.js';
import { readSeedFile } from '../../src/signing/seed.js';
import { failures, opened, openedReal, type TestLedger } from '../recording/test-ledger.js';
import { actingIn, type Acting } from '../support/director.js';
import { checkBundle, freshFolder } from '../verify/real-ledger.js';

const LAB = 'lab.example/ledger/lab';
let exports = 0;

async function bundleOf(ledger: TestLedger): Promise<string> {
  const to = join(freshFolder(), 'bundle');
  const id = `00000000-0000-4000-8000-${String(++exports).padStart(12, '0')}`;
  const { actor, session } = (await actingIn(ledger.engine)) as Acting;
  const who = { actor, role: 'director', ...(session !== undefined && { session }), id };
  await exportBundle(ledger, { code: 'NP-001', to, who, verifier: '// as built\n', version: '0' });
  return to;
}

/** VERIFY.md as somebody would run it who was told this key of the lab. */
function byHand(bundle: string, labVkey: string): { status: number | null; stdout: string; stderr: string } {
  const folder = join(bundle, 'data', 'ledger');
  const text = readFileSync(join(folder, 'VERIFY.md'), 'utf8');
  const shell = [...text.matchAll(/^```bash\n(.*?)^```$/gms)].map(([, lines]) => lines).join('');
  return spawnSync('bash', ['-c', shell], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, LAB_VKEY: labVkey },
  });
}

/** A study whose heads were signed under two epochs, the first anchor under the older one. */
async function rotatedLedger(newSeed: boolean) {
  const path = join(freshFolder(), 'ledger');
  const ledger = await openedReal(path);
  await ledger.study();
  await ledger.anchoring.anchor();
  const early = await bundleOf(ledger);
  const { labVkey } = await rotateKeys(ledger, { newSeed });
  const across = await bundleOf(ledger);
  await ledger.grow(3);
  const late = await bundleOf(ledger);
  const [first] = ledger.engine.labNow.keys.get(LAB)!;
  await ledger.engine.close();
  return { path, early, across, late, old: first!.vkey, current: labVkey };
}

describe.each([
  ['the same seed', false],
  ['a new seed, after a theft', true],
])('keys that were rotated from %s', (_, newSeed) => {
  let ledger: Awaited<ReturnType<typeof rotatedLedger>>;
  beforeAll(async () => {
    ledger = await rotatedLedger(newSeed);
  });

  it('verify in the folder and in bundles from before, across and after the change', async () => {
    expect(await failures(ledger.path)).toEqual([]);
    const { early, across, late, old, current } = ledger;
    // What was exported before is exported the same after: its heads were signed by the old key.
    for (const [bundle, labVkey] of [
      [early, old],
      [across, old],
      [late, current],
    ] as const) {
      const report = await checkBundle(bundle, { labVkey });
      expect(report.findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
      expect(report).toMatchObject({ verdict: 'COMPLETE', exitCode: 0 });
    }
    const manifest = (bag: string): string => readFileSync(join(bag, 'tagmanifest-sha512.txt'), 'utf8');
    expect(manifest(across)).toBe(manifest(early));
  });

  it('leave whoever knows only the old key without a verdict on what the new one signs', async () => {
    const report = await checkBundle(ledger.late, { labVkey: ledger.old });
    expect(report.exitCode).toBe(1);
    expect(report.findings.map(({ message }) => message).join()).toContain('no known key signed');
    const both = `log ${ledger.old}\nlog ${ledger.current}\nquorum none\n`;
    expect((await checkBundle(ledger.late, { policy: both })).exitCode).toBe(0);
  });

  it('are checked by openssl alone, by the lines of VERIFY.md', () => {
    for (const [bundle, key] of [
      [ledger.across, ledger.old],
      [ledger.late, ledger.current],
    ] as const) {
      const run = byHand(bundle, key);
      expect({ status: run.status, stderr: run.stderr }).toEqual({ status: 0, stderr: '' });
      expect(run.stdout).toContain('COMPLETE');
    }
    expect(byHand(ledger.late, ledger.old).status).not.toBe(0);
  });

  it('go on signing after a restart, and the next rotation follows', async () => {
    const again = await opened(ledger.path);
    await again.grow(1);
    expect((await again.engine.signHead('study-NP-001')).size).toBe(7);
    const { epoch, labVkey } = await rotateKeys(again);
    expect(epoch).toBe(3);
    await again.anchoring.anchor();
    expect((await checkBundle(await bundleOf(again), { labVkey })).exitCode).toBe(0);
    await again.engine.close();
    expect(await failures(ledger.path)).toEqual([]);
  });
});

describe('a new seed', () => {
  it('lies where the old one lay, which stays beside it; the thief’s copy derives none of the new keys', async () => {
    const path = join(freshFolder(), 'ledger');
    const ledger = await openedReal(path);
    await ledger.study();
    const stolen = readSeedFile(join(path, 'master.seed'));
    const { labVkey } = await rotateKeys(ledger, { newSeed: true });
    await ledger.engine.close();
    expect(stolen.key(LAB, 2).vkey).not.toBe(labVkey);
    expect(readSeedFile(join(path, 'master.seed')).key(LAB, 2).vkey).toBe(labVkey);
    expect(readSeedFile(join(path, 'master.seed.retired-1')).key(LAB, 1).vkey).toBe(stolen.key(LAB, 1).vkey);
    expect(existsSync(join(path, 'master.seed.epoch-2'))).toBe(false);
    expect(statSync(join(path, 'master.seed')).mode & 0o777).toBe(0o600);
  });
});
