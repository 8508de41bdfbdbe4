import { createPublicKey, hash, verify, type KeyObject } from 'node:crypto';
import { toHex } from '../../tlog/encoding.js';
import type { Sha256 } from '../../tlog/merkle.js';
import type { Ed25519Verify } from '../../tlog/note.js';
import { EDDSA } from '../../webauthn/public-key.js';
import type { AssertionCrypto } from '../../webauthn/signature.js';

/** A string result is more than twice as fast as a Buffer. */
export const sha256: Sha256 = (data) => hash('sha256', data, 'binary');

export function sha256Hex(data: Uint8Array | string): string {
  return hash('sha256', data, 'hex');
}

/** RFC 8410: what stands before the 32 bytes of a public key in DER. */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const keys = new Map<string, KeyObject>();

export const ed25519Verify: Ed25519Verify = (publicKey, message, signature) => {
  try {
    const id = toHex(publicKey);
    let key = keys.get(id);
    if (!key) {
      key = createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' });
      keys.set(id, key);
    }
    return verify(null, message, key, signature);
  } catch {
    return false;
  }
};

/** What the checker of passkeys' assertions needs. RS256 is PKCS #1 v1.5. */
export const assertionCrypto: AssertionCrypto = {
  sha256,
  verifySignature(alg, publicKey, message, signature) {
    const key = { key: Buffer.from(publicKey), format: 'der', type: 'spki' } as const;
    try {
      return verify(alg === EDDSA ? null : 'sha256', message, key, signature);
    } catch {
      return false;
    }
  },
};
