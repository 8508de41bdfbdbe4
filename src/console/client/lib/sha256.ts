import { sha256 as digest } from '@noble/hashes/sha2.js';
import { bytesToHash, utf8 } from '../../../tlog/encoding.js';
import type { Sha256 } from '../../../tlog/merkle.js';

/** Computed in this page: the browser’s own SHA-256 answers later, and only on a secure address. */
export const sha256: Sha256 = (data) => bytesToHash(digest(typeof data === 'string' ? utf8(data) : data));
