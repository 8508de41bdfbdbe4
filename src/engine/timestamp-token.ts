/**
 * RFC 3161 time stamps with ESSCertIDv2 (RFC 5816): the request, and what a response has to be before it is recorded.
 *
 * Checked here, with node:crypto: status; content type; exactly one signer; the signed attributes content-type,
 * message-digest and ESSCertIDv2; the signature by the certificate that the latter names; that certificate's extended
 * key usage, critical and for time stamping alone; its chain to an authority that the configuration names, with
 * validity at genTime; imprint, nonce, policy, and genTime between asking and answering.
 * Not checked here: revocation (CRL, OCSP), name constraints and certificate policies on the chain. Request and
 * response are kept whole, so that `openssl ts -verify` can be asked at any time.
 */
import { X509Certificate, createHash, randomBytes, verify } from 'node:crypto';
import { instantMs } from '../study/instant.js';
import {
  TAG,
  context,
  der,
  DerError,
  derInteger,
  derOid,
  derUnsigned,
  expectTag,
  inside,
  oidOf,
  parseDer,
  unsignedHex,
  type Der,
} from './der.js';

const OID = {
  sha256: '2.16.840.1.101.3.4.2.1',
  signedData: '1.2.840.113549.1.7.2',
  tstInfo: '1.2.840.113549.1.9.16.1.4',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  extendedKeyUsage: '2.5.29.37',
  timeStamping: '1.3.6.1.5.5.7.3.8',
} as const;

const DIGESTS: Readonly<Record<string, string>> = {
  [OID.sha256]: 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

/** The authority's clock, and ours, may be off by this much. */
const TOLERANCE_MS = 120_000;
const MAX_CHAIN = 8;

/** A response that is not taken, and why. */
export class TimestampError extends Error {
  override readonly name = 'TimestampError';
}

export interface Timestamp {
  /** RFC 3339, UTC. */
  readonly genTime: string;
  readonly policy: string;
}

export interface Expected {
  readonly imprint: string;
  /** When it was asked and when it was answered, ms. */
  readonly sent: number;
  readonly received: number;
  /** Certificates of the authorities that are trusted, PEM. */
  readonly authorities: string;
  readonly policies?: readonly string[] | undefined;
}

/** Version 1, imprint by SHA-256, a random nonce of 64 bits, and the certificates to be sent along. */
export function timestampRequest(imprint: string): Buffer {
  return der(
    TAG.sequence,
    derInteger(1),
    der(
      TAG.sequence,
      der(TAG.sequence, derOid(OID.sha256), der(TAG.null)),
      der(TAG.octets, Buffer.from(imprint, 'hex')),
    ),
    derUnsigned(randomBytes(8)),
    der(TAG.boolean, Uint8Array.of(0xff)),
  );
}

/** @throws TimestampError. */
export function checkTimestamp(request: Buffer, response: Buffer, expected: Expected): Timestamp {
  try {
    const signed = signedDataOf(response);
    const info = infoOf(signed.content);
    checkSigner(signed, info.genTimeMs, expected.authorities);
    checkInfo(info, request, expected);
    return { genTime: info.genTime, policy: info.policy };
  } catch (error) {
    if (error instanceof DerError) throw new TimestampError(`it is not well-formed: ${error.message}`);
    throw error;
  }
}

interface SignedData {
  /** DER of the TSTInfo: what is signed. */
  readonly content: Buffer;
  readonly certificates: readonly Buffer[];
  readonly signer: readonly Der[];
}

interface Info {
  readonly policy: string;
  readonly algorithm: string;
  readonly imprint: string;
  readonly genTime: string;
  readonly genTimeMs: number;
  readonly nonce: string | undefined;
}

function signedDataOf(response: Buffer): SignedData {
  const [status, token] = inside(parseDer(response));
  const [code] = inside(expectTag(status, TAG.sequence, 'the status'));
  const value = unsignedHex(expectTag(code, TAG.integer, 'the status'));
  if (value !== '00' && value !== '01')
    throw new TimestampError(`the authority refused, with status ${value}`);
  const [type, wrapped] = inside(expectTag(token, TAG.sequence, 'the token'));
  mustBe(oidOf(expectTag(type, TAG.oid, 'the token’s type')), OID.signedData, 'the token is no signed data');
  const [data] = inside(expectTag(wrapped, context(0), 'the signed data'));
  const parts = inside(expectTag(data, TAG.sequence, 'the signed data'));
  const [contentType, content] = inside(expectTag(parts[2], TAG.sequence, 'the content'));
  mustBe(
    oidOf(expectTag(contentType, TAG.oid, 'the content’s type')),
    OID.tstInfo,
    'the content is no time stamp',
  );
  const [octets] = inside(expectTag(content, context(0), 'the content'));
  const certificates = parts.find(({ tag }) => tag === context(0));
  const signers = inside(expectTag(parts.at(-1), TAG.set, 'the signers'));
  if (signers.length !== 1) throw new TimestampError('it has not exactly one signer');
  return {
    content: expectTag(octets, TAG.octets, 'the content').content,
    certificates: certificates ? inside(certificates).map(({ bytes }) => bytes) : [],
    signer: inside(signers[0] as Der),
  };
}

function infoOf(content: Buffer): Info {
  const [, policy, imprint, , genTime, ...optional] = inside(parseDer(content));
  const [algorithm, digest] = inside(expectTag(imprint, TAG.sequence, 'the imprint'));
  const [oid] = inside(expectTag(algorithm, TAG.sequence, 'the imprint’s algorithm'));
  const nonce = optional.find(({ tag }) => tag === TAG.integer);
  const time = rfc3339(expectTag(genTime, TAG.generalizedTime, 'genTime').content.toString('latin1'));
  return {
    policy: oidOf(expectTag(policy, TAG.oid, 'the policy')),
    algorithm: oidOf(expectTag(oid, TAG.oid, 'the imprint’s algorithm')),
    imprint: expectTag(digest, TAG.octets, 'the imprint').content.toString('hex'),
    genTime: time.text,
    genTimeMs: time.ms,
    nonce: nonce && unsignedHex(nonce),
  };
}

function checkInfo(info: Info, request: Buffer, { imprint, sent, received, policies }: Expected): void {
  const [, , asked] = inside(parseDer(request));
  mustBe(info.algorithm, OID.sha256, 'the imprint is not by SHA-256');
  mustBe(info.imprint, imprint, 'it is over something else');
  mustBe(
    info.nonce,
    unsignedHex(expectTag(asked, TAG.integer, 'the nonce asked')),
    'it answers another request',
  );
  if (policies && !policies.includes(info.policy))
    throw new TimestampError(`it was issued under policy ${info.policy}, which is not on the list`);
  if (info.genTimeMs < sent - TOLERANCE_MS || info.genTimeMs > received + TOLERANCE_MS)
    throw new TimestampError(`its time ${info.genTime} is not that of the request`);
}

/** The signer's certificate is the one that the signed attribute ESSCertIDv2 names, whatever else lies in the token. */
function checkSigner({ content, certificates, signer }: SignedData, genTimeMs: number, pem: string): void {
  const [, , digestAlgorithm, attributes, , signature] = signer;
  const [digestOid] = inside(expectTag(digestAlgorithm, TAG.sequence, 'the digest algorithm'));
  const digest = digestNamed(oidOf(expectTag(digestOid, TAG.oid, 'the digest algorithm')));
  const signed = expectTag(attributes, context(0), 'the signed attributes');
  const values = attributesOf(signed);
  mustBe(
    oidOf(expectTag(values.get(OID.contentType), TAG.oid, 'content-type')),
    OID.tstInfo,
    'content-type differs',
  );
  const stated = expectTag(values.get(OID.messageDigest), TAG.octets, 'message-digest').content;
  if (!stated.equals(createHash(digest).update(content).digest()))
    throw new TimestampError('its content is not what was signed');
  const der = namedCertificate(values.get(OID.signingCertificateV2), certificates);
  mustBeForStamping(der);
  const certificate = new X509Certificate(der);
  // Signed is the SET, not the tag under which it is sent (RFC 5652, 5.4).
  const message = Buffer.concat([Uint8Array.of(TAG.set), signed.bytes.subarray(1)]);
  const bytes = expectTag(signature, TAG.octets, 'the signature').content;
  if (!verify(digest, message, certificate.publicKey, bytes))
    throw new TimestampError('its signature is bad');
  const others = certificates.filter((other) => other !== der).map((other) => new X509Certificate(other));
  mustChain(certificate, others, authoritiesOf(pem), genTimeMs);
}

function attributesOf(signed: Der): Map<string, Der> {
  const values = new Map<string, Der>();
  for (const attribute of inside(signed)) {
    const [type, set] = inside(attribute);
    const name = oidOf(expectTag(type, TAG.oid, 'an attribute'));
    const all = inside(expectTag(set, TAG.set, 'an attribute'));
    if (values.has(name) || all.length !== 1) throw new TimestampError('a signed attribute is there twice');
    values.set(name, all[0] as Der);
  }
  return values;
}

function namedCertificate(attribute: Der | undefined, certificates: readonly Buffer[]): Buffer {
  const [list] = inside(expectTag(attribute, TAG.sequence, 'ESSCertIDv2 (RFC 5816)'));
  const [id] = inside(expectTag(list, TAG.sequence, 'ESSCertIDv2'));
  const [first, second] = inside(expectTag(id, TAG.sequence, 'ESSCertIDv2'));
  const byDefault = first?.tag === TAG.octets;
  const [oid] = byDefault ? [] : inside(expectTag(first, TAG.sequence, 'ESSCertIDv2'));
  const digest = byDefault ? 'sha256' : digestNamed(oidOf(expectTag(oid, TAG.oid, 'ESSCertIDv2')));
  const hash = expectTag(byDefault ? first : second, TAG.octets, 'ESSCertIDv2').content;
  const found = certificates.find((der) => createHash(digest).update(der).digest().equals(hash));
  if (!found) throw new TimestampError('the certificate of its signer is not in it');
  return found;
}

function mustBeForStamping(certificate: Buffer): void {
  const [body] = inside(parseDer(certificate));
  const [extensions] = inside(
    expectTag(
      inside(expectTag(body, TAG.sequence, 'the certificate')).find(({ tag }) => tag === context(3)),
      context(3),
      'the extensions of its certificate',
    ),
  );
  for (const extension of inside(expectTag(extensions, TAG.sequence, 'the extensions'))) {
    const [id, critical, value] = inside(extension);
    if (oidOf(expectTag(id, TAG.oid, 'an extension')) !== OID.extendedKeyUsage) continue;
    if (critical?.tag !== TAG.boolean || critical.content[0] !== 0xff) break;
    const usages = inside(parseDer(expectTag(value, TAG.octets, 'the key usage').content)).map(oidOf);
    if (usages.length === 1 && usages[0] === OID.timeStamping) return;
  }
  throw new TimestampError('its certificate is not, critically and only, for time stamping');
}

function mustChain(
  leaf: X509Certificate,
  others: readonly X509Certificate[],
  authorities: readonly X509Certificate[],
  atMs: number,
): void {
  let certificate = leaf;
  for (let length = 0; length < MAX_CHAIN; length++) {
    if (atMs < Date.parse(certificate.validFrom) || atMs > Date.parse(certificate.validTo))
      throw new TimestampError(`the certificate of ${certificate.subject} was not valid at that time`);
    const anchor = authorities.find(
      (authority) => authority.raw.equals(certificate.raw) || issued(authority, certificate),
    );
    if (anchor) {
      if (atMs >= Date.parse(anchor.validFrom) && atMs <= Date.parse(anchor.validTo)) return;
      throw new TimestampError('the certificate of the authority was not valid at that time');
    }
    const issuer = others.find((other) => issued(other, certificate));
    if (!issuer) break;
    certificate = issuer;
  }
  throw new TimestampError('its certificate does not come from an authority that is trusted here');
}

function issued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function authoritiesOf(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw new TimestampError('the file of trusted authorities holds no certificate');
  return blocks.map((block) => new X509Certificate(block));
}

function digestNamed(oid: string): string {
  const name = DIGESTS[oid];
  if (name === undefined) throw new TimestampError(`the digest ${oid} is not accepted`);
  return name;
}

/** GeneralizedTime as RFC 3161 has it: seconds, an optional fraction, Z. Milliseconds are kept of it. */
function rfc3339(text: string): { text: string; ms: number } {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d+))?Z$/.exec(text);
  const [year, month, day, hour, minute, second, fraction] = (parts ?? []).slice(1) as (string | undefined)[];
  const milli = fraction === undefined ? '' : `.${fraction.slice(0, 3).padEnd(3, '0')}`;
  const written = `${year}-${month}-${day}T${hour}:${minute}:${second}${milli}Z`;
  const ms = instantMs(written);
  if (ms === undefined) throw new TimestampError('its time cannot be read');
  return { text: written, ms };
}

function mustBe(value: string | undefined, wanted: string, otherwise: string): void {
  if (value !== wanted) throw new TimestampError(otherwise);
}
