import { createHash } from 'node:crypto';
import type { EventStore, NewRecord, StoredRecord } from '../../src/store/event-store.js';
import { isStoreError, type StoreErrorCode } from '../../src/store/store-error.js';

/** A record as the engine would hand it over: the leaf hash is that of the text. */
export function record(text: string): NewRecord {
  return { text, leaf: createHash('sha256').update('\0').update(text).digest().toString('latin1') };
}

export function records(count: number, label = 'r'): NewRecord[] {
  return Array.from({ length: count }, (_, i) => record(`{"${label}":${i}}`));
}

export async function readAll(store: EventStore, stream: string, from?: number): Promise<StoredRecord[]> {
  const all: StoredRecord[] = [];
  for await (const page of store.read(stream, from)) all.push(...page);
  return all;
}

/** What a rejected promise was rejected with; a promise that is kept fails the test. */
export async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => Promise.reject(new Error('was not refused')),
    (error: unknown) => error,
  );
}

export async function expectCode(promise: Promise<unknown>, code: StoreErrorCode): Promise<void> {
  const error = await failure(promise);
  if (!isStoreError(error)) throw error;
  expect(error.code).toBe(code);
}
