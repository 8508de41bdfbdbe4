/** As much of DER (ITU-T X.690) as an RFC 3161 response needs to be read. Lengths are definite; nothing is guessed. */
export interface Der {
  readonly tag: number;
  /** Tag, length and content. */
  readonly bytes: Buffer;
  readonly content: Buffer;
}

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  null: 0x05,
  oid: 0x06,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Context-specific and constructed, `[n]`. */
export function context(n: number): number {
  return 0xa0 + n;
}

export class DerError extends Error {
  override readonly name = 'DerError';
}

/** One value that fills the bytes. @throws DerError. */
export function parseDer(bytes: Buffer): Der {
  const found = derAt(bytes, 0);
  if (found.bytes.length !== bytes.length) throw new DerError('something follows the value');
  return found;
}

/** The values inside a constructed one. @throws DerError. */
export function inside({ content }: Der): Der[] {
  const values: Der[] = [];
  for (let at = 0; at < content.length;) {
    const value = derAt(content, at);
    values.push(value);
    at += value.bytes.length;
  }
  return values;
}

/** @throws DerError where there is no value, or one of another kind. */
export function expectTag(value: Der | undefined, tag: number, what: string): Der {
  if (value?.tag === tag) return value;
  throw new DerError(`${what} is missing or of another kind`);
}

export function oidOf({ content }: Der): string {
  const parts: number[] = [];
  let value = 0;
  for (const byte of content) {
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      parts.push(value);
      value = 0;
    }
  }
  const [head = 0, ...rest] = parts;
  const first = Math.min(2, Math.floor(head / 40));
  return [first, head - 40 * first, ...rest].join('.');
}

/** A non-negative integer in hex without leading zeros. */
export function unsignedHex({ content }: Der): string {
  return content.toString('hex').replace(/^(00)+(?=.)/, '');
}

function derAt(bytes: Buffer, at: number): Der {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined) throw new DerError('the value is cut off');
  let start = at + 2;
  let length = first;
  if (first >= 0x80) {
    const count = first - 0x80;
    if (count === 0 || count > 4) throw new DerError('a length is indefinite or too large');
    if (start + count > bytes.length) throw new DerError('the value is cut off');
    length = bytes.readUIntBE(start, count);
    start += count;
  }
  if (start + length > bytes.length) throw new DerError('the value is cut off');
  return { tag, bytes: bytes.subarray(at, start + length), content: bytes.subarray(start, start + length) };
}
