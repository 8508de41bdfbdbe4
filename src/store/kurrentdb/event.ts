import { hash } from 'node:crypto';
import { leafHash, type Sha256 } from '../../tlog/merkle.js';
import type { NewRecord, StoredRecord } from '../event-store.js';
import type { NewEvent } from './append-messages.js';
import type { RawEvent } from './read.js';
import { StoreError } from '../store-error.js';

/** What becomes of bytes that are not UTF-8 when they are read as text, besides standing for itself. */
const REPLACEMENT = '\uFFFD';

/** Of a record whose text names no type of its own. */
const NO_TYPE = 'record';
const LONGEST_TYPE = 100;

/**
 * The id of a record's event: the first 16 bytes of its leaf hash as a UUID v8 (RFC 9562). KurrentDB takes an append
 * whose ids it knows for a repetition without looking at the bytes; so the id has to mean the bytes.
 */
export function eventIdOf(leaf: string): string {
  const bytes = Buffer.from(leaf.slice(0, 16), 'latin1');
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** A record as an event whose data is its bytes: JSON to the server where they are, as every record of a ledger is. */
export function eventOf({ text, leaf, type }: NewRecord): NewEvent {
  const id = eventIdOf(leaf);
  if (type !== undefined) return { id, type, contentType: 'application/json', text };
  const data = parsed(text);
  const contentType = data === undefined ? 'application/octet-stream' : 'application/json';
  return { id, type: typeOf(data), contentType, text };
}

/** Undefined for what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** For the server's pages and its connectors; the record's own `type` is what counts. */
function typeOf(data: unknown): string {
  const type = (data as { type?: unknown } | null | undefined)?.type;
  return typeof type === 'string' && type !== '' && type.length <= LONGEST_TYPE ? type : NO_TYPE;
}

const sha256: Sha256 = (data) => hash('sha256', data, 'binary');

/** @throws StoreError `integrity` where the bytes are not those that the event's id was made of. */
export function recordOf(stream: string, { number, id, bytes }: RawEvent): StoredRecord {
  const text = bytes.toString('utf8');
  const leaf = leafHash(sha256, text);
  if (eventIdOf(leaf) !== id || (text.includes(REPLACEMENT) && !bytes.equals(Buffer.from(text))))
    throw new StoreError(
      'integrity',
      `Record ${number} of ${stream} was changed, or another program wrote it: its bytes do not fit its id. ` +
        'Write nothing more, and run verify.',
    );
  return { number, text, leaf };
}
