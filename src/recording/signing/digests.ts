import { createHash } from 'node:crypto';
import { sha256Hex } from '../../shared/sha256.js';
import type { AppendList } from '../../study/fold/append-list.js';
import type { StoredStudyRecord } from '../../study/record.js';
import type { Covered } from '../../study/signatures/statement.js';
import { canonical } from '../../tlog/canonical.js';

/** SHA-256, hex, of the canonical bytes of a record. */
export function recordDigest(record: object): string {
  return sha256Hex(canonical(record));
}

/** SHA-256, hex, of records as NDJSON: the canonical bytes of each and LF. */
export function rangeDigest(records: Iterable<object>): string {
  const digest = createHash('sha256');
  for (const record of records) digest.update(`${canonical(record)}\n`);
  return digest.digest('hex');
}

/** By the first record: the digests of ranges that begin with it, by their last. */
const made = new WeakMap<StoredStudyRecord, Map<number, string>>();

/**
 * The digest of what was signed, of the records as they are folded; undefined where they are fewer. It is made once: folded
 * records never change, and whoever signs reviews of the whole study again and again must not make every page slow.
 */
export function digestIn(records: AppendList<StoredStudyRecord>, { from, to }: Covered): string | undefined {
  const first = records.at(from);
  if (!first || to < from || !records.at(to)) return undefined;
  const known = made.get(first) ?? new Map<number, string>();
  made.set(first, known);
  const digest =
    known.get(to) ?? (from === to ? recordDigest(first.record) : rangeDigest(between(records, from, to)));
  known.set(to, digest);
  return digest;
}

function* between(records: AppendList<StoredStudyRecord>, from: number, to: number): Generator<object> {
  for (let number = from; number <= to; number++) yield records.at(number)!.record;
}
