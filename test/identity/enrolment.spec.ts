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
  /** Any odd number does for a public key. */
  const rsa = (bits: number, e: number[]) => {
    const n = new Uint8Array(bits / 8).fill(0xff);
    return new Map<number, unknown>([
      [1, 3],
      [3, RS256],
      [-1, n],
      [-2, Uint8Array.from(e)],
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

  const ed25519 = (x: Uint8Array) =>
    new Map<number, unknown>([
      [1, 1],
      [3, EDDSA],
      [-1, 6],
      [-2, x],
    ]);

  // Points of order 1, 2, 4 and 8, and two spellings of them that are too large.
  it.each([
    `01${'00'.repeat(31)}`,
    `ec${'ff'.repeat(30)}7f`,
    '00'.repeat(32),
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    `ed${'ff'.repeat(30)}7f`,
    `ee${'ff'.repeat(30)}7f`,
  ])('of Ed25519 is not one for which anybody can sign: %s', (hex) => {
    const x = Buffer.from(hex, 'hex');
    const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), x]);
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    // The neutral point and the number 0: no private key is needed for that.
    const nobodys = Buffer.alloc(64);
    nobodys[0] = 1;
    const taken = Array.from({ length: 200 }, (_, i) => verify(null, Buffer.from(`${i}`), key, nobodys));
    expect(taken).toContain(true);
    expect(publicKeyOf(ed25519(x))).toBeUndefined();
    x[31]! |= 0x80;
    expect(publicKeyOf(ed25519(x))).toBeUndefined();
  });

  it('of Ed25519 is taken otherwise, where it has 32 bytes', () => {
    const { x } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
    expect(publicKeyOf(ed25519(bytes(x)))).toHaveProperty('alg', EDDSA);
    expect(publicKeyOf(ed25519(bytes(x).subarray(1)))).toBeUndefined();
  });

  it('of RSA has 2048 bits at least, and the exponent that all have', () => {
    for (const bits of [2048, 4096, 8192])
      expect(publicKeyOf(rsa(bits, [1, 0, 1]))).toHaveProperty('alg', RS256);
    for (const bits of [1024, 2040, 8200]) expect(publicKeyOf(rsa(bits, [1, 0, 1]))).toBeUndefined();
    for (const e of [[], [1], [3], [1, 0, 2]]) expect(publicKeyOf(rsa(2048, e))).toBeUndefined();
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

  it('insists on a passkey that is kept and that verifies its user, with the algorithms that are checked [R25]', () => {
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
