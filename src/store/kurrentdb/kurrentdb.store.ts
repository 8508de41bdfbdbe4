import { setTimeout as pause } from 'node:timers/promises';
import { checkAppend } from '../append-rules.js';
import {
  MAX_APPEND_BYTES,
  PAGE_RECORDS,
  type EventStore,
  type NewRecord,
  type StoredRecord,
} from '../event-store.js';
import { appendEvents } from './append.js';
import type { KurrentDBAddress } from './address.js';
import { KurrentDBConnection, PATIENCE, closed, type Patience } from './connection.js';
import { meaningOf } from './kurrentdb-errors.js';
import { eventOf, recordOf } from './event.js';
import { readSlice, type Slice } from './read.js';
import type { RawEvent } from './read.js';
import { StoreError, conflict, isStoreError } from '../store-error.js';

/** Events that one request reads: some ten milliseconds, and 64 MiB where every record is of the largest. */
const SLICE_RECORDS = 4 * PAGE_RECORDS;
const SLICES_AHEAD = 2;

/**
 * So often, while a stream is read on or appended to, its beginning is looked at too: one that was cut shows nothing at
 * its end, and one that was deleted goes on there as if nothing had been.
 */
const BEGINNING_MS = 10_000;

/** Between two looks at a stream that is shorter than it was. */
const STALE_PAUSE_MS = 100;

/**
 * A ledger on a KurrentDB cluster (docs/kurrentdb.md): a stream is a stream, a record's number its revision, its bytes
 * the event's data. Other processes append too, so what was read may be old by now; it is never wrong.
 *
 * Trust: an administrator of the cluster can delete and cut streams, and a resumed old leader shows them as they were.
 * What this process has once seen of a stream therefore has to stay there.
 */
export class KurrentDBStore implements EventStore {
  readonly soleWriter: boolean = false;
  readonly maxAppendBytes = MAX_APPEND_BYTES;
  readonly hashesOnRead = true;
  readonly #connection: KurrentDBConnection;
  readonly #prefix: string;
  /** The most records that were ever seen of a stream, in an answered append or in a read. */
  readonly #seen = new Map<string, number>();
  /** When each stream was last seen to begin with record 0. */
  readonly #begun = new Map<string, number>();
  /** Streams in which something was missing or changed when they were last looked at. */
  readonly #suspect = new Set<string>();
  readonly #pending = new Set<Promise<void>>();
  #closed = false;

  /** Nothing is sent yet: whether anybody answers shows at the first read. */
  constructor(address: KurrentDBAddress, patience: Partial<Patience> = {}) {
    this.#connection = new KurrentDBConnection(address, { ...PATIENCE, ...patience });
    this.#prefix = address.prefix;
  }

  async append(stream: string, expectedSize: number, records: readonly NewRecord[]): Promise<void> {
    this.#mustBeOpen();
    checkAppend(expectedSize, records);
    const isSuspect = this.#suspect.has(stream);
    const beginning = this.#beginning(stream, expectedSize);
    if (isSuspect) await beginning;
    // No append waits for it where nothing speaks against the stream: the next one heeds what it finds.
    else beginning.catch(() => undefined);
    const appending = this.#append(stream, expectedSize, records);
    this.#pending.add(appending);
    try {
      await appending;
    } finally {
      this.#pending.delete(appending);
    }
  }

  async *read(stream: string, from = 0): AsyncGenerator<readonly StoredRecord[]> {
    this.#mustBeOpen();
    const given = new AbortController();
    const beginning = this.#beginning(stream, from, given.signal);
    beginning.catch(() => undefined);
    try {
      const ahead: Promise<Checked>[] = [];
      let next = from;
      const ask = (): void => {
        const slice = this.#slice(stream, next, SLICE_RECORDS, given.signal);
        // Whoever turns away is not told how it ended.
        slice.catch(() => undefined);
        ahead.push(slice);
        next += SLICE_RECORDS;
      };
      // Most streams end within the first; of a longer one, more is read while these are being used.
      for (ask(); ahead.length > 0;) {
        const { records, isEnd } = await ahead.shift()!;
        await beginning;
        if (isEnd) ahead.length = 0;
        else while (ahead.length < SLICES_AHEAD) ask();
        for (let start = 0; start < records.length; start += PAGE_RECORDS) {
          this.#mustBeOpen();
          yield records.slice(start, start + PAGE_RECORDS);
        }
      }
    } finally {
      given.abort();
    }
  }

  async size(stream: string): Promise<number> {
    this.#mustBeOpen();
    return this.#settled(
      stream,
      () => this.#request(stream, undefined, 1, ({ number }) => number),
      ({ last }) => last + 1,
    );
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#pending);
    await this.#connection.close();
  }

  async #append(stream: string, expectedSize: number, records: readonly NewRecord[]): Promise<void> {
    const request = { stream: this.#prefix + stream, expectedSize, events: records.map(eventOf) };
    const { attemptMs } = this.#connection.patience;
    const giveUp = performance.now() + this.#connection.patience.giveUpMs;
    for (;;) {
      try {
        const revision = await this.#connection.patiently('unknown-outcome', (client) =>
          appendEvents(client, request, attemptMs),
        );
        return this.#written(stream, expectedSize + records.length, revision + 1);
      } catch (error) {
        if (meaningOf(error).kind !== 'wrong-version') throw error;
        if (await this.#holds(stream, expectedSize, records)) return;
        if (performance.now() > giveUp) throw falseConflict(stream, error);
        await pause(STALE_PAUSE_MS);
      }
    }
  }

  /** A stream that was deleted can be begun anew, behind the numbers that it had. */
  #written(stream: string, size: number, actual: number): void {
    if (actual !== size)
      throw new StoreError(
        'integrity',
        `An append to ${stream} was written up to size ${actual} instead of ${size}: the stream was deleted or ` +
          'cut in KurrentDB. Write nothing more, and run verify.',
      );
    this.#see(stream, size);
  }

  /**
   * After "wrong expected version": true where exactly these records stand there, false where nothing does, which a
   * leader that had been paused says by mistake. Then the same append again tells.
   * @throws StoreError `conflict` where others were first.
   */
  async #holds(stream: string, expectedSize: number, records: readonly NewRecord[]): Promise<boolean> {
    const isUnfounded = expectedSize > (this.#seen.get(stream) ?? 0);
    const stored = await this.#slice(stream, expectedSize, records.length);
    const { size } = stored;
    if (size <= expectedSize && !isUnfounded) return false;
    const isOurs =
      stored.records.length === records.length &&
      records.every(({ text }, i) => stored.records[i]?.text === text);
    if (!isOurs) throw conflict(stream, expectedSize, size);
    return true;
  }

  async #slice(stream: string, from: number, count: number, signal?: AbortSignal): Promise<Checked> {
    try {
      const slice = await this.#settled(
        stream,
        () => this.#request(stream, from, count, (event) => recordOf(stream, event), signal),
        (answer) => checked(stream, from, count, answer),
      );
      if (from === 0) {
        this.#begun.set(stream, performance.now());
        this.#suspect.delete(stream);
      }
      return slice;
    } catch (error) {
      if (isStoreError(error, 'integrity')) this.#suspect.add(stream);
      throw error;
    }
  }

  /** @throws StoreError `integrity` where record 0 is gone. */
  async #beginning(stream: string, from: number, signal?: AbortSignal): Promise<void> {
    const isDue = performance.now() > (this.#begun.get(stream) ?? -Infinity) + BEGINNING_MS;
    if (from > 0 && (isDue || this.#suspect.has(stream))) await this.#slice(stream, 0, 1, signal);
  }

  #request<E>(
    stream: string,
    from: number | undefined,
    count: number,
    take: (event: RawEvent) => E,
    signal?: AbortSignal,
  ): Promise<Slice<E>> {
    const { attemptMs } = this.#connection.patience;
    const request = { stream: this.#prefix + stream, from, count, deadlineMs: attemptMs };
    return this.#connection.patiently('unavailable', (client) => {
      // Nobody waits for it any more: that is no reason to ask again.
      if (signal?.aborted) throw closed();
      return readSlice(client, signal ? { ...request, signal } : request, take);
    });
  }

  /** An answer that shows no less of the stream than this process has seen before. */
  async #settled<E, T extends number | Checked>(
    stream: string,
    ask: () => Promise<Slice<E>>,
    take: (slice: Slice<E>) => T,
  ): Promise<T> {
    const giveUp = performance.now() + this.#connection.patience.staleMs;
    for (;;) {
      const answer = take(await ask());
      const size = typeof answer === 'number' ? answer : answer.size;
      const seen = this.#seen.get(stream) ?? 0;
      if (size >= seen) {
        this.#see(stream, size);
        return answer;
      }
      if (performance.now() > giveUp) throw shrunk(stream, seen, size);
      await pause(STALE_PAUSE_MS);
    }
  }

  #see(stream: string, size: number): void {
    if (size > (this.#seen.get(stream) ?? 0)) this.#seen.set(stream, size);
  }

  #mustBeOpen(): void {
    if (this.#closed) throw closed();
  }
}

/** Records that were read and are consecutive; how many the stream holds in all, and whether these are its last. */
interface Checked {
  readonly records: readonly StoredRecord[];
  readonly isEnd: boolean;
  readonly size: number;
}

/** @throws StoreError `integrity` at a gap. */
function checked(
  stream: string,
  from: number,
  count: number,
  { events: records, last }: Slice<StoredRecord>,
): Checked {
  const gap = records.findIndex(({ number }, i) => number !== from + i);
  if (gap >= 0) throw cut(stream, from + gap, records[gap]!.number);
  const next = from + records.length;
  if (records.length < count && last >= next) throw cut(stream, next, last + 1);
  return { records, isEnd: last < next, size: last + 1 };
}

function cut(stream: string, from: number, next: number): StoreError {
  const which =
    next - from === 1 ? `Record ${from} of ${stream} is` : `Records ${from} to ${next - 1} of ${stream} are`;
  return new StoreError(
    'integrity',
    `${which} missing in KurrentDB: the stream was cut or scavenged. Write nothing more, and run verify.`,
  );
}

function shrunk(stream: string, seen: number, size: number): StoreError {
  const now = size === 0 ? 'is gone' : `now ends after ${size}`;
  return new StoreError(
    'integrity',
    `Stream ${stream} held ${seen} records and ${now}: it was deleted or cut in KurrentDB, or an older state of the ` +
      'cluster was restored. Write nothing more, and run verify.',
  );
}

function falseConflict(stream: string, cause: unknown): StoreError {
  return new StoreError(
    'unknown-outcome',
    `KurrentDB goes on refusing an append to ${stream} for a record that it does not show. Repeat exactly this append.`,
    { cause },
  );
}
