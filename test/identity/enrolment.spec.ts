import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { RegistrationResponseJSON } from '@simplewebauthn/server';
import { creationOptions, requestOptions, userIdOf } from '../../src/identity/ceremony-options.js';
import { publicKeyOf } from '../../src/identity/cose-key.js';
import { decodeRegistration, type ExpectedRegistration } from '../../src/identity/enrolment.js';
import { ALGORITHMS, EDDSA, ES256, RS256, isKeyOf } from '../../src/webauthn/public-key.js';
import { cbor, SoftwareAuthenticator, type Misbehaviour } from '../support/authenticator.js';

const ORIGIN = 'https://ledger.example.org';
const CHALLENGE = Buffer.alloc(32, 7).toString('base64url');
const EXPECTED: ExpectedRegistration = {
  challenge: CHALLENGE,
  origin: ORIGIN,
  rpId: 'ledger.example.org',
  passkeys: 'any',
};

const decode = (body: unknown, expected = EXPECTED) => decodeRegistration(body, expected);

describe('a registration', () => {
  it.each(ALGORITHMS)('gives what is enrolled, alg %i', async (alg) => {
    const key = new SoftwareAuthenticator(ORIGIN, { alg, attachment: 'cross-platform' });
    const found = await decode(key.create(CHALLENGE));
    expect(found).toEqual({
      credentialId: key.credentialId,
      publicKey: key.publicKey,
      alg,
      rpId: 'ledger.example.org',
      backupEligible: false,
      attachment: 'cross-platform',
      counter: 1,
    });
    expect(isKeyOf(alg, Buffer.from(key.publicKey, 'base64url'))).toBe(true);
  });

  it('is taken with an extension that the browser asked for by itself, and without word of the attachment', async () => {
    const key = new SoftwareAuthenticator(ORIGIN);
    const extensions = cbor(new Map([['credProtect', 2]]));
    expect(await decode(key.create(CHALLENGE, { extensions }))).toHaveProperty('attachment', 'unknown');
  });

  it('of a passkey that is copied is refused where keys are bound to their device', async () => {
    const key = new SoftwareAuthenticator(ORIGIN, { isBackupEligible: true });
    const response = key.create(CHALLENGE);
    expect(await decode(response)).toHaveProperty('backupEligible', true);
    const bound = { ...EXPECTED, passkeys: 'device-bound' } as const;
    expect(await decode(response, bound)).toEqual({ wrong: 'backup-eligible' });
    expect(await decode(new SoftwareAuthenticator(ORIGIN).create(CHALLENGE), bound)).toHaveProperty(
      'alg',
      ES256,
    );
  });

  const wrongs: [string, string, Misbehaviour][] = [
    ['an assertion', 'type', { type: 'webauthn.get' }],
    ['another challenge', 'challenge', { challenge: 'AAAA' }],
    ['another origin', 'origin', { origin: 'https://evil.example' }],
    ['a frame', 'cross-origin', { crossOrigin: true }],
    ['another site', 'attestation', { rpId: 'evil.example' }],
    ['no person', 'attestation', { isUserPresent: false }],
    ['no PIN and no finger', 'attestation', { isUserVerified: false }],
    ['a backup of what cannot be backed up', 'attestation', { isBackedUp: true }],
    ['bytes after the authenticator data', 'attestation', { trailing: Buffer.of(0) }],
  ];
  it.each(wrongs)('with %s is refused: %s', async (_, wrong, misbehaviour) => {
    expect(await decode(new SoftwareAuthenticator(ORIGIN).create(CHALLENGE, misbehaviour))).toEqual({
      wrong,
    });
  });

  it('is refused in another form than browsers give it', async () => {
    const good = new SoftwareAuthenticator(ORIGIN).create(CHALLENGE);
    const { attestationObject } = good.response;
    const longer = Buffer.concat([Buffer.from(attestationObject, 'base64url'), Buffer.of(0)]).toString(
      'base64url',
    );
    const within = (changes: object) => ({ ...good, response: { ...good.response, ...changes } });
    for (const body of [
      undefined,
      null,
      'text',
      [],
      {},
      { ...good, type: 'password' },
      { ...good, id: 'AAAA' },
      { ...good, rawId: [good.rawId] },
      { ...good, id: `${good.id}=`, rawId: `${good.id}=` },
      within({ attestationObject: longer }),
      within({ attestationObject: `${attestationObject}=` }),
      within({ attestationObject: 'A'.repeat(20_001) }),
      within({ attestationObject: 'oA' }),
      within({ clientDataJSON: 7 }),
    ])
      expect(await decode(body)).toHaveProperty('wrong');
    const other = { ...good, id: 'AAAA', rawId: 'AAAA' };
    expect(await decode(other)).toEqual({ wrong: 'attestation' });
  });

  it('of the test vectors of WebAuthn Level 3 is taken with an attestation by the key itself, and with none of another', async () => {
    const { vectors } = JSON.parse(
      readFileSync(new URL('../webauthn/vectors.json', import.meta.url), 'utf8'),
    ) as { vectors: { name: string; registration: Record<string, string> }[] };
    const found: Record<string, unknown> = {};
    for (const { name, registration } of vectors) {
      const text = (member: string) => Buffer.from(registration[member]!, 'hex').toString('base64url');
      const id = idIn(registration['attestationObject']!);
      const response = {
        clientDataJSON: text('clientDataJSON'),
        attestationObject: text('attestationObject'),
      };
      const body = { id, rawId: id, type: 'public-key', response, clientExtensionResults: {} };
      const expected = {
        ...EXPECTED,
        challenge: text('challenge'),
        origin: 'https://example.org',
        rpId: 'example.org',
      };
      const decoded = await decode(body as RegistrationResponseJSON, expected);
      found[name] = 'wrong' in decoded ? decoded.wrong : decoded.alg;
    }
    expect(found).toEqual({
      // The user was not verified.
      'no attestation': 'attestation',
      'long credential ID': 'attestation',
      'self attestation': ES256,
      crossOrigin: 'cross-origin',
      topOrigin: 'cross-origin',
      'packed, ES256': 'attestation',
      'packed, RS256': 'attestation',
      'packed, Ed25519': 'attestation',
      'FIDO U2F': 'attestation',
    });
  });
});

/** Behind the hash of `example.org`, flags, counter and AAGUID stand the length of the id, and the id. */
function idIn(attestationObject: string): string {
  const bytes = Buffer.from(attestationObject, 'hex');
  const at = bytes.indexOf(createHash('sha256').update('example.org').digest()) + 32 + 1 + 4 + 16;
  return bytes.subarray(at + 2, at + 2 + bytes.readUInt16BE(at)).toString('base64url');
}

describe('a COSE key', () => {
  const p256 = createPublicKey(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey).export({
    format: 'jwk',
  });
  const bytes = (text?: string) => new Uint8Array(Buffer.from(text!, 'base64url'));
  const good: [number, unknown][] = [
    [1, 2],
    [3, ES256],
    [-1, 1],
    [-2, bytes(p256.x)],
    [-3, bytes(p256.y)],
  ];
  const rsa = (modulusLength: number, publicExponent: number) => {
    const { n, e } = generateKeyPairSync('rsa', { modulusLength, publicExponent }).publicKey.export({
      format: 'jwk',
    });
    return new Map<number, unknown>([
      [1, 3],
      [3, RS256],
      [-1, bytes(n)],
      [-2, bytes(e)],
    ]);
  };

  it('of P-256 lies on its curve and has whole coordinates', () => {
    expect(publicKeyOf(new Map(good))).toHaveProperty('alg', ES256);
    for (const [label, value] of [
      [1, 1],
      [3, EDDSA],
      [3, -35],
      [3, '-7'],
      [-1, 2],
      [-2, bytes(p256.y)],
      [-2, bytes(p256.x).subarray(1)],
      [-3, true],
      [-3, undefined],
    ] as const)
      expect(publicKeyOf(new Map([...good, [label, value]]))).toBeUndefined();
    expect(publicKeyOf(new Map())).toBeUndefined();
  });

  it('of Ed25519 is not one for which anybody can sign', () => {
    const identity = Buffer.alloc(32);
    identity[0] = 1;
    const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), identity]);
    const forged = Buffer.concat([identity, Buffer.alloc(32)]);
    // Node takes a signature that nobody made by that key, over anything.
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    expect(verify(null, Buffer.from('anything'), key, forged)).toBe(true);
    const cose = (x: Uint8Array) =>
      new Map<number, unknown>([
        [1, 1],
        [3, EDDSA],
        [-1, 6],
        [-2, x],
      ]);
    expect(publicKeyOf(cose(identity))).toBeUndefined();
    identity[31] = 0x80;
    expect(publicKeyOf(cose(identity))).toBeUndefined();
    const { x } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
    expect(publicKeyOf(cose(bytes(x)))).toHaveProperty('alg', EDDSA);
    expect(publicKeyOf(cose(bytes(x).subarray(1)))).toBeUndefined();
  });

  it('of RSA has 2048 bits at least, and the exponent that all have', () => {
    expect(publicKeyOf(rsa(2048, 65537))).toHaveProperty('alg', RS256);
    expect(publicKeyOf(rsa(1024, 65537))).toBeUndefined();
    expect(publicKeyOf(rsa(2048, 3))).toBeUndefined();
    const one = rsa(2048, 65537).set(-2, Uint8Array.of(1));
    expect(publicKeyOf(one)).toBeUndefined();
  });
});

describe('what a browser is asked', () => {
  const asked = {
    facility: 'lab.example',
    person: 'anna',
    rpId: 'ledger.example.org',
    challenge: CHALLENGE,
    passkeys: 'any' as const,
    excluded: ['AAAA'],
  };

  it('names the person by pseudonym and by a handle that says nothing', () => {
    const { user, rp } = creationOptions(asked);
    const handle = createHash('sha256').update('lab.example\nanna').digest('base64url');
    expect(user).toEqual({ id: handle, name: 'anna', displayName: 'anna' });
    expect(rp).toEqual({ id: 'ledger.example.org', name: 'lab.example' });
    expect(userIdOf('lab.example', 'bert')).not.toBe(handle);
  });

  it('insists on a passkey that is kept and that verifies its user, with the algorithms that are checked', () => {
    expect(creationOptions(asked)).toMatchObject({
      pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: 'public-key', alg })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      attestation: 'none',
      excludeCredentials: [{ type: 'public-key', id: 'AAAA' }],
    });
    expect(creationOptions(asked)).not.toHaveProperty('hints');
    expect(creationOptions({ ...asked, passkeys: 'device-bound' }).hints).toEqual(['security-key']);
  });

  it('lets the passkey say who it is, unless it is for one person', () => {
    const { rpId } = asked;
    expect(requestOptions({ rpId, challenge: CHALLENGE })).toMatchObject({
      rpId,
      challenge: CHALLENGE,
      allowCredentials: [],
      userVerification: 'required',
    });
    expect(requestOptions({ rpId, challenge: CHALLENGE, allowed: ['AAAA'] }).allowCredentials).toEqual([
      { type: 'public-key', id: 'AAAA' },
    ]);
  });
});
