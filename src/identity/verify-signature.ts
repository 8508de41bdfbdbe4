import { verify } from 'node:crypto';
import { sha256 } from '../shared/sha256.js';
import { EDDSA } from '../webauthn/public-key.js';
import type { AssertionCrypto } from '../webauthn/signature.js';

/** What the checker of assertions needs, by Node. RS256 is PKCS #1 v1.5. */
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
