/** RFC 3161 time stamps: the request, and what a response has to be before it is recorded. */
import { randomBytes } from 'node:crypto';
import { TAG } from './read-der.js';
import { requireIssuedBy } from './certificate-chain.js';
import { TokenError } from './signed-data.js';
import { nonceOf, openToken, type Token } from './token.js';
import { der, derInteger, derOid, derUnsigned } from './write-der.js';

const SHA256 = '2.16.840.1.101.3.4.2.1';
/** The authority's clock, and ours, may be off by this much. */
const TOLERANCE_MS = 120_000;

export interface Expected {
  readonly imprint: string;
  /** When it was asked and when it was answered, ms. */
  readonly sent: number;
  readonly received: number;
  /** Certificates of the authorities that are trusted, PEM. */
  readonly authorities: string;
  readonly policies?: readonly string[] | undefined;
}

/** Version 1, imprint by SHA-256, a nonce, by default a random one of 64 bits, and the certificates to be sent along. */
export function timestampRequest(imprint: string, nonce: Uint8Array = randomBytes(8)): Buffer {
  return der(
    TAG.sequence,
    derInteger(1),
    der(
      TAG.sequence,
      der(TAG.sequence, derOid(SHA256), der(TAG.null)),
      der(TAG.octets, Buffer.from(imprint, 'hex')),
    ),
    derUnsigned(nonce),
    der(TAG.boolean, Uint8Array.of(0xff)),
  );
}

/** Whether a request is, byte for byte, one for this imprint as the ledger makes it. @throws DerError */
export function isRequestFor(imprint: string, request: Buffer): boolean {
  return timestampRequest(imprint, Buffer.from(nonceOf(request), 'hex')).equals(request);
}

/** @throws TokenError */
export function checkTimestamp(request: Buffer, response: Buffer, expected: Expected): Token {
  const { imprint, sent, received, authorities, policies } = expected;
  const token = openToken(response);
  requireIssuedBy(token, authorities);
  if (token.isPss)
    throw new TokenError(
      'it is signed by RSASSA-PSS, which openssl ts -verify cannot check: ask for RSA PKCS #1 or ECDSA',
    );
  if (token.imprint !== imprint) throw new TokenError('it is over something else');
  if (token.nonce !== nonceOf(request)) throw new TokenError('it answers another request');
  if (policies && !policies.includes(token.policy))
    throw new TokenError(`it was issued under policy ${token.policy}, which is not on the list`);
  if (token.genTimeMs < sent - TOLERANCE_MS || token.genTimeMs > received + TOLERANCE_MS)
    throw new TokenError(`its time ${token.genTime} is not that of the request`);
  return token;
}
