import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSeedFile, readSeedFile } from '../../src/signing/seed.js';
import { studyLedger } from '../support/cli.js';
import { codeOf, directed, opened, weighing } from '../recording/test-ledger.js';
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
    cpSync(authority.caFile, at('ca.pem'));
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

  it('tells an alarm that init or play raises: exit code 1', async () => {
    // The seed is that of a ledger which the witness knows: a second history has begun under its name.
    const made = await init('alarmed', '--seed-file', at('seed'), '--policy', at('policy'));
    expect(made.code).toBe(1);
    expect(made.err).toMatch(/^ALARM \(store-inconsistent\) {2}The witness w1 shows a head/);
    const played = ['play', weighing(), '--data', at('ledger'), '--token-file', await directed(at('ledger'))];
    witness.shows = false;
    witness.instead = { status: 409, type: 'text/x.tlog.size', body: '99\n' };
    const stopped = await studyLedger(...played);
    expect(stopped.code).toBe(1);
    expect(stopped.out).toContain('store-behind-mark');
    expect(stopped.err).toMatch(/^DISPUTED {2}The witness w1 .*\nALARM \(store-behind-mark\)/s);
    witness.instead = { status: 422 };
    const signing = await studyLedger(...played);
    expect(signing.code).toBe(1);
    expect(signing.out).toContain('1 command recorded');
    expect(signing.err).toContain('ALARM (witness-inconsistent)');
    [witness.instead, witness.shows] = [undefined, true];
    const healed = await studyLedger(...played);
    expect([healed.code, healed.err]).toEqual([0, '']);
  });

  it('refuses an address that is not encrypted and leads out of this machine, unless it is accepted', async () => {
    writeFileSync(at('plain'), `witness w2 ${witness.vkey} http://witness.example/w\nquorum w2\n`);
    const refused = await init('plain-http', '--policy', at('plain'));
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/witness w2, http:\/\/witness.example\/w, is not encrypted/);
    expect(existsSync(at('plain-http'))).toBe(false);
    const authority = await init('plain-http', '--tsa', 'http://tsa.example', '--tsa-ca', at('ca.pem'));
    expect(authority.err).toMatch(/time-stamp authority, http:\/\/tsa.example, is not encrypted/);
    const none = 'quorum none\n';
    writeFileSync(at('plain'), `witness w2 ${witness.vkey} http://localhost.example.invalid/w\n${none}`);
    const accepted = await init('accepted', '--policy', at('plain'), '--plain-http');
    expect(accepted.code).toBe(0);
    expect(JSON.parse(readFileSync(join(at('accepted'), 'ledger.json'), 'utf8'))).toMatchObject({
      plainHttp: true,
    });
    writeFileSync(at('plain'), `witness w2 ${witness.vkey} ftp://witness.example/w\n${none}`);
    expect((await init('no-http', '--policy', at('plain'))).err).toContain('“ftp://witness.example/w”');
  });

  it('waits where the witness does not know the lab, or the authority stamps under another policy', async () => {
    const settings = { unknown: ['--policy', at('policy')], other: stamping('--tsa-policy', '1.2.3.4.2') };
    for (const [folder, settled] of Object.entries(settings)) {
      const { code, out } = await init(folder, ...settled);
      expect(code).toBe(0);
      expect(out.replaceAll('\n', ' ')).toContain('No study can be registered before they have');
    }
    expect(witness.requests.at(-1)).toMatchObject({ status: 403 });
    const unknown = await opened(at('unknown'), { clock: () => Date.now() });
    expect(codeOf(await unknown.send('RegisterStudy'))).toBe('not-commissioned');
    await unknown.engine.close();
    expect(readFileSync(join(at('unknown'), 'policy', 'lab.policy'), 'utf8')).toContain(witness.vkey);
  });
});
