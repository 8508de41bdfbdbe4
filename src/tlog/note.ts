/** C2SP signed-note v1.0.0: a text, an empty line, signature lines; and the keys that verify them. */
import { fromBase64, toBase64, toHex, utf8 } from './encoding.js';
import { LedgerError } from './error.js';
import type { Sha256 } from './merkle.js';

/** Ed25519 (RFC 8032) over the message; false for a bad signature and for a key that is no point. */
export type Ed25519Verify = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

/** Types of signature by the byte that names them in a key; all others are refused. */
export const ED25519 = 0x01;
export const COSIGNATURE = 0x04;
/** Known so that such keys and signatures can stand in a policy and on a note. They are never verified here. */
export const ML_DSA_44 = 0x06;
const KEY_BYTES = new Map([
  [ED25519, 32],
  [COSIGNATURE, 32],
  [ML_DSA_44, 1312],
]);

/** A note over this is refused unread; 16 signatures of any type fit. */
const MAX_NOTE_BYTES = 65_536;

/** No Unicode space, no plus, and none of what a note may not hold anywhere. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const KEY_NAME = /^[^\s+\u0000-\u001f\u0085\p{Surrogate}]+$/u;
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const NOTE = /^[^\u0000-\u0009\u000b-\u001f\p{Surrogate}]*\n$/u;

export type VerifierKey = {
  readonly name: string;
  /** Four bytes of the key's hash in hex. Anyone can make a key with a given id: it finds a key, it proves nothing. */
  readonly id: string;
  readonly type: number;
  readonly publicKey: Uint8Array;
};

/** A note as it stands: nothing in it is verified. */
export type Note = {
  readonly text: string;
  readonly signatures: readonly {
    readonly name: string;
    readonly id: string;
    readonly signature: Uint8Array;
  }[];
};

/** How one known key judges its signatures. */
export type NoteVerifier = {
  readonly key: VerifierKey;
  readonly verify: (text: string, signature: Uint8Array) => boolean;
};

/** A text with the signatures on it that did verify, in the order of the note. */
export type OpenedNote = {
  readonly text: string;
  readonly signatures: readonly { readonly key: VerifierKey; readonly signature: Uint8Array }[];
};

/** Whether a key, and so a log's origin, may be named like this. */
export function isKeyName(name: string): boolean {
  return KEY_NAME.test(name);
}

/** A key with its id computed. @throws LedgerError `bad-key` for a name, type or length that cannot be. */
export function verifierKey(sha256: Sha256, name: string, type: number, publicKey: Uint8Array): VerifierKey {
  if (!isKeyName(name))
    throw new LedgerError('bad-key', 'a key name is not empty and has no space and no plus');
  if (KEY_BYTES.get(type) !== publicKey.length)
    throw new LedgerError('bad-key', `no key of type ${type} has ${publicKey.length} bytes`);
  const hash = sha256(Uint8Array.from([...utf8(`${name}\n`), type, ...publicKey]));
  const id = toHex(Uint8Array.from(hash.slice(0, 4), (byte) => byte.charCodeAt(0)));
  return { name, id, type, publicKey };
}

/**
 * Reads `<name>+<id in hex>+<base64 of type and key>`. The base64 part may hold plus signs of its own.
 * @throws LedgerError `bad-key`, also when the id is not that of the key, or `bad-encoding`.
 */
export function parseVkey(sha256: Sha256, vkey: string): VerifierKey {
  const [, name, id, encoded] = /^([^+]*)\+([^+]*)\+(.*)$/s.exec(vkey) ?? [];
  if (name === undefined || encoded === undefined)
    throw new LedgerError('bad-key', 'a verifier key has three parts joined by plus signs');
  const [type, ...publicKey] = fromBase64(encoded);
  const key = verifierKey(sha256, name, type ?? 0, Uint8Array.from(publicKey));
  if (key.id !== id) throw new LedgerError('bad-key', `the id of ${name} is ${key.id} by its key, not ${id}`);
  return key;
}

export function formatVkey(key: VerifierKey): string {
  return `${key.name}+${key.id}+${toBase64(Uint8Array.from([key.type, ...key.publicKey]))}`;
}

/**
 * Takes a note apart without believing it. Notes that come as bytes are decoded by `utf8Text` first, which refuses
 * what is not UTF-8.
 * @throws LedgerError `bad-note`, `bad-encoding`, `too-large`.
 */
export function parseNote(note: string): Note {
  if (note.length > MAX_NOTE_BYTES || utf8(note).length > MAX_NOTE_BYTES)
    throw new LedgerError('too-large', `a note of more than ${MAX_NOTE_BYTES} bytes`);
  if (!NOTE.test(note)) throw new LedgerError('bad-note', 'a control character, or no line feed at the end');
  // The text is the attacker's and may hold empty lines: the last one separates.
  const separator = note.lastIndexOf('\n\n');
  if (separator < 0) throw new LedgerError('bad-note', 'no empty line between text and signatures');
  const lines = note.slice(separator + 2, -1).split('\n');
  return { text: note.slice(0, separator + 1), signatures: lines.map(parseSignature) };
}

function parseSignature(line: string): Note['signatures'][number] {
  const [, name, encoded] = /^\u2014 ([^ ]+) ([^ ]+)$/.exec(line) ?? [];
  if (name === undefined || encoded === undefined || !isKeyName(name))
    throw new LedgerError('bad-note', 'a line after the last empty line is not a signature');
  const bytes = fromBase64(encoded);
  if (bytes.length <= 4) throw new LedgerError('bad-note', 'a signature without bytes');
  return { name, id: toHex(bytes.subarray(0, 4)), signature: bytes.subarray(4) };
}

/**
 * Verifies a note with the keys that are known. Signatures by unknown keys are ignored; one bad signature by a known
 * key condemns the note.
 * @throws LedgerError `bad-signature`; `unknown-signer` when no known key signed; and as `parseNote`.
 */
export function openNote(note: string, verifiers: readonly NoteVerifier[]): OpenedNote {
  const { text, signatures } = parseNote(note);
  const verified = signatures.flatMap(({ name, id, signature }) =>
    verifiers
      .filter(({ key }) => key.name === name && key.id === id)
      .map(({ key, verify }) => {
        if (verify(text, signature)) return { key, signature };
        throw new LedgerError('bad-signature', `${name} did not sign this`);
      }),
  );
  if (verified.length === 0) throw new LedgerError('unknown-signer', 'no known key signed this note');
  return { text, signatures: verified };
}

/** Judges plain Ed25519 signatures, those of logs. */
export function ed25519Verifier(key: VerifierKey, verify: Ed25519Verify): NoteVerifier {
  return {
    key,
    verify: (text, signature) =>
      key.type === ED25519 && signature.length === 64 && verify(key.publicKey, utf8(text), signature),
  };
}
