// String.isWellFormed: Node 20 has it, the ES2023 library does not describe it.
/// <reference lib="es2024.string" />
import { MAX_APPEND_BYTES, type NewRecord } from './event-store.js';
import { StoreError } from './store-error.js';

const LEAF_CHARACTERS = 32;

/** @throws StoreError `invalid` or `too-large` for an append that no store accepts. Every adapter calls it first. */
export function checkAppend(expectedSize: number, records: readonly NewRecord[]): void {
  if (records.length === 0) throw new StoreError('invalid', 'An append needs at least one record.');
  if (!Number.isSafeInteger(expectedSize) || expectedSize < 0)
    throw new StoreError('invalid', `The expected size must be a whole number ≥ 0, not ${expectedSize}.`);
  let bytes = 0;
  for (const { text, leaf } of records) {
    // A lone surrogate has no UTF-8 form: the stored bytes would differ from the hashed text.
    if (text.length === 0 || !text.isWellFormed() || leaf.length !== LEAF_CHARACTERS)
      throw new StoreError(
        'invalid',
        'A record needs Unicode text of at least one byte, and a leaf hash of 32 bytes.',
      );
    bytes += Buffer.byteLength(text);
  }
  if (bytes > MAX_APPEND_BYTES)
    throw new StoreError(
      'too-large',
      `This append has ${bytes} bytes; at most ${MAX_APPEND_BYTES} are accepted at once. Append in parts.`,
    );
}
