/** The extensions of an X.509 certificate (RFC 5280, 4.2.1) that node:crypto does not tell. */
import {
  context,
  DerError,
  expectTag,
  inside,
  oidOf,
  parseDer,
  TAG,
  unsignedHex,
  type Der,
} from './read-der.js';

const KEY_USAGE = '2.5.29.15';
const BASIC_CONSTRAINTS = '2.5.29.19';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';

/** The first byte of KeyUsage: digitalSignature is its highest bit, nonRepudiation the next. */
const SIGNING_BITS = 0xc0;

interface Extension {
  readonly isCritical: boolean;
  readonly value: Der;
}

/** Whether the certificate, in DER, is critically and only for time stamping. @throws DerError */
export function isForTimeStamping(certificate: Buffer): boolean {
  const extension = extensionOf(certificate, EXTENDED_KEY_USAGE);
  if (!extension?.isCritical) return false;
  const usages = inside(expectTag(extension.value, TAG.sequence, 'the extended key usage')).map(oidOf);
  return usages.length === 1 && usages[0] === TIME_STAMPING;
}

/** Whether its key usage, where there is one, is digitalSignature or nonRepudiation and nothing else. @throws DerError */
export function isForSigningOnly(certificate: Buffer): boolean {
  const extension = extensionOf(certificate, KEY_USAGE);
  if (!extension) return true;
  const [unused, first = 0, ...rest] = expectTag(extension.value, TAG.bits, 'the key usage').content;
  if (unused === undefined) throw new DerError('the key usage is empty');
  return (first & SIGNING_BITS) !== 0 && (first & ~SIGNING_BITS) === 0 && rest.every((byte) => byte === 0);
}

/** How many intermediate certificates may follow this one before the last of a chain. @throws DerError */
export function pathLengthOf(certificate: Buffer): number {
  const extension = extensionOf(certificate, BASIC_CONSTRAINTS);
  const parts = extension ? inside(expectTag(extension.value, TAG.sequence, 'the basic constraints')) : [];
  const length = parts.find(({ tag }) => tag === TAG.integer);
  return length ? Number.parseInt(unsignedHex(length), 16) : Infinity;
}

function extensionOf(certificate: Buffer, wanted: string): Extension | undefined {
  const [body] = inside(parseDer(certificate));
  const wrapped = inside(expectTag(body, TAG.sequence, 'the certificate')).find(
    ({ tag }) => tag === context(3),
  );
  if (!wrapped) return undefined;
  const [list] = inside(wrapped);
  for (const extension of inside(expectTag(list, TAG.sequence, 'the extensions'))) {
    const [id, ...rest] = inside(extension);
    if (oidOf(expectTag(id, TAG.oid, 'an extension')) !== wanted) continue;
    const isCritical = rest[0]?.tag === TAG.boolean && rest[0].content[0] === 0xff;
    return { isCritical, value: parseDer(expectTag(rest.at(-1), TAG.octets, 'an extension').content) };
  }
  return undefined;
}
