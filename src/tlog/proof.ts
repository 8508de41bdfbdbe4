/**
 * C2SP tlog-proof: all that shows, offline, that a record is in a log.
 *
 *     c2sp.org/tlog-proof@v1
 *     index 5
 *     EeH1WCI/THG2vhzs/R8N6HFG0llId8J7KexRn5BAITw=
 *     …
 *
 *     (the checkpoint, verbatim)
 */
import { hashFromBase64, hashToBase64, fromBase64, parseDecimal, type Hash } from './encoding.js';
import { LedgerError } from './error.js';
import { leafHash, MAX_PROOF, verifyInclusion, type Sha256 } from './merkle.js';
import { verifyCheckpoint, type Judge, type Policy, type TrustedCheckpoint } from './policy.js';

const HEADER = 'c2sp.org/tlog-proof@v1';

/** As it stands: nothing in it is verified. `note` is the signed checkpoint. */
export type LogProof = { readonly index: number; readonly proof: readonly Hash[]; readonly note: string };

export function formatProof({ index, proof, note }: LogProof): string {
  return [HEADER, `index ${index}`, ...proof.map(hashToBase64), '', note].join('\n');
}

/**
 * Takes a proof apart without believing it. An `extra` line is checked for its form and dropped: nothing vouches
 * for it.
 * @throws LedgerError `bad-proof`, `bad-encoding`, `bad-hash`.
 */
export function parseProof(text: string): LogProof {
  const separator = text.indexOf('\n\n');
  const [header, ...lines] = text.slice(0, Math.max(0, separator)).split('\n');
  if (header !== HEADER) throw new LedgerError('bad-proof', `a proof begins with ${HEADER}`);
  if (lines[0]?.startsWith('extra ') === true) fromBase64(lines.shift()!.slice('extra '.length));
  const [index, ...proof] = lines;
  if (index?.startsWith('index ') !== true) throw new LedgerError('bad-proof', 'no line with the index');
  if (proof.length > MAX_PROOF) throw new LedgerError('bad-proof', `more than ${MAX_PROOF} hashes`);
  return {
    index: parseDecimal(index.slice('index '.length)),
    proof: proof.map(hashFromBase64),
    note: text.slice(separator + 2),
  };
}

/**
 * Verifies that these bytes are record `number` of a log that the policy knows, under a checkpoint that satisfies it.
 *
 * A proof may verify at more than one index: `number` must be what the record says of itself, its `sequence`.
 * @throws LedgerError `bad-proof`, and as `parseProof`, `verifyCheckpoint`.
 */
export function verifyProof(
  sha256: Sha256,
  text: string,
  record: { readonly number: number; readonly leaf: Uint8Array | string },
  policy: Policy,
  judge: Judge,
): TrustedCheckpoint {
  const { index, proof, note } = parseProof(text);
  if (index !== record.number)
    throw new LedgerError('bad-proof', `proves record ${index}, not ${record.number}`);
  const trusted = verifyCheckpoint(note, policy, judge);
  if (!verifyInclusion(sha256, leafHash(sha256, record.leaf), index, trusted.checkpoint, proof))
    throw new LedgerError('bad-proof', `record ${index} is not in this log as given`);
  return trusted;
}
