import { counted } from '../../shared/counted.js';
import type { NewRecord, StoredRecord } from '../event-store.js';
import { StoreError } from '../store-error.js';
import { sayDeleted } from './kurrentdb-errors.js';
import type { RawEvent, Slice } from './read.js';

export function toText({ number, bytes }: RawEvent): StoredRecord {
  return { number, text: bytes.toString(), leaf: '' };
}

export function areSame(records: readonly NewRecord[], stored: readonly StoredRecord[]): boolean {
  return stored.length === records.length && records.every(({ text }, i) => stored[i]?.text === text);
}

/** Consecutive records. `size` is that of the whole stream; `isEnd` says that these are its last. */
export interface CheckedSlice {
  readonly records: readonly StoredRecord[];
  readonly isEnd: boolean;
  readonly size: number;
}

/** @throws StoreError `integrity` at a gap. */
export function checkSlice(
  stream: string,
  from: number,
  count: number,
  { events: records, last }: Slice<StoredRecord>,
): CheckedSlice {
  const gap = records.findIndex(({ number }, i) => number !== from + i);
  if (gap >= 0) throw missingError(stream, from + gap, records[gap]!.number);
  const next = from + records.length;
  if (records.length < count && last >= next) throw missingError(stream, next, last + 1);
  return { records, isEnd: last < next, size: last + 1 };
}

function missingError(stream: string, from: number, next: number): StoreError {
  const which =
    next - from === 1 ? `Record ${from} of ${stream} is` : `Records ${from} to ${next - 1} of ${stream} are`;
  return new StoreError(
    'integrity',
    `${which} missing in KurrentDB: the stream was cut or scavenged. Stop writing, and run verify.`,
  );
}

export function shrunkError(stream: string, seen: number, size: number): StoreError {
  const now = size === 0 ? 'is gone' : `now ends after ${size}`;
  return new StoreError(
    'integrity',
    `Stream ${stream} held ${counted(seen, 'record')} and ${now}: it was deleted or cut in KurrentDB, or an older state of the ` +
      'cluster was restored. Stop writing, and run verify.',
  );
}

export function deletedError(stream: string): StoreError {
  return new StoreError('integrity', sayDeleted(stream));
}

export function falseConflictError(stream: string, cause: unknown): StoreError {
  return new StoreError(
    'unknown-outcome',
    `KurrentDB refuses an append to ${stream} because of a later record, but shows none. Repeat exactly this append.`,
    { cause },
  );
}
