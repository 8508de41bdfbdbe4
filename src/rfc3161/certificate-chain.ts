/** Who issued the certificate of a time stamp: the chain from it to an authority that somebody trusts. */
import { X509Certificate } from 'node:crypto';
import { pathLengthOf } from './certificate-extensions.js';
import { DerError } from './read-der.js';
import { TokenError } from './signed-data.js';
import type { Token } from './token.js';

const MAX_CHAIN = 8;

/**
 * Requires that the token's certificate is one of these authorities or was issued by one of them, each certificate of
 * the chain valid at the time of the stamp, each issuer one that may issue for a chain of this length.
 * @param authorities certificates in PEM, from whoever judges; never from beside the token
 * @throws TokenError
 */
export function requireIssuedBy({ signer, others, genTimeMs }: Token, authorities: string): void {
  const trusted = readCertificates(authorities);
  let certificate = signer;
  let intermediates = 0;
  for (let length = 0; length < MAX_CHAIN; length++) {
    requireValid(certificate, genTimeMs);
    if (trusted.some(({ raw }) => raw.equals(certificate.raw))) return;
    const isIssuer = (one: X509Certificate): boolean => hasIssued(one, certificate);
    const anchor = trusted.find(isIssuer);
    const issuer = anchor ?? others.find(isIssuer);
    if (!issuer) break;
    if (intermediates > pathLength(issuer))
      throw new TokenError(`${nameOf(issuer)} may not issue for a chain of this length (pathLenConstraint)`);
    if (anchor) return requireValid(anchor, genTimeMs);
    if (!issuer.checkIssued(issuer)) intermediates++;
    certificate = issuer;
  }
  throw new TokenError('its certificate was not issued by an authority that is trusted here');
}

/** @throws TokenError where there is none. */
export function readCertificates(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw new TokenError('the file of trusted authorities holds no certificate');
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    throw new TokenError('a certificate in the file of trusted authorities cannot be read');
  }
}

function pathLength(issuer: X509Certificate): number {
  try {
    return pathLengthOf(issuer.raw);
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    throw new TokenError(`the certificate of ${nameOf(issuer)} is not well-formed: ${error.message}`);
  }
}

function requireValid(certificate: X509Certificate, atMs: number): void {
  const { validFrom, validTo } = certificate;
  if (atMs >= Date.parse(validFrom) && atMs <= Date.parse(validTo)) return;
  throw new TokenError(`the certificate of ${nameOf(certificate)} was not valid at that time`);
}

/** `checkIssued` looks at names, key identifiers and the right to sign certificates; `verify` at the signature. */
function hasIssued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function nameOf({ subject }: X509Certificate): string {
  return subject.replaceAll('\n', ', ');
}
