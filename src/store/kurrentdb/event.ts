import { hash } from 'node:crypto';
import { leafHash, type Sha256 } from '../../tlog/merkle.js';
import type { NewRecord, StoredRecord } from '../event-store.js';
import type { NewEvent } from './append-messages.js';
import type { RawEvent } from './read.js';
import { StoreError } from '../store-error.js';

/** Decoding puts this character where bytes are not UTF-8. A text may also contain it. */
const REPLACEMENT = '\uFFFD';

/** For a record whose text has no type of its own. */
const NO_TYPE = 'record';
const LONGEST_TYPE = 100;

/**
 * The id of a record's event: the first 16 bytes of its leaf hash as a UUID v8 (RFC 9562). KurrentDB recognises a repeated
 * append by its ids alone, whatever the bytes; so the id has to follow from the bytes.
 */
export function makeEventId(leaf: string): string {
  const bytes = Buffer.from(leaf.slice(0, 16), 'latin1');
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The event's data is the record's bytes; its content type is JSON if they are, as in every record of a ledger. */
export function toEvent({ text, leaf, type }: NewRecord): NewEvent {
  const id = makeEventId(leaf);
  if (type !== undefined) return { id, type, contentType: 'application/json', text };
  const data = parseJson(text);
  const contentType = data === undefined ? 'application/octet-stream' : 'application/json';
  return { id, type: readType(data), contentType, text };
}

/** Undefined where the text is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** For the server's pages and connectors only; the ledger uses the `type` in the record itself. */
function readType(data: unknown): string {
  const type = (data as { type?: unknown } | null | undefined)?.type;
  return typeof type === 'string' && type !== '' && type.length <= LONGEST_TYPE ? type : NO_TYPE;
}

const sha256: Sha256 = (data) => hash('sha256', data, 'binary');

/** @throws StoreError `integrity` where the event's id does not follow from its bytes. */
export function toRecord(stream: string, { number, id, bytes }: RawEvent): StoredRecord {
  const text = bytes.toString('utf8');
  const leaf = leafHash(sha256, text);
  if (makeEventId(leaf) !== id || (text.includes(REPLACEMENT) && !bytes.equals(Buffer.from(text))))
    throw new StoreError(
      'integrity',
      `Record ${number} of ${stream} was changed, or another program wrote it: its bytes do not match its event id. ` +
        'Stop writing, and run verify.',
    );
  return { number, text, leaf };
}
