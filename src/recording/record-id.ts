import { hash } from 'node:crypto';

/** RFC 9562 namespace of this product's record ids; changing it would change what every id means. */
const NAMESPACE = Buffer.from('3c5f2d9e7f0a5b419a631f0c64a1d7b2', 'hex');

const scratch = Buffer.alloc(512);
NAMESPACE.copy(scratch);

/**
 * UUID v5 (RFC 9562 section 5.5) of `source LF commandid LF index`: the same command gives the same ids in whichever
 * process it is decided. `source` and `commandid` are ASCII and short.
 */
export function recordId(source: string, commandId: string, index: number): string {
  const length = 16 + scratch.write(`${source}\n${commandId}\n${index}`, 16, 'latin1');
  return uuidOf(hash('sha1', scratch.subarray(0, length), 'hex'));
}

/** UUID (RFC 9562) from a digest in hex: its first 128 bits, with version and variant set. Version 5 is of SHA-1. */
export function uuidOf(hex: string, version: 5 | 8 = 5): string {
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${version}${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
