import { sha256 } from '../../runtime/crypto.js';
import { textOf } from '../record.js';

/** Texts that open commitments, by digest; undefined where there is none. */
export type Disclosures = (digest: string) => string | undefined;

/**
 * Whether a disclosure opens a commitment (the pattern of SD-JWT): the digest is that of its characters, and it holds a salt
 * and a value.
 */
export function opens(disclosure: string, digest: string): boolean {
  if (!/^[A-Za-z0-9_-]+$/.test(disclosure)) return false;
  if (Buffer.from(sha256(disclosure), 'latin1').toString('base64url') !== digest) return false;
  try {
    const held = JSON.parse(Buffer.from(disclosure, 'base64url').toString()) as unknown;
    return Array.isArray(held) && held.length === 2 && textOf(held[0]).length === 43;
  } catch {
    return false;
  }
}
