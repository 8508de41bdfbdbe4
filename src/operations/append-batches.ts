import { MAX_APPEND_BYTES, type NewRecord, type StoredRecord } from '../store/event-store.js';

/** A page of stored records as appends: as much at a time as one append takes. */
export function* batches(page: readonly StoredRecord[]): Generator<NewRecord[]> {
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
