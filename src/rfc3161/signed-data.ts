/** Who signed a time stamp: CMS SignedData (RFC 5652) with one signer, as RFC 3161 and RFC 5816 narrow it. */
import { constants, createHash, verify, X509Certificate } from 'node:crypto';
import { isForSigningOnly, isForTimeStamping } from './certificate-extensions.js';
import { context, expectTag, inside, oidOf, parseDer, TAG, unsignedHex, type Der } from './read-der.js';

const TST_INFO = '1.2.840.113549.1.9.16.1.4';
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47';
const MGF1 = '1.2.840.113549.1.1.8';
/** `[0]`, primitive. */
const KEY_IDENTIFIER = 0x80;

const DIGESTS: Readonly<Record<string, string>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

/** Key and padding by signature algorithm, and the digest where it names one. */
const SCHEMES: Readonly<Record<string, { key: 'rsa' | 'ec'; digest?: string; isPss?: boolean }>> = {
  '1.2.840.113549.1.1.1': { key: 'rsa' },
  '1.2.840.113549.1.1.11': { key: 'rsa', digest: 'sha256' },
  '1.2.840.113549.1.1.12': { key: 'rsa', digest: 'sha384' },
  '1.2.840.113549.1.1.13': { key: 'rsa', digest: 'sha512' },
  '1.2.840.113549.1.1.10': { key: 'rsa', isPss: true },
  '1.2.840.10045.4.3.2': { key: 'ec', digest: 'sha256' },
  '1.2.840.10045.4.3.3': { key: 'ec', digest: 'sha384' },
  '1.2.840.10045.4.3.4': { key: 'ec', digest: 'sha512' },
};

/** A token that is not taken, and why. */
export class TokenError extends Error {
  override readonly name = 'TokenError';
}

export interface SignedData {
  /** DER of the TSTInfo: what is signed. */
  readonly content: Buffer;
  readonly certificates: readonly Buffer[];
  readonly digests: Der;
  readonly signer: readonly Der[];
}

/** Whose key signed the content, and how. */
export interface Signer {
  /** In DER: the one that the signed attribute names, whatever others are there. */
  readonly certificate: Buffer;
  /** By RSASSA-PSS, which `openssl ts -verify` does not check. */
  readonly isPss: boolean;
}

/** Checks the one signature. @throws TokenError, DerError */
export function verifySignature({ content, certificates, digests, signer }: SignedData): Signer {
  const [version, identifier, digestAlgorithm, attributes, algorithm, signature] = signer;
  const digest = digestOf(digestAlgorithm, 'the digest algorithm');
  for (const one of inside(digests))
    requireEqual(digestOf(one, 'the digest algorithms'), digest, 'its digest is not that of its signer');
  const signed = expectTag(attributes, context(0), 'the signed attributes');
  const values = attributesOf(signed);
  const contentType = oidOf(expectTag(values.get(CONTENT_TYPE), TAG.oid, 'content-type'));
  requireEqual(contentType, TST_INFO, 'content-type differs');
  const stated = expectTag(values.get(MESSAGE_DIGEST), TAG.octets, 'message-digest').content;
  if (!stated.equals(createHash(digest).update(content).digest()))
    throw new TokenError('its content is not what was signed');
  const certificate = namedCertificate(values.get(SIGNING_CERTIFICATE_V2), certificates);
  requireForStamping(certificate);
  requireSigner(expectTag(version, TAG.integer, 'the version'), identifier, certificate);
  // Signed is the SET, not the tag under which it is sent (RFC 5652, 5.4).
  const message = Buffer.concat([Uint8Array.of(TAG.set), signed.bytes.subarray(1)]);
  const bytes = expectTag(signature, TAG.octets, 'the signature').content;
  const key = keyFor(algorithm, digest, new X509Certificate(certificate));
  if (!verify(digest, message, key, bytes)) throw new TokenError('its signature is bad');
  return { certificate, isPss: 'saltLength' in key };
}

/** Beside the digest of its certificate, a signer is named by issuer and serial number (version 1), or by its key. */
function requireSigner(version: Der, identifier: Der | undefined, certificate: Buffer): void {
  if (identifier?.tag === KEY_IDENTIFIER)
    return requireEqual(unsignedHex(version), '03', 'its signer is ambiguous');
  requireEqual(unsignedHex(version), '01', 'its signer is of another version');
  const named = inside(expectTag(identifier, TAG.sequence, 'the signer’s name'));
  const [, serial, , issuer] = inside(inside(parseDer(certificate))[0]!);
  if (!named[0]?.bytes.equals(issuer!.bytes) || !named[1]?.bytes.equals(serial!.bytes))
    throw new TokenError('its signer has another name than its certificate');
}

function keyFor(algorithm: Der | undefined, digest: string, { publicKey }: X509Certificate) {
  const [oid, parameters] = inside(expectTag(algorithm, TAG.sequence, 'the signature algorithm'));
  const name = oidOf(expectTag(oid, TAG.oid, 'the signature algorithm'));
  const scheme = SCHEMES[name];
  const kind = publicKey.asymmetricKeyType?.replace('rsa-pss', 'rsa');
  if (!scheme || scheme.key !== kind || (scheme.digest ?? digest) !== digest)
    throw new TokenError(`the signature algorithm ${name} is not accepted`);
  if (scheme.isPss) return { key: publicKey, ...paddingOf(parameters, digest) };
  requireNull(parameters);
  return scheme.key === 'ec' ? publicKey : { key: publicKey, padding: constants.RSA_PKCS1_PADDING };
}

/** RSASSA-PSS (RFC 4056): the digest of the message is that of the padding and of its mask. */
function paddingOf(parameters: Der | undefined, digest: string) {
  const [hashed, mask, salt] = inside(expectTag(parameters, TAG.sequence, 'the parameters of RSASSA-PSS'));
  const [own] = inside(expectTag(hashed, context(0), 'the digest of RSASSA-PSS'));
  const [generation] = inside(expectTag(mask, context(1), 'the mask of RSASSA-PSS'));
  const [oid, masked] = inside(expectTag(generation, TAG.sequence, 'the mask of RSASSA-PSS'));
  requireEqual(oidOf(expectTag(oid, TAG.oid, 'the mask of RSASSA-PSS')), MGF1, 'its mask is not MGF1');
  for (const one of [own, masked])
    requireEqual(digestOf(one, 'the digest of RSASSA-PSS'), digest, 'it uses two digests');
  const [length] = inside(expectTag(salt, context(2), 'the salt of RSASSA-PSS'));
  const saltLength = Number.parseInt(
    unsignedHex(expectTag(length, TAG.integer, 'the salt of RSASSA-PSS')),
    16,
  );
  return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
}

function attributesOf(signed: Der): Map<string, Der> {
  const values = new Map<string, Der>();
  for (const attribute of inside(signed)) {
    const [type, set] = inside(attribute);
    const name = oidOf(expectTag(type, TAG.oid, 'an attribute'));
    const all = inside(expectTag(set, TAG.set, 'an attribute'));
    if (values.has(name) || all.length !== 1) throw new TokenError('a signed attribute is there twice');
    values.set(name, all[0] as Der);
  }
  return values;
}

function namedCertificate(attribute: Der | undefined, certificates: readonly Buffer[]): Buffer {
  const [list] = inside(expectTag(attribute, TAG.sequence, 'ESSCertIDv2 (RFC 5816)'));
  const [id] = inside(expectTag(list, TAG.sequence, 'ESSCertIDv2'));
  const [first, second] = inside(expectTag(id, TAG.sequence, 'ESSCertIDv2'));
  const byDefault = first?.tag === TAG.octets;
  const digest = byDefault ? 'sha256' : digestOf(first, 'ESSCertIDv2');
  const hash = expectTag(byDefault ? first : second, TAG.octets, 'ESSCertIDv2').content;
  const found = certificates.find((der) => createHash(digest).update(der).digest().equals(hash));
  if (!found) throw new TokenError('the certificate of its signer is not in it');
  return found;
}

function requireForStamping(certificate: Buffer): void {
  if (!isForTimeStamping(certificate))
    throw new TokenError('its certificate is not, critically and only, for time stamping');
  if (!isForSigningOnly(certificate))
    throw new TokenError(
      'the key usage of its certificate is not signing alone (digitalSignature, nonRepudiation)',
    );
}

export function digestOf(algorithm: Der | undefined, what: string): string {
  const [oid, parameters] = inside(expectTag(algorithm, TAG.sequence, what));
  requireNull(parameters);
  const name = oidOf(expectTag(oid, TAG.oid, what));
  const digest = DIGESTS[name];
  if (digest === undefined) throw new TokenError(`the digest ${name} is not accepted`);
  return digest;
}

function requireNull(parameters: Der | undefined): void {
  if (parameters) requireEqual(parameters.bytes.toString('hex'), '0500', 'an algorithm has parameters');
}

export function requireEqual(value: string, wanted: string, otherwise: string): void {
  if (value !== wanted) throw new TokenError(otherwise);
}
