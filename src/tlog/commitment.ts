/**
 * Commitments to values that a record does not hold in clear, so that they can be withheld or erased while every hash and
 * proof stays valid. The form is that of an array element in SD-JWT (RFC 9901 section 4.2.4.2).
 */
import { canonical } from './canonical.js';
import { checkCanonical } from './check-canonical.js';
import { fromBase64url, hashToBase64url, toBase64url, utf8, utf8Text } from './encoding.js';
import { LedgerError } from './error.js';
import type { Sha256 } from './merkle.js';

/** Bytes of a salt. Without one, a name or a date of birth could be guessed from its digest. */
export const SALT_BYTES = 32;

/** A SHA-256 in base64url without padding; the last of 43 characters has two bits to spare. */
export const COMMITMENT_DIGEST = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

/** What stands in a record in the place of a value. */
export interface Commitment {
  readonly '...': string;
}

/** What a disclosure says. */
export interface Disclosed {
  readonly salt: Uint8Array;
  readonly value: unknown;
}

/** A commitment in a record, and where in it, as a JSON Pointer (RFC 6901). */
export interface PlacedCommitment {
  readonly pointer: string;
  readonly digest: string;
}

/**
 * The disclosure that opens a commitment, as ASCII text: base64url of the canonical JSON of `[salt, value]`.
 * @param salt {@link SALT_BYTES} fresh random bytes
 * @throws LedgerError `bad-disclosure` for a salt of another length; ProfileError for a value that no record may hold.
 */
export function makeDisclosure(salt: Uint8Array, value: unknown): string {
  if (salt.length !== SALT_BYTES)
    throw new LedgerError('bad-disclosure', `a salt has ${SALT_BYTES} bytes, not ${salt.length}`);
  return toBase64url(utf8(canonical([toBase64url(salt), value])));
}

/** SHA-256 of the ASCII text of a disclosure, in base64url without padding. */
export function digestOf(sha256: Sha256, disclosure: string): string {
  return hashToBase64url(sha256(disclosure));
}

/**
 * Reads a disclosure; whether it opens a commitment is for {@link opens}.
 * @throws LedgerError `bad-disclosure` for a text that `makeDisclosure` does not write.
 */
export function readDisclosure(disclosure: string): Disclosed {
  try {
    const parts = checkCanonical(utf8Text(fromBase64url(disclosure)));
    if (Array.isArray(parts) && parts.length === 2 && typeof parts[0] === 'string') {
      const salt = fromBase64url(parts[0]);
      if (salt.length === SALT_BYTES) return { salt, value: parts[1] as unknown };
    }
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
  }
  throw new LedgerError(
    'bad-disclosure',
    `not the base64url of a canonical list of a salt of ${SALT_BYTES} bytes and a value`,
  );
}

/** Whether a text is the disclosure of the commitment with this digest. */
export function opens(sha256: Sha256, digest: string, disclosure: string): boolean {
  try {
    readDisclosure(disclosure);
  } catch {
    return false;
  }
  return digestOf(sha256, disclosure) === digest;
}

export function isCommitment(value: unknown): value is Commitment {
  if (typeof value !== 'object' || value === null || Object.keys(value).join() !== '...') return false;
  const { '...': digest } = value as { '...': unknown };
  return typeof digest === 'string' && COMMITMENT_DIGEST.test(digest);
}

/** Every commitment in a parsed record, or in a part of one. */
export function* commitmentsIn(value: unknown, pointer = ''): Generator<PlacedCommitment> {
  if (isCommitment(value)) yield { pointer, digest: value['...'] };
  else if (typeof value === 'object' && value !== null)
    for (const [name, inner] of Object.entries(value))
      yield* commitmentsIn(inner, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
}
