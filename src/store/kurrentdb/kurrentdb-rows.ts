import { hash } from 'node:crypto';
import { PAGE_RECORDS } from '../event-store.js';
import type { KurrentDBAddress } from './address.js';
import { KurrentDBConnection, PATIENCE } from './connection.js';
import { makeEventId } from './event.js';
import { withName } from './kurrentdb-errors.js';
import { readSlice, type RawEvent, type Slice } from './read.js';
import { METADATA_PREFIX, droppingIn } from './stream-metadata.js';
import type { RawRows, RecordRows, StoreProblem } from '../record-rows.js';
import { StoreError, isStoreError } from '../store-error.js';

/** The streams of every ledger. The register names the others; the server lists none to a user who may only append. */
const FIXED_STREAMS = ['access', 'lab'];

const LEAF_PREFIX = Buffer.of(0);
const LINE_FEED = Buffer.of(0x0a);

/** Reads the streams of a ledger on KurrentDB for verification, as they are. */
export class KurrentDBRows implements RecordRows {
  readonly isOneMoment = false;
  readonly #connection: KurrentDBConnection;
  readonly #problems: StoreProblem[] = [];

  private constructor(private readonly address: KurrentDBAddress) {
    this.#connection = new KurrentDBConnection(address, PATIENCE);
  }

  static async open(address: KurrentDBAddress): Promise<KurrentDBRows> {
    const rows = new KurrentDBRows(address);
    try {
      if ((await rows.size('lab')) > 0) return rows;
    } catch (error) {
      await rows.close();
      throw error;
    }
    await rows.close();
    throw new StoreError('missing', `There is no ledger at ${address.shown}.`);
  }

  async streams(): Promise<{ stream: string; rows: number }[]> {
    const found = await Promise.all(
      FIXED_STREAMS.map(async (stream) => ({ stream, rows: await this.size(stream) })),
    );
    return found.filter(({ rows }) => rows > 0);
  }

  async size(stream: string): Promise<number> {
    return (await this.#slice(stream, undefined, 1)).last + 1;
  }

  async *pages(stream: string): AsyncGenerator<RawRows> {
    let from = 0;
    for (;;) {
      const { events, last } = await this.#slice(stream, from, 4 * PAGE_RECORDS);
      if (events.length > 0) yield this.#makePage(stream, events);
      else if (last >= from) this.#problems.push(missingProblem(stream, from, last));
      from = (events.at(-1)?.number ?? last) + 1;
      if (last < from) return;
    }
  }

  /** What the reads found, and what the metadata of each stream says. */
  async problems(streams: readonly string[]): Promise<StoreProblem[]> {
    for (const stream of streams) {
      const problem = await this.#findDropping(stream);
      if (problem) this.#problems.push({ ...problem, stream });
    }
    return this.#problems;
  }

  async #findDropping(stream: string): Promise<Omit<StoreProblem, 'stream'> | undefined> {
    try {
      const { events } = await this.#slice(stream, undefined, 1, METADATA_PREFIX);
      const dropping = droppingIn(events[0]).join(', ');
      if (dropping === '') return undefined;
      const message = `its metadata in KurrentDB has ${dropping}, by which the server drops records`;
      return { severity: 'fail', message };
    } catch (error) {
      if (!isStoreError(error, 'denied')) throw error;
      const message =
        'KurrentDB denies this user its metadata, so whether the server drops records is not known: give the user the right $mr';
      return { severity: 'fail', message };
    }
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  #makePage(stream: string, events: readonly RawEvent[]): RawRows {
    for (const { number, id, bytes } of events) {
      const leaf = hash('sha256', Buffer.concat([LEAF_PREFIX, bytes]), 'binary');
      if (makeEventId(leaf) !== id)
        this.#problems.push({
          severity: 'fail',
          stream,
          message: `the bytes of record ${number} do not match its event id: it was changed, or written by another program`,
        });
    }
    return {
      numbers: events.map(({ number }) => number),
      bytes: Buffer.concat(events.flatMap(({ bytes }) => [LINE_FEED, bytes])),
      lengths: events.map(({ bytes }) => bytes.length),
    };
  }

  #slice(stream: string, from: number | undefined, count: number, namePrefix = ''): Promise<Slice> {
    const request = {
      stream: namePrefix + this.address.prefix + stream,
      from,
      count,
      deadlineMs: PATIENCE.attemptMs,
    };
    const answer = this.#connection.retry('unavailable', (client) => readSlice(client, request));
    return answer.catch((error: unknown) => Promise.reject(withName(stream, error)));
  }
}

function missingProblem(stream: string, from: number, last: number): StoreProblem {
  return { severity: 'fail', stream, message: `records ${from}…${last} are missing in KurrentDB` };
}
