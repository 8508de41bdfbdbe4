/** Whose word a time stamp is: the way from the certificate that signed it to an authority that somebody trusts. */
import { X509Certificate } from 'node:crypto';
import { TokenError } from './signed-data.js';
import type { Token } from './token.js';

const MAX_CHAIN = 8;

/**
 * That the token's certificate comes from one of these, or is one of them, each valid at the time of the stamp.
 * @param authorities certificates in PEM, from whoever judges; never from beside the token
 * @throws TokenError
 */
export function mustComeFrom({ signer, others, genTimeMs }: Token, authorities: string): void {
  const trusted = certificatesIn(authorities);
  let certificate = signer;
  for (let length = 0; length < MAX_CHAIN; length++) {
    mustHold(certificate, genTimeMs);
    const anchor = trusted.find((one) => one.raw.equals(certificate.raw) || issued(one, certificate));
    if (anchor) return mustHold(anchor, genTimeMs);
    const issuer = others.find((other) => issued(other, certificate));
    if (!issuer) break;
    certificate = issuer;
  }
  throw new TokenError('its certificate does not come from an authority that is trusted here');
}

/** @throws TokenError where there is none. */
export function certificatesIn(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw new TokenError('the file of trusted authorities holds no certificate');
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    throw new TokenError('a certificate in the file of trusted authorities cannot be read');
  }
}

function mustHold({ subject, validFrom, validTo }: X509Certificate, atMs: number): void {
  if (atMs >= Date.parse(validFrom) && atMs <= Date.parse(validTo)) return;
  throw new TokenError(`the certificate of ${subject} was not valid at that time`);
}

function issued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}
