import {
  createHash,
  generateKeyPairSync,
  randomBytes,
  sign,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { EDDSA, ES256, RS256, type Algorithm } from '../../src/webauthn/public-key.js';

/** How it misbehaves, or what browser and site do to it. */
export interface Misbehaviour {
  /** What the browser writes as the origin, the kind of ceremony, and whether a frame asked. */
  readonly origin?: string;
  readonly type?: string;
  readonly challenge?: string;
  readonly crossOrigin?: boolean;
  readonly topOrigin?: string;
  /** Instead of what is made of the above. */
  readonly clientDataText?: string;
  readonly rpId?: string;
  readonly isUserPresent?: boolean;
  readonly isUserVerified?: boolean;
  readonly isBackupEligible?: boolean;
  readonly isBackedUp?: boolean;
  /** The flag that a credential is attested, though there is none. */
  readonly isAttested?: boolean;
  /** The counter that is given; the next one follows it. */
  readonly counter?: number;
  /** CBOR behind the head, announced by the flag. */
  readonly extensions?: Uint8Array;
  /** Behind all that, not announced. */
  readonly trailing?: Uint8Array;
  readonly isSignatureAltered?: boolean;
}

export interface AuthenticatorSettings {
  readonly alg?: Algorithm;
  /** Whether its passkeys are copied to other devices, as those of a password manager. */
  readonly isBackupEligible?: boolean;
  /** False: the counter is 0 for ever, as with many passkeys. */
  readonly counts?: boolean;
  readonly attachment?: 'platform' | 'cross-platform';
}

/** One passkey in software with the browser around it. It answers as `PublicKeyCredential.toJSON()` does. */
export class SoftwareAuthenticator {
  readonly credentialId = randomBytes(32).toString('base64url');
  readonly alg: Algorithm;
  counter: number;
  readonly #keys: KeyPair;
  readonly #settings: AuthenticatorSettings;

  constructor(
    /** Of the page on which it is used. */
    private readonly origin: string,
    settings: AuthenticatorSettings = {},
  ) {
    this.#settings = settings;
    this.alg = settings.alg ?? ES256;
    this.#keys = keyPair(this.alg);
    this.counter = settings.counts === false ? 0 : 1;
  }

  /** SubjectPublicKeyInfo, base64url: what an enrolment has to find. */
  get publicKey(): string {
    return this.#keys.publicKey.export({ format: 'der', type: 'spki' }).toString('base64url');
  }

  get coseKey(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(cbor(coseOf(this.alg, this.#keys.publicKey.export({ format: 'jwk' }))));
  }

  create(challenge: string, wrong: Misbehaviour = {}): RegistrationResponseJSON {
    const length = Buffer.alloc(2);
    const id = Buffer.from(this.credentialId, 'base64url');
    length.writeUInt16BE(id.length);
    const attested = Buffer.concat([Buffer.alloc(16), length, id, this.coseKey]);
    const authData = this.#authenticatorData(wrong, attested);
    const attestation = new Map<string, Cbor>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', authData],
    ]);
    return {
      ...this.#envelope(),
      response: {
        clientDataJSON: this.#clientData('webauthn.create', challenge, wrong).toString('base64url'),
        attestationObject: cbor(attestation).toString('base64url'),
        transports: ['internal'],
      },
    };
  }

  get(challenge: string, wrong: Misbehaviour = {}): AuthenticationResponseJSON {
    if (this.#settings.counts !== false) this.counter++;
    if (wrong.counter !== undefined) this.counter = wrong.counter;
    const authenticatorData = this.#authenticatorData(wrong);
    const clientData = this.#clientData('webauthn.get', challenge, wrong);
    const signature = this.#sign(Buffer.concat([authenticatorData, hashOf(clientData)]));
    if (wrong.isSignatureAltered) signature[signature.length - 1]! ^= 1;
    return {
      ...this.#envelope(),
      response: {
        authenticatorData: authenticatorData.toString('base64url'),
        clientDataJSON: clientData.toString('base64url'),
        signature: signature.toString('base64url'),
      },
    };
  }

  #envelope() {
    return {
      id: this.credentialId,
      rawId: this.credentialId,
      type: 'public-key' as const,
      clientExtensionResults: {},
      ...(this.#settings.attachment && { authenticatorAttachment: this.#settings.attachment }),
    };
  }

  #clientData(type: string, challenge: string, wrong: Misbehaviour): Buffer {
    const said = {
      type: wrong.type ?? type,
      challenge: wrong.challenge ?? challenge,
      origin: wrong.origin ?? this.origin,
      crossOrigin: wrong.crossOrigin ?? false,
      ...(wrong.topOrigin !== undefined && { topOrigin: wrong.topOrigin }),
    };
    return Buffer.from(wrong.clientDataText ?? JSON.stringify(said));
  }

  #authenticatorData(wrong: Misbehaviour, attested?: Uint8Array): Buffer {
    const isBackupEligible = wrong.isBackupEligible ?? this.#settings.isBackupEligible ?? false;
    const flags =
      ((wrong.isUserPresent ?? true) ? 0x01 : 0) |
      ((wrong.isUserVerified ?? true) ? 0x04 : 0) |
      (isBackupEligible ? 0x08 : 0) |
      ((wrong.isBackedUp ?? isBackupEligible) ? 0x10 : 0) |
      (attested || wrong.isAttested ? 0x40 : 0) |
      (wrong.extensions ? 0x80 : 0);
    const head = Buffer.alloc(37);
    hashOf(Buffer.from(wrong.rpId ?? new URL(this.origin).hostname)).copy(head);
    head[32] = flags;
    head.writeUInt32BE(this.counter, 33);
    const none = Buffer.alloc(0);
    return Buffer.concat([head, attested ?? none, wrong.extensions ?? none, wrong.trailing ?? none]);
  }

  #sign(message: Buffer): Buffer {
    return sign(this.alg === EDDSA ? null : 'sha256', message, this.#keys.privateKey);
  }
}

interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

let rsa: KeyPair | undefined;

function keyPair(alg: Algorithm): KeyPair {
  if (alg === ES256) return generateKeyPairSync('ec', { namedCurve: 'P-256' });
  if (alg === EDDSA) return generateKeyPairSync('ed25519');
  // It takes long to make one. All authenticators of a suite have the same.
  return (rsa ??= generateKeyPairSync('rsa', { modulusLength: 2048 }));
}

/** RFC 9052, section 7; RFC 9053, section 7; RFC 8230, section 4. */
function coseOf(alg: Algorithm, { x, y, n, e }: JsonWebKey): Map<number, Cbor> {
  const bytes = (text = ''): Buffer => Buffer.from(text, 'base64url');
  const members: [number, Cbor][] =
    alg === RS256
      ? [
          [1, 3],
          [3, alg],
          [-1, bytes(n)],
          [-2, bytes(e)],
        ]
      : alg === EDDSA
        ? [
            [1, 1],
            [3, alg],
            [-1, 6],
            [-2, bytes(x)],
          ]
        : [
            [1, 2],
            [3, alg],
            [-1, 1],
            [-2, bytes(x)],
            [-3, bytes(y)],
          ];
  return new Map(members);
}

export type Cbor = number | string | Uint8Array | Map<number | string, Cbor>;

/** As much of CBOR (RFC 8949) as an attestation without a statement needs. */
export function cbor(value: Cbor): Buffer {
  if (typeof value === 'number') return value < 0 ? cborHead(1, -1 - value) : cborHead(0, value);
  if (typeof value === 'string')
    return Buffer.concat([cborHead(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([cborHead(2, value.length), value]);
  const members = [...value].flatMap(([name, member]) => [cbor(name), cbor(member)]);
  return Buffer.concat([cborHead(5, value.size), ...members]);
}

function cborHead(major: number, value: number): Buffer {
  if (value < 24) return Buffer.of((major << 5) | value);
  if (value < 0x100) return Buffer.of((major << 5) | 24, value);
  return Buffer.of((major << 5) | 25, value >> 8, value & 0xff);
}

function hashOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
