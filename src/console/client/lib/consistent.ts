import { hashFromBase64 } from '../../../tlog/encoding.js';
import { emptyRoot, verifyConsistency, type TreeHead } from '../../../tlog/merkle.js';
import { fetchConsistency } from './fetched.js';
import { sha256 } from './sha256.js';

/** Fetches the proof that a log of one state began with all records of another, and checks it here. @throws Error. */
export async function isPrefix(log: string, from: TreeHead, to: TreeHead): Promise<boolean> {
  // Every log begins with no records; and the same size needs no proof, and no answer of the server.
  if (from.size === 0) return from.root === emptyRoot(sha256);
  const proof = from.size === to.size ? [] : await fetchConsistency(log, from.size, to.size);
  return verifyConsistency(sha256, from, to, proof.map(hashFromBase64));
}
