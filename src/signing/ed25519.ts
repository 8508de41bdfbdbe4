import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import type { Ed25519Verify } from '../tlog/note.js';
import type { Ed25519Sign } from '../tlog/sign.js';

/** DER before the 32 bytes of an Ed25519 seed (PKCS #8) and of a public key (SubjectPublicKeyInfo), RFC 8410. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

export interface Ed25519Key {
  readonly publicKey: Uint8Array;
  readonly sign: Ed25519Sign;
}

/** The key pair of an RFC 8032 private key. */
export function ed25519Key(seed: Uint8Array): Ed25519Key {
  const secret = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(secret).export({ format: 'der', type: 'spki' });
  return {
    publicKey: new Uint8Array(spki.subarray(SPKI.length)),
    sign: (message) => new Uint8Array(sign(null, message, secret)),
  };
}

/** The public key as SubjectPublicKeyInfo, DER. */
export function ed25519Spki(publicKey: Uint8Array): Buffer {
  return Buffer.concat([SPKI, publicKey]);
}

export const ed25519Verify: Ed25519Verify = (publicKey, message, signature) => {
  let key: KeyObject;
  try {
    key = createPublicKey({ key: ed25519Spki(publicKey), format: 'der', type: 'spki' });
  } catch {
    return false;
  }
  return verify(null, message, key, signature);
};
