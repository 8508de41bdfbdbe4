import { readFileSync } from 'node:fs';
import { verifyAuthenticationResponse, type AuthenticationResponseJSON } from '@simplewebauthn/server';
import { decodeAttestationObject, parseAuthenticatorData, isoCBOR } from '@simplewebauthn/server/helpers';
import fc from 'fast-check';
import { publicKeyOf, type CoseKey } from '../../src/identity/cose-key.js';
import { assertionCrypto } from '../../src/identity/verify-signature.js';
import { assertionCrypto as cryptoOfVerifier } from '../../src/verify/runtime/crypto.js';
import { checkAssertion, type Assertion, type EnrolledKey } from '../../src/webauthn/assertion.js';
import { ALGORITHMS, EDDSA, RS256, type Algorithm } from '../../src/webauthn/public-key.js';
import { isSignedBy } from '../../src/webauthn/signature.js';
import { SoftwareAuthenticator, cbor, type Misbehaviour } from '../support/authenticator.js';
import { runs } from '../support/effort.js';

const ORIGIN = 'https://ledger.example.org';
const RP_ID = 'ledger.example.org';
const CHALLENGE = Buffer.alloc(32, 7).toString('base64url');

const enrolled = (key: SoftwareAuthenticator): EnrolledKey => ({
  alg: key.alg,
  publicKey: key.publicKey,
  rpId: RP_ID,
  backupEligible: false,
});

/** What the checker answers, with the counter that the key was enrolled with. */
function answer(assertion: Assertion, key: EnrolledKey, counter = 1) {
  const expected = { challenge: CHALLENGE, origin: ORIGIN, counter };
  const byServer = checkAssertion(assertion, key, expected, assertionCrypto);
  expect(checkAssertion(assertion, key, expected, cryptoOfVerifier)).toEqual(byServer);
  return byServer;
}

describe('an assertion', () => {
  it.each(ALGORITHMS)('is taken as it is made, alg %i', (alg) => {
    const key = new SoftwareAuthenticator(ORIGIN, { alg });
    expect(answer(key.get(CHALLENGE).response, enrolled(key))).toEqual({ counter: 2, backedUp: false });
  });

  it('is taken with an extension that nobody asked for, and with members of client data that nobody knows', () => {
    const key = new SoftwareAuthenticator(ORIGIN);
    const extensions = cbor(new Map([['credProtect', 2]]));
    expect(answer(key.get(CHALLENGE, { extensions }).response, enrolled(key))).toEqual({
      counter: 2,
      backedUp: false,
    });
    const clientDataText = `{"type":"webauthn.get","challenge":"${CHALLENGE}","origin":"${ORIGIN}","later":{"type":[1]}}`;
    expect(answer(key.get(CHALLENGE, { clientDataText }).response, enrolled(key))).toHaveProperty(
      'counter',
      3,
    );
  });

  it('says whether the key is backed up', () => {
    const key = new SoftwareAuthenticator(ORIGIN, { isBackupEligible: true });
    const copied = { ...enrolled(key), backupEligible: true };
    expect(answer(key.get(CHALLENGE).response, copied)).toHaveProperty('backedUp', true);
    expect(answer(key.get(CHALLENGE, { isBackedUp: false }).response, copied)).toHaveProperty(
      'backedUp',
      false,
    );
  });

  const text = (changes: string): string =>
    `{"type":"webauthn.get","challenge":"${CHALLENGE}","origin":"${ORIGIN}"${changes}}`;
  const wrongs: [string, string, Misbehaviour][] = [
    ['of a registration', 'type', { type: 'webauthn.create' }],
    ['of a payment', 'type', { type: 'payment.get' }],
    ['of another challenge', 'challenge', { challenge: Buffer.alloc(32, 8).toString('base64url') }],
    ['of the same challenge with padding', 'challenge', { challenge: `${CHALLENGE}=` }],
    ['made at another origin', 'origin', { origin: 'https://ledger.example.org.evil.example' }],
    ['made at another port', 'origin', { origin: `${ORIGIN}:8443` }],
    ['made in a frame of another origin', 'cross-origin', { crossOrigin: true }],
    ['made below another origin', 'cross-origin', { topOrigin: 'https://evil.example' }],
    ['with a type twice', 'client-data', { clientDataText: text(',"type":"webauthn.get"') }],
    ['with an escaped origin twice', 'client-data', { clientDataText: text(`,"or\\u0069gin":"${ORIGIN}"`) }],
    [
      'whose crossOrigin is no truth value',
      'client-data',
      { clientDataText: text(',"crossOrigin":"false"') },
    ],
    ['whose client data follow a byte order mark', 'client-data', { clientDataText: `\ufeff${text('')}` }],
    ['whose client data have something after them', 'client-data', { clientDataText: `${text('')}{}` }],
    ['whose client data are an array', 'client-data', { clientDataText: '[]' }],
    ['whose client data are nothing', 'client-data', { clientDataText: '' }],
    ['whose client data are too long', 'client-data', { clientDataText: text(`,"a":"${'a'.repeat(4096)}"`) }],
    ['for another site', 'rp-id', { rpId: 'example.org' }],
    ['without a person', 'user-presence', { isUserPresent: false }],
    ['without PIN or finger', 'user-verification', { isUserVerified: false }],
    ['of a key that has become one that is copied', 'backup', { isBackupEligible: true, isBackedUp: false }],
    ['backed up, though it cannot be', 'authenticator-data', { isBackedUp: true }],
    ['that says it enrols a credential', 'authenticator-data', { isAttested: true }],
    ['with bytes after the head', 'authenticator-data', { trailing: Buffer.of(0xa0) }],
    [
      'with bytes after the extensions',
      'authenticator-data',
      { extensions: Buffer.of(0xa0), trailing: Buffer.of(0) },
    ],
    ['with extensions that are no map', 'authenticator-data', { extensions: Buffer.of(0x80) }],
    ['with extensions that are cut off', 'authenticator-data', { extensions: Buffer.of(0xa1, 0x61) }],
    ['with extensions of indefinite length', 'authenticator-data', { extensions: Buffer.of(0xbf, 0xff) }],
    [
      'with extensions of endless depth',
      'authenticator-data',
      { extensions: Buffer.concat([Buffer.of(0xa1, 0), Buffer.alloc(99, 0x81), Buffer.of(0)]) },
    ],
    ['with the counter of before', 'counter', { counter: 1 }],
    ['with a counter of zero after others', 'counter', { counter: 0 }],
    ['with an altered signature', 'signature', { isSignatureAltered: true }],
    [
      'with an altered signature and a counter that falls',
      'signature',
      { isSignatureAltered: true, counter: 0 },
    ],
  ];
  it.each(wrongs)('%s is refused: %s', (_, wrong, misbehaviour) => {
    const key = new SoftwareAuthenticator(ORIGIN, { alg: EDDSA });
    expect(answer(key.get(CHALLENGE, misbehaviour).response, enrolled(key))).toEqual({ wrong });
  });

  it('is refused by another key, by one of another algorithm, and by an algorithm that is not accepted', () => {
    const [key, other] = [new SoftwareAuthenticator(ORIGIN), new SoftwareAuthenticator(ORIGIN)];
    const { response } = key.get(CHALLENGE);
    expect(answer(response, enrolled(other))).toEqual({ wrong: 'signature' });
    for (const alg of [EDDSA, RS256, -35, -37, 0])
      expect(answer(response, { ...enrolled(key), alg })).toEqual({ wrong: 'signature' });
    const spki = Buffer.from(key.publicKey, 'base64url');
    const longer = Buffer.concat([spki, Buffer.alloc(1)]);
    for (const bytes of [spki.subarray(1), spki.subarray(0, -1), longer, Buffer.alloc(0)]) {
      const publicKey = bytes.toString('base64url');
      expect(answer(response, { ...enrolled(key), publicKey })).toEqual({ wrong: 'signature' });
    }
  });

  it('is refused in another encoding of the same bytes', () => {
    const key = new SoftwareAuthenticator(ORIGIN, { alg: EDDSA });
    const { response } = key.get(CHALLENGE);
    const base64 = Buffer.from(response.signature, 'base64url').toString('base64');
    for (const signature of [base64, `${response.signature}\n`, `${response.signature.slice(0, -1)}B`])
      expect(answer({ ...response, signature }, enrolled(key))).toEqual({ wrong: 'encoding' });
  });

  it('counts: 0 may follow 0 only, and a checker that is not told a counter leaves it to whoever asks', () => {
    const key = new SoftwareAuthenticator(ORIGIN, { counts: false });
    const { response } = key.get(CHALLENGE);
    expect(answer(response, enrolled(key), 0)).toHaveProperty('counter', 0);
    expect(answer(response, enrolled(key), 1)).toEqual({ wrong: 'counter' });
    const expected = { challenge: CHALLENGE, origin: ORIGIN };
    const last = key.get(CHALLENGE, { counter: 0xffffffff }).response;
    expect(checkAssertion(last, enrolled(key), expected, assertionCrypto)).toHaveProperty(
      'counter',
      0xffffffff,
    );
  });

  it('is refused whichever bit is turned', () => {
    const keys = ALGORITHMS.map((alg) => new SoftwareAuthenticator(ORIGIN, { alg }));
    const made = keys.map((key) => ({ key, response: key.get(CHALLENGE).response }));
    const member = fc.constantFrom(
      'authenticatorData' as const,
      'clientDataJSON' as const,
      'signature' as const,
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...made),
        member,
        fc.nat(),
        fc.nat(7),
        ({ key, response }, name, at, bit) => {
          const bytes = Buffer.from(response[name], 'base64url');
          bytes[at % bytes.length]! ^= 1 << bit;
          const altered = { ...response, [name]: bytes.toString('base64url') };
          expect(answer(altered, enrolled(key))).toHaveProperty('wrong');
        },
      ),
      runs(2000),
    );
  });
});

describe('the peer, verifyAuthenticationResponse of @simplewebauthn/server', () => {
  const misbehaviour: fc.Arbitrary<Misbehaviour> = fc.record(
    {
      origin: fc.constantFrom(ORIGIN, 'https://evil.example'),
      type: fc.constantFrom('webauthn.get', 'webauthn.create'),
      challenge: fc.constantFrom(CHALLENGE, 'AAAA'),
      rpId: fc.constantFrom(RP_ID, 'evil.example'),
      isUserPresent: fc.boolean(),
      isUserVerified: fc.boolean(),
      isBackedUp: fc.boolean(),
      isAttested: fc.boolean(),
      counter: fc.constantFrom(0, 1, 2, 0xffffffff),
      extensions: fc.constantFrom(Buffer.of(0xa0), cbor(new Map([['credProtect', 2]])), Buffer.of(0xa1)),
      trailing: fc.constantFrom(Buffer.alloc(0), Buffer.of(0)),
      isSignatureAltered: fc.boolean(),
    },
    { requiredKeys: [] },
  );

  async function peerTakes(
    response: AuthenticationResponseJSON,
    key: SoftwareAuthenticator,
    counter: number,
  ) {
    try {
      const { verified } = await verifyAuthenticationResponse({
        response,
        expectedChallenge: CHALLENGE,
        expectedOrigin: ORIGIN,
        expectedRPID: RP_ID,
        requireUserVerification: true,
        credential: { id: key.credentialId, publicKey: key.coseKey, counter },
      });
      return verified;
    } catch {
      return false;
    }
  }

  it('agrees on random good and bad assertions', async () => {
    const keys = ALGORITHMS.map((alg) => new SoftwareAuthenticator(ORIGIN, { alg }));
    const tally = { taken: 0, refused: 0 };
    const drawn = fc.tuple(fc.constantFrom(...keys), misbehaviour, fc.constantFrom(0, 1));
    await fc.assert(
      fc.asyncProperty(drawn, async ([key, wrong, counter]) => {
        const response = key.get(CHALLENGE, { counter: 5, ...wrong });
        const ours = 'counter' in answer(response.response, enrolled(key), counter);
        expect(await peerTakes(response, key, counter)).toBe(ours);
        tally[ours ? 'taken' : 'refused']++;
      }),
      {
        ...runs(2000),
        examples: [[[keys[0]!, {}, 1]], [[keys[1]!, {}, 0]], [[keys[2]!, { counter: 0 }, 0]]],
      },
    );
    expect(tally.taken).toBeGreaterThanOrEqual(3);
    expect(tally.refused).toBeGreaterThan(0);
  });

  it('takes what we refuse: from a frame of another origin, and with a member of client data twice', async () => {
    const key = new SoftwareAuthenticator(ORIGIN);
    for (const clientDataText of [
      `{"type":"webauthn.get","challenge":"${CHALLENGE}","origin":"${ORIGIN}","crossOrigin":true}`,
      `{"type":"webauthn.create","type":"webauthn.get","challenge":"${CHALLENGE}","origin":"${ORIGIN}"}`,
    ]) {
      const response = key.get(CHALLENGE, { clientDataText });
      expect(await peerTakes(response, key, 1)).toBe(true);
      expect(answer(response.response, enrolled(key))).toHaveProperty('wrong');
    }
  });
});

interface Vector {
  readonly name: string;
  readonly alg: Algorithm;
  readonly registration: { readonly attestationObject: string };
  readonly authentication: Readonly<
    Record<'challenge' | 'authenticatorData' | 'clientDataJSON' | 'signature', string>
  >;
}

const { vectors } = JSON.parse(readFileSync(new URL('vectors.json', import.meta.url), 'utf8')) as {
  vectors: Vector[];
};

describe('the test vectors of WebAuthn Level 3', () => {
  const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
  const keyOf = ({ alg, registration }: Vector) => {
    const attestation = decodeAttestationObject(bytes(registration.attestationObject));
    const { credentialPublicKey, flags } = parseAuthenticatorData(attestation.get('authData'));
    const key = publicKeyOf(isoCBOR.decodeFirst<CoseKey>(credentialPublicKey!))!;
    expect(key.alg).toBe(alg);
    return { ...key, backupEligible: flags.be };
  };

  it.each(vectors)('$name: the signature is right', (vector) => {
    const { alg, spki } = keyOf(vector);
    const { authenticatorData, clientDataJSON, signature } = vector.authentication;
    const assertion = {
      authenticatorData: bytes(authenticatorData),
      clientDataJSON: bytes(clientDataJSON),
      signature: bytes(signature),
    };
    for (const crypto of [assertionCrypto, cryptoOfVerifier]) {
      expect(isSignedBy(alg, spki, assertion, crypto)).toBe(true);
      assertion.authenticatorData[36]! ^= 1;
      expect(isSignedBy(alg, spki, assertion, crypto)).toBe(false);
      assertion.authenticatorData[36]! ^= 1;
    }
  });

  const answers: Record<string, object> = {
    'no attestation': { wrong: 'user-verification' },
    'self attestation': { wrong: 'user-verification' },
    crossOrigin: { wrong: 'cross-origin' },
    topOrigin: { wrong: 'cross-origin' },
    'long credential ID': { counter: 0, backedUp: false },
    'packed, ES256': { counter: 0, backedUp: false },
    'packed, RS256': { wrong: 'user-verification' },
    'packed, Ed25519': { wrong: 'user-verification' },
    'FIDO U2F': { wrong: 'user-verification' },
  };
  it.each(vectors)('$name: is taken where its user was verified and its origin is one', (vector) => {
    const { alg, spki, backupEligible } = keyOf(vector);
    const text = (hex: string) => Buffer.from(hex, 'hex').toString('base64url');
    const { challenge, authenticatorData, clientDataJSON, signature } = vector.authentication;
    const found = checkAssertion(
      {
        authenticatorData: text(authenticatorData),
        clientDataJSON: text(clientDataJSON),
        signature: text(signature),
      },
      { alg, publicKey: spki.toString('base64url'), rpId: 'example.org', backupEligible },
      { challenge: text(challenge), origin: 'https://example.org', counter: 0 },
      assertionCrypto,
    );
    expect(found).toEqual(answers[vector.name]);
  });
});
