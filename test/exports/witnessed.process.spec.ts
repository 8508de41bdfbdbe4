import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportBundle } from '../../src/exports/bundle/export-bundle.js';
import { LedgerFolder } from '../../src/anchoring/ledger-folder.js';
import { verifyLedger } from '../../src/verify/folder/verify-ledger.js';
import { AuthorityDouble } from '../anchoring/authority-double.js';
import { v4 } from 'uuid';
import { opened, type TestLedger } from '../recording/test-ledger.js';
import { WitnessDouble } from '../anchoring/witness-double.js';
import { checkBundle, freshFolder, verifier } from '../verify/real-ledger.js';

const [path, bag] = [join(freshFolder(), 'ledger'), join(freshFolder(), 'bundle')];
const authority = new AuthorityDouble();
let witness: WitnessDouble;

/** A ledger with a witness and a time-stamp authority, both on loopback, and a bundle from it. */
beforeAll(async () => {
  witness = await new WitnessDouble('witness.example/w1', 1).start();
  await authority.start();
  const policy = `witness w1 ${witness.vkey} ${witness.url}\nquorum w1\n`;
  const first = await opened(path, { policy, clock: () => Date.now() });
  witness.known = [first.engine.labNow.keys.get('lab.example/ledger/lab')![0]!.vkey];
  await first.engine.close();
  const timestampAuthority = { url: authority.url, name: 'Test TSA', caFile: authority.caFile };
  LedgerFolder.read(path).with({ timestampAuthority }).write();
  const ledger = await opened(path, { clock: () => Date.now() });
  await ledger.anchoring.anchor();
  await ledger.study();
  await ledger.grow(10);
  await ledger.anchoring.anchor();
  const who = { actor: 'qa', role: 'quality', id: '00000000-0000-4000-8000-000000000001' };
  await exportBundle(ledger, { code: 'NP-001', to: bag, who, verifier: '// as built\n', version: '0' });
  await ledger.engine.close();
});

afterAll(async () => {
  await witness.stop();
  await authority.stop();
});

describe('a ledger that is watched', () => {
  it('verifies as witnessed', async () => {
    const report = await verifyLedger(path, { threads: 0 });
    expect(report.findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
    expect(report).toMatchObject({ verdict: 'CONSISTENT', witnessed: true });
  });

  it('gives bundles whose lab checkpoint carries the cosignature, and the time stamps', async () => {
    const policy = readFileSync(join(path, 'policy', 'lab.policy'), 'utf8');
    const report = await checkBundle(bag, { policy });
    expect(report.findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
    expect(report).toMatchObject({ verdict: 'COMPLETE', exitCode: 0, witnessed: true });
    expect(report.summary.join()).not.toContain('UNWITNESSED');
    expect(readdirSync(join(bag, 'data', 'ledger', 'timestamps')).length).toBeGreaterThan(0);
  });

  it('is checked by verify.mjs, down to the authority that was brought along', () => {
    const program = join(freshFolder(), 'verify.mjs');
    writeFileSync(program, verifier());
    const run = (caFile: string) =>
      spawnSync(
        process.execPath,
        [program, bag, '--policy', join(path, 'policy', 'lab.policy'), '--tsa-ca', caFile],
        { encoding: 'utf8' },
      );
    const passed = run(authority.caFile);
    expect(passed.stdout).toMatch(
      /^records COMPLETE; pages, README, VERIFY\.md, verify\.mjs not compared: made by 0 /,
    );
    expect(passed.stdout).toMatch(/time stamps, signed by CN=Test-tsa .* from an authority that you trust/);
    expect(passed.status).toBe(0);
    const failed = run(new AuthorityDouble('ec').caFile);
    expect(failed.stdout).toMatch(/response\.tsr is not a time stamp to be believed/);
    expect(failed.status).toBe(1);
    expect(run(program).status).toBe(3);
  });

  it('is checked by openssl alone, the witness’s signature and the time stamps too', () => {
    const folder = join(bag, 'data', 'ledger');
    const text = readFileSync(join(folder, 'VERIFY.md'), 'utf8');
    const shell = [...text.matchAll(/^```bash\n(.*?)^```$/gms)].map(([, lines]) => lines).join('');
    const env = { ...process.env, WITNESS_VKEY: witness.vkey, TSA_CA: authority.caFile };
    const run = spawnSync('bash', ['-c', shell], { cwd: folder, encoding: 'utf8', env });
    expect({ status: run.status, stderr: run.stderr.replace(/^Using configuration.*\n/gm, '') }).toEqual({
      status: 0,
      stderr: '',
    });
    expect(run.stdout).toContain('COMPLETE: 13 records of NP-001');
    const wrong = spawnSync('bash', ['-c', shell], {
      cwd: folder,
      env: { ...env, WITNESS_VKEY: witness.vkey.replace(/A/g, 'B') },
    });
    expect(wrong.status).not.toBe(0);
  });
});

describe('an export after a round in which the witness failed', () => {
  const clock = { ms: Date.now() };
  const open = (folder: string, policy?: string) =>
    opened(folder, { ...(policy !== undefined && { policy }), clock: () => clock.ms });
  const exported = (ledger: TestLedger, to = join(freshFolder(), 'bundle')) => {
    const who = { actor: 'qa', role: 'quality', id: v4() };
    return exportBundle(ledger, { code: 'NP-001', to, who, verifier: '// as built\n', version: '0' });
  };
  let other: WitnessDouble;
  let ledger: TestLedger;

  beforeEach(async () => {
    other = await new WitnessDouble('witness.example/w2', 2).start();
    ledger = await open(join(freshFolder(), 'ledger'), `witness w2 ${other.vkey} ${other.url}\nquorum w2\n`);
    other.known = [ledger.engine.labNow.keys.get('lab.example/ledger/lab')![0]!.vkey];
    await ledger.anchoring.anchor();
    await ledger.study();
    other.instead = { status: 503 };
    await ledger.anchoring.anchor();
  });
  afterEach(async () => {
    await ledger.engine.close();
    await other.stop();
  });

  it('asks it again at once, and is witnessed', async () => {
    other.instead = undefined;
    expect(await exported(ledger)).toMatchObject({
      about: { witnessed: true, labSize: 3 },
    });
  });

  it('leaves a ledger of which the verdict says up to which lab size it was witnessed', async () => {
    const folder = ledger.folder.path;
    const report = await verifyLedger(folder, { threads: 0 });
    expect(report).toMatchObject({ verdict: 'INCOMPLETE', witnessed: false, witnessedTo: 1 });
    expect(report.summary.join()).toMatch(
      /UNWITNESSED at lab size 3; witnessed up to lab size 1\..*recorded after lab size 1 /,
    );
    // given: the witness answers again; then: the newest size
    other.instead = undefined;
    await ledger.anchoring.anchor({ reason: 'export' });
    const healed = await verifyLedger(folder, { threads: 0 });
    expect(healed).toMatchObject({ witnessed: true, witnessedTo: 3 });
    expect(healed.summary.join()).not.toContain('UNWITNESSED');
  });

  it('names it where it fails again, and the size that was cosigned', async () => {
    const nothing = {
      code: 'not-witnessed',
      message: expect.stringContaining('(w2: status 503). Export it again'),
    };
    await expect(exported(ledger)).rejects.toMatchObject(nothing);
    expect(other.requests).toHaveLength(3);
    other.instead = undefined;
    await exported(ledger);
    await ledger.grow(1);
    other.instead = { status: 503 };
    await expect(exported(ledger)).rejects.toMatchObject({
      message: expect.stringMatching(
        /\(w2: status 503\).*or take the size that they have cosigned with --at 3\./,
      ),
    });
  });

  it('takes the first checkpoint that was witnessed, where an earlier one was not', async () => {
    await ledger.grow(1);
    other.instead = undefined;
    clock.ms += 3_600_000;
    await ledger.anchoring.anchor();
    const { labSize } = (await exported(ledger)).about;
    expect([labSize, ledger.folder.anchors.labSizes()]).toEqual([4, [1, 3, 4]]);
    const bundle = { code: 'NP-001', at: 3, to: join(freshFolder(), 'bundle'), who: undefined };
    const earlier = await exportBundle(ledger, { ...bundle, verifier: '// as built\n', version: '0' });
    expect(earlier.about).toMatchObject({ size: 3, labSize: 4, witnessed: true });
  });

  it('asks it again before it is refused for too long a silence, and names it and what helps', async () => {
    clock.ms += 25 * 3_600_000;
    await expect(exported(ledger)).rejects.toMatchObject({
      code: 'ledger-unanchored',
      message: expect.stringMatching(/\(w2: status 503\).*--unrecorded/),
    });
    other.instead = undefined;
    expect(await exported(ledger)).toMatchObject({ about: { witnessed: true } });
  });
});
