/** How hashes, keys and numbers are written. What is read is what would be written, to the letter. */
import { LedgerError } from './error.js';

/**
 * A SHA-256 value as a string of 32 characters U+0000–U+00FF, one for each byte: the cheapest form to get from a
 * hash function, to compare and to keep. It is never shown; people see base64 (RFC 4648 section 4) or hex.
 */
export type Hash = string;

// oxlint-disable-next-line no-control-regex -- a hash is 32 characters for 32 bytes of any value
const HASH = /^[\u0000-\u00ff]{32}$/;

/** Exactly 32 characters, each a byte. Everything that reads a hash from outside asks this first. */
export function isHash(value: unknown): value is Hash {
  return typeof value === 'string' && HASH.test(value);
}

/** @throws LedgerError `bad-hash`. */
export function checkedHash(hash: Hash): Hash {
  if (isHash(hash)) return hash;
  throw new LedgerError('bad-hash', 'a hash has 32 bytes, and is a string with one character for each');
}

/** @throws LedgerError `bad-hash`. */
export function hashToBase64(hash: Hash): string {
  return btoa(checkedHash(hash));
}

/** @throws LedgerError `bad-encoding`, or `bad-hash` when it is base64 of something else than 32 bytes. */
export function hashFromBase64(text: string): Hash {
  return checkedHash(charactersOf(text));
}

/** @throws LedgerError `bad-hash` unless given exactly 32 bytes. */
export function bytesToHash(bytes: Uint8Array): Hash {
  if (bytes.length === 32) return characters(bytes);
  throw new LedgerError('bad-hash', `a hash has 32 bytes, not ${bytes.length}`);
}

/** Writes the 32 bytes of a hash, unchecked: the hot path of the tree. */
export function putHash(target: Uint8Array, offset: number, hash: Hash): void {
  for (let i = 0; i < 32; i++) target[offset + i] = hash.charCodeAt(i);
}

/** Base64 with padding, RFC 4648 section 4. */
export function toBase64(bytes: Uint8Array): string {
  return btoa(characters(bytes));
}

/**
 * The bytes whose base64 is exactly this text: no other alphabet, no white space, no missing or extra padding, no
 * stray bits in the last character.
 * @throws LedgerError `bad-encoding`.
 */
export function fromBase64(text: string): Uint8Array {
  const characters = charactersOf(text);
  // Several times as fast as to go through an iterator.
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}

/** Base64url without padding, RFC 4648 section 5. */
export function toBase64url(bytes: Uint8Array): string {
  return urlSafe(toBase64(bytes));
}

/**
 * The bytes whose base64url without padding is exactly this text.
 * @throws LedgerError `bad-encoding`.
 */
export function fromBase64url(text: string): Uint8Array {
  if (!/^[A-Za-z0-9_-]*$/.test(text))
    throw new LedgerError('bad-encoding', 'not base64url without padding as RFC 4648 section 5 has it');
  const padding = '='.repeat((4 - (text.length % 4)) % 4);
  return fromBase64(text.replaceAll('-', '+').replaceAll('_', '/') + padding);
}

/** @throws LedgerError `bad-hash`. */
export function hashToBase64url(hash: Hash): string {
  return urlSafe(hashToBase64(hash));
}

/** Lower-case hex. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * A decimal number as checkpoints and proofs write it: digits only, no leading zero.
 * @throws LedgerError `bad-encoding`, also above 2^53−1.
 */
export function parseDecimal(text: string): number {
  const value = Number(text);
  if (/^(0|[1-9][0-9]*)$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new LedgerError('bad-encoding', 'not a decimal number without leading zeros and below 2^53');
}

/** UTF-8 bytes of a text; half surrogate pairs become U+FFFD, so texts of unknown origin are checked before. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/**
 * Text of UTF-8 bytes; a byte order mark stays and is for the caller to refuse.
 * @throws LedgerError `bad-encoding` on anything that is not well-formed UTF-8.
 */
export function utf8Text(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new LedgerError('bad-encoding', 'these bytes are not UTF-8 text');
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function urlSafe(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** One character for each byte: what `btoa` takes. The type asks for an array, the language for anything like one. */
function characters(bytes: Uint8Array): string {
  return String.fromCharCode.apply(null, bytes as unknown as number[]);
}

/** `atob` forgives; what it made of the text has to be written like the text. */
function charactersOf(base64: string): string {
  try {
    const found = atob(base64);
    if (btoa(found) === base64) return found;
  } catch {
    // Told below.
  }
  throw new LedgerError('bad-encoding', 'not base64 as RFC 4648 section 4 has it');
}
