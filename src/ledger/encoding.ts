import { LedgerError } from './error.js';

/**
 * A SHA-256 value as a string of 32 characters U+0000–U+00FF, one for each byte: the cheapest form to get from a
 * hash function, to compare and to keep. It is never shown; people see base64 (RFC 4648 section 4) or hex.
 */
export type Hash = string;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** Twelve bits at a time. */
const BASE64 = Array.from({ length: 4096 }, (_, bits) => ALPHABET[bits >> 6]! + ALPHABET[bits & 63]!);
const SIX_BITS = Array.from({ length: 128 }, (_, code) =>
  Math.max(0, ALPHABET.indexOf(String.fromCharCode(code))),
);
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
// oxlint-disable-next-line no-control-regex -- a hash is 32 characters for 32 bytes of any value
const HASH = /^[\u0000-\u00ff]{32}$/;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Exactly 32 characters, each a byte. Everything that reads a hash from outside asks this first. */
export function isHash(value: unknown): value is Hash {
  return typeof value === 'string' && HASH.test(value);
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

/** @throws LedgerError `bad-hash` unless given exactly 32 bytes. */
export function bytesToHash(bytes: Uint8Array): Hash {
  if (bytes.length !== 32) throw new LedgerError('bad-hash', `a hash has 32 bytes, not ${bytes.length}`);
  // Six times as fast as spreading; the type asks for an array, the language for anything array-like.
  return String.fromCharCode.apply(null, bytes as unknown as number[]);
}

/** @throws LedgerError `bad-hash`. */
export function hashToBytes(hash: Hash): Uint8Array {
  const bytes = new Uint8Array(32);
  putHash(bytes, 0, checkedHash(hash));
  return bytes;
}

/** Writes the 32 bytes of a hash, unchecked: the hot path of the tree. */
export function putHash(target: Uint8Array, offset: number, hash: Hash): void {
  for (let i = 0; i < 32; i++) target[offset + i] = hash.charCodeAt(i);
}

/** @throws LedgerError `bad-hash`. */
export function hashToBase64(hash: Hash): string {
  return toBase64(hashToBytes(hash));
}

/** @throws LedgerError `bad-encoding`, or `bad-hash` when it is base64 of something else than 32 bytes. */
export function hashFromBase64(text: string): Hash {
  return bytesToHash(fromBase64(text));
}

/** @throws LedgerError `bad-hash`. */
export function hashToHex(hash: Hash): string {
  return toHex(hashToBytes(hash));
}

/** @throws LedgerError `bad-encoding`, or `bad-hash` when it is hex of something else than 32 bytes. */
export function hashFromHex(text: string): Hash {
  return bytesToHash(fromHex(text));
}

/** Base64 with padding, RFC 4648 section 4. */
export function toBase64(bytes: Uint8Array): string {
  const whole = bytes.length - (bytes.length % 3);
  let text = '';
  for (let i = 0; i < whole; i += 3) {
    const bits = (bytes[i]! << 16) | (bytes[i + 1]! << 8) | bytes[i + 2]!;
    text += BASE64[bits >> 12]! + BASE64[bits & 0xfff]!;
  }
  if (bytes.length - whole === 1) return text + BASE64[bytes[whole]! << 4]! + '==';
  if (bytes.length - whole === 0) return text;
  const bits = ((bytes[whole]! << 8) | bytes[whole + 1]!) << 2;
  return text + BASE64[bits >> 6]! + ALPHABET[bits & 63]! + '=';
}

/**
 * The bytes whose base64 is exactly this text: no other alphabet, no white space, no missing or extra padding, no
 * stray bits in the last character.
 * @throws LedgerError `bad-encoding`.
 */
export function fromBase64(text: string): Uint8Array {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array(Math.max(0, Math.floor(text.length / 4) * 3 - padding));
  let bits = 0;
  for (let i = 0, at = 0; i < text.length; i++) {
    bits = ((bits << 6) | (SIX_BITS[text.charCodeAt(i)] ?? 0)) & 0xffffff;
    if (i % 4 !== 3) continue;
    bytes[at++] = bits >> 16;
    bytes[at++] = bits >> 8;
    bytes[at++] = bits;
  }
  if (toBase64(bytes) !== text)
    throw new LedgerError('bad-encoding', 'not base64 as RFC 4648 section 4 has it');
  return bytes;
}

/** Lower-case hex. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += HEX[byte]!;
  return text;
}

/** @throws LedgerError `bad-encoding` on anything but lower-case hex of whole bytes. */
export function fromHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length >> 1);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  if (toHex(bytes) !== text) throw new LedgerError('bad-encoding', 'not lower-case hex');
  return bytes;
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

/** @throws LedgerError `bad-hash`. */
export function checkedHash(hash: Hash): Hash {
  if (!isHash(hash))
    throw new LedgerError('bad-hash', 'a hash is a string of 32 characters, one for each byte');
  return hash;
}
