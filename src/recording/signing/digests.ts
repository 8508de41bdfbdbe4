import { sha256Hex } from '../../shared/sha256.js';
import { canonical } from '../../tlog/canonical.js';

/** SHA-256, hex, of the canonical bytes of a record. */
export function recordDigest(record: object): string {
  return sha256Hex(canonical(record));
}

/** SHA-256, hex, of records as NDJSON: the canonical bytes of each and LF. */
export function rangeDigest(records: Iterable<object>): string {
  let text = '';
  for (const record of records) text += `${canonical(record)}\n`;
  return sha256Hex(text);
}
