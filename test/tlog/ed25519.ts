import {
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  sign as signWith,
  verify as verifyWith,
} from 'node:crypto';
import { verifierKey, type Ed25519Verify, type VerifierKey } from '../../src/tlog/note.js';
import type { Ed25519Sign } from '../../src/tlog/sign.js';
import { sha256 } from './sha256.js';

const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** Ed25519 as RFC 8032 has it, by Node. */
export const verify: Ed25519Verify = (publicKey, message, signature) =>
  verifyWith(
    null,
    message,
    createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' }),
    signature,
  );

/** A key pair made from a seed of 32 bytes. */
export function keyPair(
  name: string,
  type: number,
  seed: Uint8Array,
): { key: VerifierKey; sign: Ed25519Sign } {
  const secret = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(secret).export({ format: 'der', type: 'spki' });
  return {
    key: verifierKey(sha256, name, type, new Uint8Array(spki.subarray(SPKI.length))),
    sign: (message) => new Uint8Array(signWith(null, message, secret)),
  };
}

/** The seed of a log's key by RFC 5869, from the published master seed 00 01 … 1f of the demo. */
export function demoSeed(name: string, epoch = 1): Uint8Array {
  const master = Uint8Array.from({ length: 32 }, (_, byte) => byte);
  return new Uint8Array(hkdfSync('sha256', master, '', `study-ledger/log-key/v1\n${name}\n${epoch}\n`, 32));
}
