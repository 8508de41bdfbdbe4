import { counted } from '../shared/counted.js';
import type { LogName } from '../lab/origins.js';
import { sha256 } from '../shared/sha256.js';
import type { StoredRecord } from '../store/event-store.js';
import type { Hash } from '../tlog/encoding.js';
import { leafHash, type TreeHead } from '../tlog/merkle.js';
import type { MerkleTree } from '../tlog/tree.js';

export type ReplicationCode =
  /** There is no ledger in the source. */
  | 'source-empty'
  /** A record's bytes are not those that its stored hash was made of; copying would make it look whole. */
  | 'source-damaged'
  /** The target holds all that the source holds, and more. */
  | 'source-behind'
  /** The target holds another record in a place of the source's. */
  | 'target-differs'
  /** What can be read from the target afterwards is not what was written. */
  | 'copy-differs'
  /** Records that are there are not those that were signed: adding others cannot mend that. */
  | 'store-inconsistent'
  /** The source does not reach what was signed, or has other records. */
  | 'source-unfit'
  /** Records are missing, and there is nothing to bring them back from. */
  | 'source-needed';

export class ReplicationError extends Error {
  override readonly name = 'ReplicationError';

  constructor(
    readonly code: ReplicationCode,
    message: string,
  ) {
    super(message);
  }
}

/** The leaf hash of a record of the source. @throws ReplicationError where it is not the one that is stored beside it. */
export function mustBeUndamaged(log: LogName, { number, text, leaf }: StoredRecord): Hash {
  if (leafHash(sha256, text) === leaf) return leaf;
  throw new ReplicationError(
    'source-damaged',
    `Record ${number} of ${log} in the source is not what its stored hash says. Run verify there before anything is copied.`,
  );
}

export function mustAgree(
  log: LogName,
  tree: MerkleTree,
  { size, root }: TreeHead,
  code: 'store-inconsistent' | 'source-unfit',
): void {
  if (tree.root(size) === root) return;
  throw new ReplicationError(
    code,
    code === 'source-unfit'
      ? `The records of ${log} in the source are not those that were signed at size ${size}. Nothing was taken from it.`
      : `The first ${size} records of ${log} are not those that were signed. Adding records cannot mend that: put a true copy of the database in its place, and restore that.`,
  );
}

export function otherRecord(
  log: LogName,
  number: number,
  code: 'target-differs' | 'source-unfit',
): ReplicationError {
  const help = code === 'target-differs' ? ' Name an empty target.' : '';
  return new ReplicationError(
    code,
    `Record ${number} of ${log} in the target is another than in the source: it is not a copy of this ledger. Nothing was written.${help}`,
  );
}

export function sourceBehind(log: LogName, held: number, size: number): ReplicationError {
  return new ReplicationError(
    'source-behind',
    `The target holds ${counted(held, 'record')} of ${log}, the source only their first ${size}: the target is the later one. Nothing was written.`,
  );
}

/** @param size what the source has */
export function tooShort(
  log: LogName,
  { from, vouched, size }: { from: number; vouched: number; size: number },
): ReplicationError {
  const what = `${log} holds ${counted(from, 'record')}, and ${vouched} were signed`;
  return size === 0
    ? new ReplicationError('source-needed', `${what}: name a copy that has them with --from.`)
    : new ReplicationError(
        'source-unfit',
        `${what}; the source has ${size}. Find a later copy, export or mirror.`,
      );
}
