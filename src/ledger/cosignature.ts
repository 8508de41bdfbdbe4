/**
 * C2SP tlog-cosignature v1.0.1, Ed25519 (type 0x04): a witness says that at this time the largest consistent tree
 * which it has seen for this origin has this root. The witness's name is not signed, so one key serves one witness.
 */
import { utf8 } from './encoding.js';
import { LedgerError } from './error.js';
import {
  COSIGNATURE,
  signatureLine,
  type Ed25519Sign,
  type Ed25519Verify,
  type NoteVerifier,
  type VerifierKey,
} from './note.js';

/** A witness's clock may be this far ahead of ours. */
const MAX_SKEW_SECONDS = 300;

/**
 * The signature line of a witness under a checkpoint's text.
 * @param time POSIX seconds.
 * @throws LedgerError `bad-key`, `bad-cosignature` when the time is not a positive integer.
 */
export function cosign(text: string, key: VerifierKey, time: number, sign: Ed25519Sign): string {
  if (key.type !== COSIGNATURE) throw new LedgerError('bad-key', `${key.name} is not the key of a witness`);
  if (!isTime(time))
    throw new LedgerError('bad-cosignature', 'the time of a cosignature is in whole seconds');
  const signature = new Uint8Array(72);
  new DataView(signature.buffer).setBigUint64(0, BigInt(time));
  signature.set(sign(message(text, time)), 8);
  return signatureLine(key, signature);
}

/**
 * Judges the cosignatures of one witness.
 * @param now POSIX seconds; a cosignature more than five minutes ahead is bad.
 */
export function cosignatureVerifier(key: VerifierKey, verify: Ed25519Verify, now: number): NoteVerifier {
  return {
    key,
    verify(text, signature) {
      if (key.type !== COSIGNATURE || signature.length !== 72) return false;
      const time = cosignatureTime(signature);
      if (!isTime(time) || time > now + MAX_SKEW_SECONDS) return false;
      return verify(key.publicKey, message(text, time), signature.subarray(8));
    },
  };
}

/** POSIX seconds of a cosignature that was verified. */
export function cosignatureTime(signature: Uint8Array): number {
  return Number(new DataView(signature.buffer, signature.byteOffset).getBigUint64(0));
}

function message(text: string, time: number): Uint8Array {
  return utf8(`cosignature/v1\ntime ${time}\n${text}`);
}

/** Beyond 2^53 seconds lies no time that any clock could show. */
function isTime(time: number): boolean {
  return Number.isSafeInteger(time) && time > 0;
}
