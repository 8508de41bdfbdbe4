/** Public keys as SubjectPublicKeyInfo in DER (RFC 5480, RFC 8410, RFC 3279), each for one algorithm. */

/** COSE algorithm identifiers (RFC 9053, RFC 8812) that are accepted, the preferred first. */
export const ES256 = -7;
export const EDDSA = -8;
export const RS256 = -257;
export const ALGORITHMS = [ES256, EDDSA, RS256] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** Before the coordinates of an uncompressed point of P-256, and before an Ed25519 key. */
const P256 = [
  48, 89, 48, 19, 6, 7, 42, 134, 72, 206, 61, 2, 1, 6, 8, 42, 134, 72, 206, 61, 3, 1, 7, 3, 66, 0, 4,
];
const ED25519 = [48, 42, 48, 5, 6, 3, 43, 101, 112, 3, 33, 0];
/** rsaEncryption with its NULL. It stands after the four bytes that say how long the whole is. */
const RSA = [48, 13, 6, 9, 42, 134, 72, 134, 247, 13, 1, 1, 1, 5, 0];
/** The exponent 65537, which every authenticator uses. With 1, anybody could sign. */
const RSA_END = [2, 3, 1, 0, 1];
/** With that exponent: 2048 to 8192 bits. */
const MIN_RSA_BYTES = 294;
const MAX_RSA_BYTES = 1062;

export function isAlgorithm(alg: unknown): alg is Algorithm {
  return (ALGORITHMS as readonly unknown[]).includes(alg);
}

/**
 * Whether the bytes say that they are a key for this algorithm: no signature is checked by another one than was
 * enrolled. Whether a point lies on its curve is for the cryptography to find.
 */
export function isKeyOf(alg: Algorithm, spki: Uint8Array): boolean {
  if (alg === ES256) return spki.length === P256.length + 64 && beginsWith(spki, P256);
  if (alg === EDDSA) return spki.length === ED25519.length + 32 && beginsWith(spki, ED25519);
  const inside = spki.length - 4;
  if (spki.length < MIN_RSA_BYTES || spki.length > MAX_RSA_BYTES) return false;
  const start = [48, 0x82, inside >> 8, inside & 0xff, ...RSA];
  return beginsWith(spki, start) && beginsWith(spki.subarray(-RSA_END.length), RSA_END);
}

function beginsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, i) => bytes[i] === byte);
}
