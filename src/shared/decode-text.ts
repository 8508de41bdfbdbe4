/** Byte order marks, and the encodings that they announce. */
const MARKS: readonly (readonly [mark: readonly number[], encoding: string])[] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];

/**
 * The text of a file that a person saved. Its byte order mark, which is left out, tells the encoding; without one it is
 * UTF-8, or what the caller says. @throws TypeError where the bytes are not text in that encoding.
 */
export function decodeText(bytes: Uint8Array, encoding = 'utf-8'): string {
  const marked = MARKS.find(([mark]) => mark.every((byte, i) => bytes[i] === byte));
  return new TextDecoder(marked?.[1] ?? encoding, { fatal: true }).decode(bytes);
}
