import { randomBytes } from 'node:crypto';
import { sha256Hex } from '../shared/sha256.js';
import { fromBase64url, toBase64url } from '../tlog/encoding.js';

const SECRET_BYTES = 32;

/** The code of an enrolment link, or a token: 32 random bytes in base64url. */
export function newSecret(): string {
  return toBase64url(randomBytes(SECRET_BYTES));
}

/** SHA-256, hex, of the 32 bytes, as the lab records it; undefined for a text that is no such secret. */
export function secretDigest(secret: string): string | undefined {
  try {
    const bytes = fromBase64url(secret);
    return bytes.length === SECRET_BYTES ? sha256Hex(bytes) : undefined;
  } catch {
    return undefined;
  }
}
