import { counted } from '../../shared/counted.js';
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
import { KurrentDBConnection, PATIENCE, closedError, type Patience } from './connection.js';
import { findExcessRightsOn } from './excess-rights.js';
import { classifyError, withName } from './kurrentdb-errors.js';
import { toEvent, toRecord } from './event.js';
import { readSlice, type RawEvent, type Slice } from './read.js';
import { METADATA_PREFIX, droppingIn } from './stream-metadata.js';
import { StoreError, conflictError, isStoreError } from '../store-error.js';
import {
  areSame,
  checkSlice,
  deletedError,
  falseConflictError,
  shrunkError,
  toText,
  type CheckedSlice,
} from './checked-slice.js';

/** Events that one request reads: some ten milliseconds; 64 MiB if every record has the largest size. */
const SLICE_RECORDS = 4 * PAGE_RECORDS;
const SLICES_AHEAD = 2;

/**
 * How often the beginning of a stream is checked while it is appended to or read further on. A stream that was cut or
 * deleted looks the same at its end as before.
 */
const BEGINNING_CHECK_MS = 10_000;

/** Between two reads of a stream that looks shorter than before. */
const STALE_PAUSE_MS = 100;

/**
 * A ledger on a KurrentDB cluster (docs/kurrentdb.md): a record's number is the event's revision, its bytes are the
 * event's data. Other processes append too, so an answer may be out of date; it is never wrong.
 * One class, whose methods share the streams that it has touched, so the file is long.
 *
 * Trust: an administrator of the cluster can delete and cut streams, and a leader that was paused and resumed shows old
 * states. What this process has once seen of a stream must therefore still be there.
 */
export class KurrentDBStore implements EventStore {
  readonly soleWriter: boolean = false;
  readonly maxAppendBytes = MAX_APPEND_BYTES;
  readonly groupsAppends = false;
  readonly hashesOnRead = true;
  readonly #connection: KurrentDBConnection;
  readonly #prefix: string;
  /** The largest size seen of each stream, in an answered append or a read. */
  readonly #seen = new Map<string, number>();
  /** When each stream was last seen to begin with record 0. */
  readonly #beginningSeen = new Map<string, number>();
  /** Streams in which something was missing or changed at the last read. */
  readonly #suspect = new Set<string>();
  readonly #appends = new Set<Promise<void>>();
  #closed = false;

  /**
   * Sends nothing: whether the cluster answers shows at the first call.
   * @param report is told of rights that this ledger's user should not have on a new stream.
   */
  constructor(
    private readonly address: KurrentDBAddress,
    patience: Partial<Patience> = {},
    private readonly report: (message: string) => void = () => undefined,
  ) {
    this.#connection = new KurrentDBConnection(address, { ...PATIENCE, ...patience });
    this.#prefix = address.prefix;
  }

  async append(stream: string, expectedSize: number, records: readonly NewRecord[]): Promise<void> {
    this.#checkOpen();
    checkAppend(expectedSize, records);
    const isSuspect = this.#suspect.has(stream);
    const beginning = this.#checkBeginning(stream, expectedSize);
    if (isSuspect) await beginning;
    // An append waits for the check only where the stream is suspect. What the check finds stops the next one.
    else beginning.catch(() => undefined);
    const appending = this.#append(stream, expectedSize, records);
    this.#appends.add(appending);
    try {
      await appending;
    } finally {
      this.#appends.delete(appending);
    }
    if (expectedSize === 0 && this.address.secure) void this.#testRights(stream);
  }

  /** In the background: a stream that was just made can have rights of its own. */
  async #testRights(stream: string): Promise<void> {
    const found = await findExcessRightsOn(this.#connection, this.address, stream).catch(() => []);
    if (!this.#closed) found.forEach(this.report);
  }

  async *read(stream: string, from = 0): AsyncGenerator<readonly StoredRecord[]> {
    this.#checkOpen();
    const stopped = new AbortController();
    const beginning = this.#checkBeginning(stream, from, stopped.signal);
    beginning.catch(() => undefined);
    try {
      const ahead: Promise<CheckedSlice>[] = [];
      let next = from;
      const readAhead = (): void => {
        const slice = this.#slice(stream, next, SLICE_RECORDS, stopped.signal);
        // It may fail after the reader has stopped.
        slice.catch(() => undefined);
        ahead.push(slice);
        next += SLICE_RECORDS;
      };
      // Most streams end within the first slice. Of a longer one, the next slices are read while this one is used.
      for (readAhead(); ahead.length > 0;) {
        const { records, isEnd } = await ahead.shift()!;
        await beginning;
        if (isEnd) ahead.length = 0;
        else while (ahead.length < SLICES_AHEAD) readAhead();
        for (let start = 0; start < records.length; start += PAGE_RECORDS) {
          this.#checkOpen();
          yield records.slice(start, start + PAGE_RECORDS);
        }
      }
    } finally {
      stopped.abort();
    }
  }

  async size(stream: string): Promise<number> {
    this.#checkOpen();
    const size = await this.#retryWhileShrunk(
      stream,
      () => this.#request(stream, undefined, 1, ({ number }) => number),
      ({ last }) => last + 1,
    );
    if (size === 0 && (await this.#wasDeleted(stream))) throw deletedError(stream);
    return size;
  }

  /** To a reader, a stream that was deleted looks like one that was never written; its metadata stay. */
  async #wasDeleted(stream: string): Promise<boolean> {
    try {
      const { events } = await this.#request(stream, undefined, 1, (event) => event, { isMetadata: true });
      return droppingIn(events[0]).includes('$tb');
    } catch (error) {
      if (isStoreError(error, 'denied')) return false;
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#appends);
    await this.#connection.close();
  }

  async #append(stream: string, expectedSize: number, records: readonly NewRecord[]): Promise<void> {
    const request = { stream: this.#prefix + stream, expectedSize, events: records.map(toEvent) };
    const { attemptMs } = this.#connection.patience;
    const isUnseen = (this.#seen.get(stream) ?? 0) === 0;
    const giveUp = performance.now() + this.#connection.patience.giveUpMs;
    for (;;) {
      try {
        const revision = await this.#connection.retry('unknown-outcome', (client) =>
          appendEvents(client, request, attemptMs),
        );
        this.#checkWritten(stream, expectedSize + records.length, revision + 1);
        if (isUnseen) await this.#readBack(stream, expectedSize, records);
        return;
      } catch (error) {
        if (classifyError(error).kind !== 'wrong-version') throw withName(stream, error);
        if (await this.#isWritten(stream, expectedSize, records)) return;
        if (performance.now() > giveUp) throw falseConflictError(stream, error);
        await pause(STALE_PAUSE_MS);
      }
    }
  }

  /** A deleted stream can be begun again: its revisions then go on after the last one that it had. */
  #checkWritten(stream: string, size: number, actual: number): void {
    if (actual !== size)
      throw new StoreError(
        'integrity',
        `After an append to ${stream} it has ${counted(actual, 'record')} instead of ${size}: the stream was deleted or ` +
          'cut in KurrentDB. Stop writing, and run verify.',
      );
    this.#noteSize(stream, size);
  }

  /**
   * To an append whose event ids it knows from a deleted stream the server answers yes, and stores nothing. So the first
   * append to a stream of which this process has seen no record is read back.
   */
  async #readBack(stream: string, expectedSize: number, records: readonly NewRecord[]): Promise<void> {
    try {
      const count = records.length;
      const stored = await this.#retryWhileShrunk(
        stream,
        () => this.#request(stream, expectedSize, count, toText),
        (slice) => checkSlice(stream, expectedSize, count, slice),
      );
      if (areSame(records, stored.records)) return;
    } catch (error) {
      if (isStoreError(error, 'integrity')) throw error;
      const sentence = `Whether this append to ${stream} is in KurrentDB could not be read. Repeat exactly this append.`;
      throw new StoreError('unknown-outcome', sentence, { cause: error });
    }
    throw new StoreError(
      'integrity',
      `KurrentDB accepted an append to ${stream} but holds other records there. Stop writing, and run verify.`,
    );
  }

  /**
   * Reads the stream after "wrong expected version". True where exactly these records are at that place. False where no
   * record is there: a leader that was paused and resumed gives that error by mistake, so the append is repeated.
   * @throws StoreError `conflict` where another writer was first.
   */
  async #isWritten(stream: string, expectedSize: number, records: readonly NewRecord[]): Promise<boolean> {
    const isBeyondSeen = expectedSize > (this.#seen.get(stream) ?? 0);
    const stored = await this.#slice(stream, expectedSize, records.length);
    const { size } = stored;
    if (size <= expectedSize && !isBeyondSeen) return false;
    if (!areSame(records, stored.records)) throw conflictError(stream, expectedSize, size);
    return true;
  }

  async #slice(stream: string, from: number, count: number, signal?: AbortSignal): Promise<CheckedSlice> {
    try {
      const slice = await this.#retryWhileShrunk(
        stream,
        () => this.#request(stream, from, count, (event) => toRecord(stream, event), { signal }),
        (answer) => checkSlice(stream, from, count, answer),
      );
      if (from === 0) {
        this.#beginningSeen.set(stream, performance.now());
        this.#suspect.delete(stream);
      }
      return slice;
    } catch (error) {
      if (isStoreError(error, 'integrity')) this.#suspect.add(stream);
      throw error;
    }
  }

  /** @throws StoreError `integrity` where record 0 is gone. */
  async #checkBeginning(stream: string, from: number, signal?: AbortSignal): Promise<void> {
    const isDue = performance.now() > (this.#beginningSeen.get(stream) ?? -Infinity) + BEGINNING_CHECK_MS;
    if (from > 0 && (isDue || this.#suspect.has(stream))) await this.#slice(stream, 0, 1, signal);
  }

  #request<E>(
    stream: string,
    from: number | undefined,
    count: number,
    convert: (event: RawEvent) => E,
    { signal, isMetadata = false }: { signal?: AbortSignal | undefined; isMetadata?: boolean } = {},
  ): Promise<Slice<E>> {
    const { attemptMs } = this.#connection.patience;
    const name = (isMetadata ? METADATA_PREFIX : '') + this.#prefix + stream;
    const request = { stream: name, from, count, deadlineMs: attemptMs };
    const answer = this.#connection.retry('unavailable', (client) => {
      // The reader has stopped: ends the attempts.
      if (signal?.aborted) throw closedError();
      return readSlice(client, signal ? { ...request, signal } : request, convert);
    });
    return answer.catch((error: unknown) => Promise.reject(withName(stream, error)));
  }

  /** Repeats a read until it shows no less of the stream than this process has seen before. */
  async #retryWhileShrunk<E, T extends number | CheckedSlice>(
    stream: string,
    read: () => Promise<Slice<E>>,
    convert: (slice: Slice<E>) => T,
  ): Promise<T> {
    const giveUp = performance.now() + this.#connection.patience.staleMs;
    for (;;) {
      const answer = convert(await read());
      const size = typeof answer === 'number' ? answer : answer.size;
      const seen = this.#seen.get(stream) ?? 0;
      if (size >= seen) {
        this.#noteSize(stream, size);
        return answer;
      }
      if (performance.now() > giveUp) throw shrunkError(stream, seen, size);
      await pause(STALE_PAUSE_MS);
    }
  }

  #noteSize(stream: string, size: number): void {
    if (size > (this.#seen.get(stream) ?? 0)) this.#seen.set(stream, size);
  }

  #checkOpen(): void {
    if (this.#closed) throw closedError();
  }
}
