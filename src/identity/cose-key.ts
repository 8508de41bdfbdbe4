import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { EDDSA, ES256, isAlgorithm, isKeyOf, RS256, type Algorithm } from '../webauthn/public-key.js';

/** A public key as a COSE_Key (RFC 9052, section 7), decoded: labels to integers and bytes. */
export type CoseKey = ReadonlyMap<unknown, unknown>;

export interface PublicKey {
  readonly alg: Algorithm;
  /** SubjectPublicKeyInfo in DER. */
  readonly spki: Buffer;
}

const KTY = 1;
const ALG = 3;
const CRV = -1;
const X = -2;
const Y = -3;
const N = -1;
const E = -2;
/** Points of Ed25519 of low order, without the sign of x: for such a key, anybody could make a signature. */
const LOW_ORDER = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]);

/** Undefined where it is no usable key of an accepted algorithm: type, curve and lengths have to fit it, a point its curve. */
export function publicKeyOf(cose: CoseKey): PublicKey | undefined {
  const alg = cose.get(ALG);
  const jwk = isAlgorithm(alg) ? jwkOf(alg, cose) : undefined;
  if (!isAlgorithm(alg) || !jwk) return undefined;
  try {
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const spki = key.export({ format: 'der', type: 'spki' });
    return isKeyOf(alg, spki) && !(alg === EDDSA && hasLowOrder(spki)) ? { alg, spki } : undefined;
  } catch {
    return undefined;
  }
}

/** RFC 9053, section 7 (EC2, OKP); RFC 8230, section 4 (RSA). */
function jwkOf(alg: Algorithm, cose: CoseKey): JsonWebKey | undefined {
  const is = (label: number, value: number): boolean => cose.get(label) === value;
  const text = (label: number, length?: number): string | undefined => {
    const value = cose.get(label);
    if (!(value instanceof Uint8Array) || (length ?? value.length) !== value.length) return undefined;
    return Buffer.from(value).toString('base64url');
  };
  if (alg === ES256 && is(KTY, 2) && is(CRV, 1))
    return complete({ kty: 'EC', crv: 'P-256', x: text(X, 32), y: text(Y, 32) });
  if (alg === EDDSA && is(KTY, 1) && is(CRV, 6))
    return complete({ kty: 'OKP', crv: 'Ed25519', x: text(X, 32) });
  if (alg === RS256 && is(KTY, 3)) return complete({ kty: 'RSA', n: text(N), e: text(E) });
  return undefined;
}

function complete(jwk: Readonly<Record<string, string | undefined>>): JsonWebKey | undefined {
  return Object.values(jwk).includes(undefined) ? undefined : (jwk as JsonWebKey);
}

/** The key is the last 32 bytes, and the sign of x its last bit. */
function hasLowOrder(spki: Buffer): boolean {
  const y = Buffer.from(spki.subarray(-32));
  y[31]! &= 0x7f;
  return LOW_ORDER.has(y.toString('hex'));
}
