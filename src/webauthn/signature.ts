import { putHash } from '../tlog/encoding.js';
import type { Sha256 } from '../tlog/merkle.js';
import { isKeyOf, type Algorithm } from './public-key.js';

/**
 * Whether the key (SubjectPublicKeyInfo in DER) signed the message: ES256 with the signature in DER, Ed25519, or RS256.
 * False for a key or a signature that is none.
 */
export type VerifySignature = (
  alg: Algorithm,
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) => boolean;

export interface AssertionCrypto {
  readonly sha256: Sha256;
  readonly verifySignature: VerifySignature;
}

export interface SignedAssertion {
  readonly authenticatorData: Uint8Array;
  readonly clientDataJSON: Uint8Array;
  readonly signature: Uint8Array;
}

/** WebAuthn Level 3, section 7.2: the signature is over authenticatorData and SHA-256 of clientDataJSON. */
export function isSignedBy(
  alg: Algorithm,
  publicKey: Uint8Array,
  { authenticatorData, clientDataJSON, signature }: SignedAssertion,
  { sha256, verifySignature }: AssertionCrypto,
): boolean {
  if (!isKeyOf(alg, publicKey)) return false;
  const message = new Uint8Array(authenticatorData.length + 32);
  message.set(authenticatorData);
  putHash(message, authenticatorData.length, sha256(clientDataJSON));
  return verifySignature(alg, publicKey, message, signature);
}
