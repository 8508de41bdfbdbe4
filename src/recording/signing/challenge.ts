import { sha256 } from '../../shared/sha256.js';
import { PAYLOAD_TYPE } from '../../study/signatures/statement.js';
import { preAuthenticationEncoding } from '../../tlog/dsse.js';
import { hashToBase64url } from '../../tlog/encoding.js';

/** What the ledger's own key signs of a payload (DSSE). */
export function signedBytes(payload: Uint8Array): Uint8Array {
  return preAuthenticationEncoding(PAYLOAD_TYPE, payload);
}

/** What the passkey signs of it: SHA-256 of the same, base64url. */
export function challengeOf(payload: Uint8Array): string {
  return hashToBase64url(sha256(signedBytes(payload)));
}
