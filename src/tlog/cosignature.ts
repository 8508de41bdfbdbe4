/**
 * C2SP tlog-cosignature v1.0.1, Ed25519 (type 0x04): a witness says that at this time the largest consistent tree
 * which it has seen for this origin has this root. The witness's name is not signed, so one key serves one witness.
 */
import { utf8 } from './encoding.js';
import { COSIGNATURE, type Ed25519Verify, type NoteVerifier, type VerifierKey } from './note.js';

/** A witness's clock may be this far ahead of ours. */
const MAX_SKEW_SECONDS = 300;

/** Whether a time, in POSIX seconds, lies further ahead of `now` than clocks differ. */
export function isLater(time: number, now: number): boolean {
  return time > now + MAX_SKEW_SECONDS;
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
      if (!isTime(time) || isLater(time, now)) return false;
      return verify(key.publicKey, cosigned(text, time), signature.subarray(8));
    },
  };
}

/** POSIX seconds of a cosignature that was verified. */
export function cosignatureTime(signature: Uint8Array): number {
  return Number(new DataView(signature.buffer, signature.byteOffset).getBigUint64(0));
}

/** What a witness signs. */
export function cosigned(text: string, time: number): Uint8Array {
  return utf8(`cosignature/v1\ntime ${time}\n${text}`);
}

/** Beyond 2^53 seconds lies no time that any clock could show. */
export function isTime(time: number): boolean {
  return Number.isSafeInteger(time) && time > 0;
}
