/** What an authenticator signs of an assertion: authenticator data, WebAuthn Level 3, section 6.1. */
import { isOneCborMap } from './cbor.js';
import { bytesToHash, type Hash } from '../tlog/encoding.js';

const HEAD_BYTES = 37;
/** Without extensions it has 37 bytes. */
const MAX_BYTES = 4096;

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const BACKUP_ELIGIBLE = 0x08;
const BACKED_UP = 0x10;
const ATTESTED_CREDENTIAL = 0x40;
const EXTENSIONS = 0x80;

export interface AuthenticatorData {
  readonly rpIdHash: Hash;
  readonly isUserPresent: boolean;
  readonly isUserVerified: boolean;
  readonly isBackupEligible: boolean;
  readonly isBackedUp: boolean;
  /** 0 where the authenticator does not count. */
  readonly counter: number;
}

/**
 * Undefined for what an authenticator does not give at an assertion: too few bytes, an attested credential, a backup of
 * what cannot be backed up, anything after the head but one CBOR map where the flag announces extensions. What extensions
 * say is ignored: none is asked for, and some keys send one all the same.
 */
export function parseAuthenticatorData(bytes: Uint8Array): AuthenticatorData | undefined {
  if (bytes.length < HEAD_BYTES || bytes.length > MAX_BYTES) return undefined;
  const flags = bytes[32]!;
  const has = (flag: number): boolean => (flags & flag) !== 0;
  if (has(ATTESTED_CREDENTIAL) || (has(BACKED_UP) && !has(BACKUP_ELIGIBLE))) return undefined;
  const rest = bytes.subarray(HEAD_BYTES);
  if (has(EXTENSIONS) ? !isOneCborMap(rest) : rest.length > 0) return undefined;
  return {
    rpIdHash: bytesToHash(bytes.subarray(0, 32)),
    isUserPresent: has(USER_PRESENT),
    isUserVerified: has(USER_VERIFIED),
    isBackupEligible: has(BACKUP_ELIGIBLE),
    isBackedUp: has(BACKED_UP),
    counter: new DataView(bytes.buffer, bytes.byteOffset).getUint32(33),
  };
}
