/**
 * An RFC 3161 time stamp with ESSCertIDv2 (RFC 5816), opened with node:crypto. Checked are: the status; the content type;
 * that there is one signer; the signed attributes content-type, message-digest and ESSCertIDv2; the signature, with the
 * certificate that ESSCertIDv2 names; the key usages of that certificate. certificate-chain.ts checks who issued it.
 * Never checked: revocation (CRL, OCSP), name constraints and certificate policies. Request and response are kept whole,
 * so that `openssl ts -verify` can check them at any time.
 */
import { X509Certificate } from 'node:crypto';
import { context, DerError, expectTag, inside, oidOf, parseDer, TAG, unsignedHex } from './read-der.js';
import { digestOf, requireEqual, verifySignature, TokenError, type SignedData } from './signed-data.js';

const SIGNED_DATA = '1.2.840.113549.1.7.2';
const TST_INFO = '1.2.840.113549.1.9.16.1.4';

/** What a token says that its own certificate signed. */
export interface Token {
  /** SHA-256 of what was stamped, hex. */
  readonly imprint: string;
  /** RFC 3339, UTC. */
  readonly genTime: string;
  readonly genTimeMs: number;
  readonly policy: string;
  readonly nonce: string | undefined;
  readonly signer: X509Certificate;
  readonly isPss: boolean;
  /** Further certificates in it, perhaps the chain to an authority. */
  readonly others: readonly X509Certificate[];
}

/** @param response the authority's whole answer @throws TokenError */
export function openToken(response: Buffer): Token {
  try {
    const signed = signedDataOf(response);
    const { content, certificates } = signed;
    const { certificate, isPss } = verifySignature(signed);
    const others = certificates.filter((der) => der !== certificate).map((der) => new X509Certificate(der));
    return { ...infoOf(content), signer: new X509Certificate(certificate), isPss, others };
  } catch (error) {
    if (error instanceof DerError) throw new TokenError(`it is not well-formed: ${error.message}`);
    if (error instanceof TokenError) throw error;
    throw new TokenError(`its certificate cannot be read: ${(error as Error).message}`);
  }
}

/** The nonce that a request asked for. @throws DerError */
export function nonceOf(request: Buffer): string {
  return unsignedHex(expectTag(inside(parseDer(request))[2], TAG.integer, 'the nonce'));
}

function signedDataOf(response: Buffer): SignedData {
  const [status, token] = inside(expectTag(parseDer(response), TAG.sequence, 'the response'));
  const [code] = inside(expectTag(status, TAG.sequence, 'the status'));
  const value = unsignedHex(expectTag(code, TAG.integer, 'the status'));
  if (value !== '00' && value !== '01') throw new TokenError(`the authority refused, with status ${value}`);
  const [type, wrapped] = inside(expectTag(token, TAG.sequence, 'the token'));
  requireEqual(
    oidOf(expectTag(type, TAG.oid, 'the token’s type')),
    SIGNED_DATA,
    'the token is no signed data',
  );
  const [data] = inside(expectTag(wrapped, context(0), 'the signed data'));
  const parts = inside(expectTag(data, TAG.sequence, 'the signed data'));
  requireEqual(
    unsignedHex(expectTag(parts[0], TAG.integer, 'the version')),
    '03',
    'it is of another version',
  );
  const [contentType, content] = inside(expectTag(parts[2], TAG.sequence, 'the content'));
  requireEqual(
    oidOf(expectTag(contentType, TAG.oid, 'the content’s type')),
    TST_INFO,
    'the content is no time stamp',
  );
  const [octets] = inside(expectTag(content, context(0), 'the content'));
  const certificates = parts.find(({ tag }) => tag === context(0));
  const signers = inside(expectTag(parts.at(-1), TAG.set, 'the signers'));
  if (signers.length !== 1) throw new TokenError('it has not exactly one signer');
  return {
    content: expectTag(octets, TAG.octets, 'the content').content,
    certificates: certificates ? inside(certificates).map(({ bytes }) => bytes) : [],
    digests: expectTag(parts[1], TAG.set, 'the digest algorithms'),
    signer: inside(expectTag(signers[0], TAG.sequence, 'the signer')),
  };
}

function infoOf(content: Buffer): Omit<Token, 'signer' | 'isPss' | 'others'> {
  const [version, policy, imprint, , genTime, ...optional] = inside(parseDer(content));
  requireEqual(unsignedHex(expectTag(version, TAG.integer, 'the version')), '01', 'it is of another version');
  const [algorithm, digest] = inside(expectTag(imprint, TAG.sequence, 'the imprint'));
  requireEqual(digestOf(algorithm, 'the imprint’s algorithm'), 'sha256', 'the imprint is not by SHA-256');
  const nonce = optional.find(({ tag }) => tag === TAG.integer);
  const time = rfc3339(expectTag(genTime, TAG.generalizedTime, 'genTime').content.toString('latin1'));
  return {
    policy: oidOf(expectTag(policy, TAG.oid, 'the policy')),
    imprint: expectTag(digest, TAG.octets, 'the imprint').content.toString('hex'),
    genTime: time,
    genTimeMs: Date.parse(time),
    nonce: nonce && unsignedHex(nonce),
  };
}

/** GeneralizedTime as RFC 3161 has it: seconds, an optional fraction, Z. Milliseconds are kept of it. */
function rfc3339(text: string): string {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d+))?Z$/.exec(text);
  const [year, month, day, hour, minute, second, fraction] = (parts ?? []).slice(1) as (string | undefined)[];
  const milli = fraction === undefined ? '' : `.${fraction.slice(0, 3).padEnd(3, '0')}`;
  const written = `${year}-${month}-${day}T${hour}:${minute}:${second}${milli}Z`;
  // Date.parse takes 31 February and 24:00 for the day after.
  const ms = Date.parse(written);
  if (Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(written.slice(0, 19)))
    throw new TokenError('its time cannot be read');
  return written;
}
