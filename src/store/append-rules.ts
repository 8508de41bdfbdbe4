// String.isWellFormed: Node 20 has it, the ES2023 library does not describe it.
/// <reference lib="es2024.string" />
import { MAX_APPEND_BYTES, type NewRecord } from './event-store.js';
import { StoreError } from './store-error.js';

const LEAF_CHARACTERS = 32;

/** Refuses, before a store is touched, an append that no store may take. The same for every adapter. */
export function checkAppend(expectedSize: number, records: readonly NewRecord[]): void {
  if (records.length === 0) throw new StoreError('invalid', 'An append holds at least one record.');
  if (!Number.isSafeInteger(expectedSize) || expectedSize < 0)
    throw new StoreError('invalid', `An expected size is a whole number from 0 on, not ${expectedSize}.`);
  let bytes = 0;
  for (const { text, leaf } of records) {
    // A lone surrogate has no UTF-8: what would be stored is not what was hashed.
    if (text.length === 0 || !text.isWellFormed() || leaf.length !== LEAF_CHARACTERS)
      throw new StoreError(
        'invalid',
        'A record has at least one byte of Unicode text and a leaf hash of 32.',
      );
    bytes += Buffer.byteLength(text);
  }
  if (bytes > MAX_APPEND_BYTES)
    throw new StoreError(
      'too-large',
      `This append has ${bytes} bytes; one append takes ${MAX_APPEND_BYTES}. Append in parts.`,
    );
}
