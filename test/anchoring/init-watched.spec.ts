import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSeedFile, readSeedFile } from '../../src/signing/seed.js';
import { studyLedger } from '../support/cli.js';
import { freshFolder } from '../support/folders.js';
import { AuthorityDouble } from './authority-double.js';
import { WitnessDouble } from './witness-double.js';

/** A laboratory that begins under the eyes of others: `init` with a witness and a time-stamp authority, both on loopback. */
describe('study-ledger init with somebody who watches', () => {
  const home = freshFolder('init-watched');
  const at = (name: string): string => join(home, name);
  let authority: AuthorityDouble;
  let witness: WitnessDouble;

  beforeAll(async () => {
    authority = await new AuthorityDouble().start();
    witness = await new WitnessDouble('witness.example/w1', 1).start();
    writeFileSync(at('policy'), `witness w1 ${witness.vkey} ${witness.url}\nquorum w1\n`);
    // A witness has to know the lab's key before it cosigns: the seed is made, and the key given away, beforehand.
    createSeedFile(at('seed'));
    witness.known = [readSeedFile(at('seed')).key('lab.example/ledger/lab').vkey];
  });
  afterAll(async () => {
    await authority.stop();
    await witness.stop();
  });

  const init = (folder: string, ...more: string[]) =>
    studyLedger('init', '--data', at(folder), '--facility', 'lab.example', ...more);
  const stamping = (...more: string[]) => ['--tsa', authority.url, '--tsa-ca', authority.caFile, ...more];

  it('is in commission where witness and authority answer, and verifies as witnessed by what was brought along', async () => {
    const { code, out, err } = await init(
      'ledger',
      '--seed-file',
      at('seed'),
      '--policy',
      at('policy'),
      ...stamping('--tsa-policy', '1.2.3.4.1'),
    );
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(`witness w1 ${witness.vkey}`);
    expect(out).toContain(
      'All witnesses and the time-stamp authority have answered. Studies can be registered.',
    );
    const policy = join(at('ledger'), 'policy', 'lab.policy');
    const pins = ['--policy', policy, '--tsa-ca', authority.caFile];
    const verified = await studyLedger('verify', '--data', at('ledger'), ...pins);
    expect(verified.out).toMatch(/^CONSISTENT/);
    expect(verified.out).not.toContain('UNWITNESSED');
    expect(verified.out).toMatch(/1 time stamps, signed by CN=Test-tsa .*from an authority that you trust/);
    expect(verified.code).toBe(0);
    const wrong = await studyLedger(
      'verify',
      '--data',
      at('ledger'),
      '--tsa-ca',
      new AuthorityDouble('ec').caFile,
    );
    expect(wrong.out).toMatch(/^FAIL/);
    expect(wrong.code).toBe(1);
    expect((await studyLedger('verify', '--data', at('ledger'), '--tsa-ca', at('policy'))).code).toBe(3);
  });

  it('waits where the witness does not know the lab, or the authority stamps under another policy', async () => {
    const settings = { unknown: ['--policy', at('policy')], other: stamping('--tsa-policy', '1.2.3.4.2') };
    for (const [folder, settled] of Object.entries(settings)) {
      const { code, out } = await init(folder, ...settled);
      expect(code).toBe(0);
      expect(out.replaceAll('\n', ' ')).toContain('No study can be registered before they have');
    }
    expect(witness.requests.at(-1)).toMatchObject({ status: 403 });
    const registration = {
      command: 'RegisterStudy',
      study: 'NP-001',
      data: { title: 'T', director: 'sd-01' },
    };
    writeFileSync(
      at('commands.ndjson'),
      `${JSON.stringify({ ...registration, id: '0199d3f2-6a3c-7c1e-8a55-3f5b8a1d2c01' })}\n`,
    );
    const played = await studyLedger('play', at('commands.ndjson'), '--data', at('unknown'));
    expect(played.out + played.err).toContain('not-commissioned');
    expect(played.code).not.toBe(0);
    expect(readFileSync(join(at('unknown'), 'policy', 'lab.policy'), 'utf8')).toContain(witness.vkey);
  });
});
