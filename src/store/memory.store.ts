import { checkAppend } from './append-rules.js';
import {
  MAX_APPEND_BYTES,
  PAGE_RECORDS,
  type EventStore,
  type NewRecord,
  type StoredRecord,
} from './event-store.js';
import { conflictError, StoreError } from './store-error.js';

/** Keeps records in memory only, for tests. It does all that the port promises except surviving the process. */
export class MemoryStore implements EventStore {
  readonly soleWriter: boolean = true;
  readonly maxAppendBytes: number = MAX_APPEND_BYTES;
  readonly groupsAppends: boolean = true;
  readonly hashesOnRead = false;
  readonly #records = new Map<string, StoredRecord[]>();
  #closed = false;

  async append(stream: string, expectedSize: number, records: readonly NewRecord[]): Promise<void> {
    this.#checkOpen();
    checkAppend(expectedSize, records);
    const stored = this.#records.get(stream) ?? [];
    if (stored.length !== expectedSize) {
      if (records.every(({ leaf }, i) => stored[expectedSize + i]?.leaf === leaf)) return;
      throw conflictError(stream, expectedSize, stored.length);
    }
    records.forEach(({ text, leaf }, i) => stored.push({ number: expectedSize + i, text, leaf }));
    this.#records.set(stream, stored);
  }

  async *read(stream: string, from = 0): AsyncGenerator<readonly StoredRecord[]> {
    this.#checkOpen();
    const stored = this.#records.get(stream) ?? [];
    const end = stored.length;
    for (let number = from; number < end; number += PAGE_RECORDS) {
      this.#checkOpen();
      yield stored.slice(number, Math.min(number + PAGE_RECORDS, end));
    }
  }

  async size(stream: string): Promise<number> {
    this.#checkOpen();
    return this.#records.get(stream)?.length ?? 0;
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #checkOpen(): void {
    if (this.#closed) throw new StoreError('closed', 'This store was closed. Open it again.');
  }
}
