import { hashFromBase64 } from '../../../tlog/encoding.js';
import { verifyConsistency, type TreeHead } from '../../../tlog/merkle.js';
import { fetchConsistency } from './fetched.js';
import { sha256 } from './sha256.js';

/** Fetches the proof that a log of one state began with all records of another, and checks it here. @throws Error. */
export async function isPrefix(log: string, from: TreeHead, to: TreeHead): Promise<boolean> {
  // The same size needs no proof, and no answer of the server.
  const proof = from.size === to.size ? [] : await fetchConsistency(log, from.size, to.size);
  return verifyConsistency(sha256, from, to, proof.map(hashFromBase64));
}
