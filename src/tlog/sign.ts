/** What a log and a witness write: notes, checkpoints, cosignatures. Reading them is in the files of those names. */
import { parseCheckpoint, type Checkpoint } from './checkpoint.js';
import { cosigned, isTime } from './cosignature.js';
import { hashToBase64, toBase64, utf8 } from './encoding.js';
import { LedgerError } from './error.js';
import { COSIGNATURE, ED25519, parseNote, type VerifierKey } from './note.js';

export type Ed25519Sign = (message: Uint8Array) => Uint8Array;

/** One line of a note, with its line feed. */
export function signatureLine(key: VerifierKey, signature: Uint8Array): string {
  const bytes = new Uint8Array(4 + signature.length);
  new DataView(bytes.buffer).setUint32(0, Number.parseInt(key.id, 16));
  bytes.set(signature, 4);
  return `\u2014 ${key.name} ${toBase64(bytes)}\n`;
}

/**
 * The note with this text and one Ed25519 signature. Ed25519 being deterministic, the same text and key always give
 * the same note.
 * @throws LedgerError `bad-key`, `bad-note`, `too-large`.
 */
export function signNote(text: string, key: VerifierKey, sign: Ed25519Sign): string {
  if (key.type !== ED25519) throw new LedgerError('bad-key', `${key.name} is not a key that signs notes`);
  return addSignatures(`${text}\n`, [signatureLine(key, sign(utf8(text)))]);
}

/** The note with further signature lines under its own. @throws LedgerError `bad-note`, `too-large`. */
export function addSignatures(note: string, lines: readonly string[]): string {
  const longer = note + lines.join('');
  parseNote(longer);
  return longer;
}

/** The text to be signed. @throws LedgerError as `parseCheckpoint`. */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  const text = `${origin}\n${size}\n${hashToBase64(root)}\n`;
  parseCheckpoint(text);
  return text;
}

/**
 * The log-signed note of a tree head. Whoever calls this answers for it that no inconsistent head was ever signed.
 * @throws LedgerError `bad-key` unless the key is named as the origin; and as `formatCheckpoint`.
 */
export function signCheckpoint(checkpoint: Checkpoint, key: VerifierKey, sign: Ed25519Sign): string {
  if (key.name !== checkpoint.origin)
    throw new LedgerError('bad-key', `${key.name} is the key of another log`);
  return signNote(formatCheckpoint(checkpoint), key, sign);
}

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
  signature.set(sign(cosigned(text, time)), 8);
  return signatureLine(key, signature);
}
