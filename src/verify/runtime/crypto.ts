import { createPublicKey, hash, verify, type KeyObject } from 'node:crypto';
import { toHex } from '../../tlog/encoding.js';
import type { Sha256 } from '../../tlog/merkle.js';
import type { Ed25519Verify } from '../../tlog/note.js';

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
