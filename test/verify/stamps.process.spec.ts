import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { timestampRequest } from '../../src/rfc3161/timestamp-request.js';
import { verifyLedger } from '../../src/verify/folder/verify-ledger.js';
import { requireIssuedBy } from '../../src/rfc3161/certificate-chain.js';
import { nonceOf, openToken } from '../../src/rfc3161/token.js';
import { AuthorityDouble } from '../anchoring/authority-double.js';
import { LedgerBuilder } from './ledger-builder.js';
import { freshFolder } from './real-ledger.js';

const IMPRINT = createHash('sha256').update('a note').digest('hex');
/** In whole seconds, as in a token. */
const began = Math.floor(Date.now() / 1000) * 1000;
const authorities = { rsa: new AuthorityDouble('rsa'), ec: new AuthorityDouble('ec') };
const pemOf = (authority: AuthorityDouble) => readFileSync(authority.caFile, 'utf8');
const request = timestampRequest(IMPRINT);
const tokens = {
  rsa: authorities.rsa.stamp(request),
  ec: authorities.ec.stamp(request),
  pss: authorities.rsa.signWithPss(authorities.rsa.stamp(request)),
};

describe.each(Object.keys(tokens) as (keyof typeof tokens)[])('a token signed by %s', (kind) => {
  const response = tokens[kind];

  it('opens under the certificate in it, and says what was stamped, when, for which request', () => {
    const token = openToken(response);
    expect(token).toMatchObject({ imprint: IMPRINT, nonce: nonceOf(request), policy: '1.2.3.4.1' });
    expect(token.genTimeMs).toBeGreaterThanOrEqual(began);
    expect(token.genTimeMs).toBeLessThanOrEqual(Date.now());
    expect(token.signer.subject).toBe('CN=Test-tsa');
  });

  it('comes from its authority and from no other', () => {
    const [own, other] =
      kind === 'ec' ? [authorities.ec, authorities.rsa] : [authorities.rsa, authorities.ec];
    expect(() => requireIssuedBy(openToken(response), pemOf(own))).not.toThrow();
    expect(() => requireIssuedBy(openToken(response), pemOf(other))).toThrow(/trusted/);
  });

  it('is refused with any byte of it changed', () => {
    const { genTime } = openToken(response);
    const passed: number[] = [];
    for (let at = 0; at < response.length; at++) {
      const mutated = Buffer.from(response);
      mutated[at]! ^= 1 << (at % 8);
      try {
        expect(openToken(mutated).genTime).toBe(genTime);
        passed.push(at);
      } catch (error) {
        if ((error as Error).name !== 'TokenError') throw error;
      }
    }
    // The status is not signed: granted (0), and granted with modifications (1), which RFC 3161 has accepted as well.
    expect(passed).toEqual([8]);
  });
});

describe('a token', () => {
  it('is refused where the padding is by another digest than the message', () => {
    const two = authorities.rsa.signWithPss(tokens.rsa, '2.16.840.1.101.3.4.2.3');
    expect(() => openToken(two)).toThrow(/two digests/);
  });

  it.each(['lax', 'wide'] as const)('is refused by a certificate whose key usage is %s', (usage) => {
    expect(() => openToken(authorities.rsa.signAgain(tokens.rsa, usage))).toThrow(/critically and only/);
  });

  it('is refused where it is none, or a refusal', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('nonsense'), tokens.rsa.subarray(0, 900)])
      expect(() => openToken(bytes)).toThrow(/not well-formed/);
    expect(() => openToken(Buffer.from('30053003020102', 'hex'))).toThrow(/status 02/);
  });
});

describe('a ledger with time stamps', () => {
  type Files = { imprint: string; request?: Buffer; response: Buffer };

  async function checked(
    tamper: (files: Files) => Files,
    { shiftMs = 0, trusted = authorities.rsa as AuthorityDouble | null, named = '' } = {},
  ) {
    const folder = join(freshFolder(), 'ledger');
    const ledger = new LedgerBuilder();
    const { imprint, ...kept } = tamper(ledger.stampBy(authorities.rsa, shiftMs));
    await ledger.write(folder);
    mkdirSync(join(folder, 'anchors', 'timestamps'), { recursive: true });
    const at = (ending: string) => join(folder, 'anchors', 'timestamps', imprint + ending);
    writeFileSync(at('.tsr'), kept.response);
    if (kept.request) writeFileSync(at('.tsq'), kept.request);
    if (named) {
      const timestampAuthority = { url: 'http://tsa.example', caFile: named };
      writeFileSync(join(folder, 'ledger.json'), JSON.stringify({ timestampAuthority }));
    }
    const pins = trusted ? { authorities: pemOf(trusted) } : {};
    const { findings } = await verifyLedger(folder, { threads: 0, ...pins });
    return findings
      .filter(({ check }) => check === 'time-stamp')
      .map(({ severity, message }) => `${severity}: ${message}`);
  }
  const asItIs = (files: Files) => files;

  it('passes where each token is what the lab recorded, and comes from the authority that was brought', async () => {
    const [told, ...more] = await checked(asItIs);
    expect(told).toMatch(/^note: 1 time stamps, signed by CN=Test-tsa .*, from an authority that you trust/);
    expect(more).toEqual([]);
  });

  it('says so where nobody named an authority', async () => {
    expect(await checked(asItIs, { trusted: null })).toEqual([
      expect.stringMatching(
        /^note: .*which nobody vouches for: give the authority’s certificates with --tsa-ca/,
      ),
    ]);
  });

  it('takes the authorities that the ledger names for what they are: its own word', async () => {
    const named = { trusted: null, named: authorities.rsa.caFile };
    expect(await checked(asItIs, named)).toEqual([
      expect.stringMatching(/^note: .*from an authority that ledger.json names: give/),
    ]);
    const [told] = await checked(asItIs, { trusted: null, named: authorities.ec.caFile });
    expect(told).toMatch(/^incomplete: .*trusted here, by ledger.json/);
  });

  it('fails where the token comes from another authority', async () => {
    expect(await checked(asItIs, { trusted: authorities.ec })).toEqual([
      expect.stringMatching(/^fail: .*trusted/),
    ]);
  });

  it('fails where the lab recorded another time than the token bears', async () => {
    expect(await checked(asItIs, { shiftMs: 3_600_000 })).toEqual([
      expect.stringMatching(/^fail: .*which is not what lab record 1 says/),
    ]);
  });

  it('fails where another token lies in its place, and where it answers another request', async () => {
    expect(await checked((files) => ({ ...files, response: tokens.rsa }))).toEqual([
      expect.stringMatching(/^fail: .*is not the token of lab record 1/),
    ]);
    expect(await checked((files) => ({ ...files, request: timestampRequest(files.imprint) }))).toEqual([
      expect.stringMatching(/^fail: .*answers another request/),
    ]);
  });

  it('fails where the request was edited beside its nonce', async () => {
    const edited = (at: (request: Buffer) => number) =>
      checked((files) => {
        const request = Buffer.from(files.request!);
        request[at(request)]! ^= 1;
        return { ...files, request };
      });
    const failed = [expect.stringMatching(/^fail: .*answers another request/)];
    // A byte of the imprint; the wish for certificates.
    expect(await edited((request) => request.indexOf(0x04) + 5)).toEqual(failed);
    expect(await edited((request) => request.length - 1)).toEqual(failed);
  });

  it('is incomplete without the request', async () => {
    const told = await checked(({ imprint, response }) => ({ imprint, response }));
    expect(told[0]).toMatch(/^incomplete: .*its request is not there/);
  });
});
