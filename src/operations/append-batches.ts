import { MAX_APPEND_BYTES, type NewRecord, type StoredRecord } from '../store/event-store.js';

/** Splits a page of stored records into appends of the size that one append may have. */
export function* splitIntoAppends(page: readonly StoredRecord[]): Generator<NewRecord[]> {
  let batch: NewRecord[] = [];
  let bytes = 0;
  for (const { text, leaf } of page) {
    const length = Buffer.byteLength(text);
    if (bytes + length > MAX_APPEND_BYTES) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push({ text, leaf });
    bytes += length;
  }
  yield batch;
}
