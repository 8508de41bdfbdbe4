import { randomUUID } from 'node:crypto';

export interface StoredEvent {
  id: string;
  type: string;
  contentType: string;
  data: Buffer;
  metadata: Buffer;
  /** When it was written, in milliseconds; without it, `$maxAge` lets it stay. */
  at?: number;
}

export interface Stream {
  readonly events: StoredEvent[];
  /** Events below it are gone, as after a scavenge. */
  first: number;
  isTombstoned: boolean;
}

/** A stream as readers are shown it. */
export interface Shown {
  readonly events: readonly StoredEvent[];
  /** Events below it are not shown; it may be beyond the last one. */
  readonly first: number;
  readonly state: 'there' | 'deleted' | 'tombstoned';
}

/** Why an append or a deletion is refused: the stream is tombstoned, or ends at another revision (-1: has none). */
export type Refused = 'tombstoned' | { readonly actual: number };

interface Metadata {
  readonly $tb?: number;
  readonly $maxCount?: number;
  readonly $maxAge?: number;
}

const METADATA = '$$';

/** As the server writes it for a deleted stream, and as JSON.parse reads that. */
const DELETED_TEXT = '9223372036854775807';
const DELETED = 2 ** 63;

/**
 * The streams of a server, and what it makes of appends, deletions and metadata: as it was seen on EventStoreDB 23.10.8,
 * against which `touched-streams.spec.ts` runs as well.
 */
export class StreamsDouble extends Map<string, Stream> {
  stream(name: string): Stream {
    let stream = this.get(name);
    if (!stream) this.set(name, (stream = { events: [], first: 0, isTombstoned: false }));
    return stream;
  }

  shown(name: string): Shown {
    const { events: stored, first, isTombstoned } = this.get(name) ?? { events: [], first: 0 };
    const events = stored.slice();
    // The stream of its metadata is gone with it.
    if (isTombstoned || this.get(name.replace(METADATA, ''))?.isTombstoned)
      return { events, first, state: 'tombstoned' };
    const { $tb = 0, $maxCount = Infinity, $maxAge = Infinity } = this.#metadataOf(name);
    if ($tb >= DELETED) return { events, first, state: 'deleted' };
    const oldest = Date.now() - 1000 * $maxAge;
    const aged = events.findIndex(({ at = Infinity }) => at > oldest);
    const young = aged < 0 ? events.length : aged;
    return { events, first: Math.max(first, $tb, events.length - $maxCount, young), state: 'there' };
  }

  /** @returns the revision of the last event. */
  append(name: string, expected: number | 'any', events: readonly StoredEvent[]): number | Refused {
    const { state } = this.shown(name);
    if (state === 'tombstoned') return state;
    const { events: stored } = this.stream(name);
    const last = stored.length - 1;
    // The same ids at the same revision are a repetition, whatever the bytes are, and also where the stream was deleted.
    if (expected !== 'any' && events.every(({ id }, i) => stored[expected + 1 + i]?.id === id))
      return expected + events.length;
    // A deleted stream can be begun anew, behind the numbers that it had.
    const isBegunAnew = state === 'deleted' && (expected === 'any' || expected === -1 || expected === last);
    if (expected !== 'any' && expected !== last && !isBegunAnew) return { actual: last };
    stored.push(...events.map((event) => ({ at: Date.now(), ...event })));
    if (isBegunAnew) this.#writeMetadata(name, `{"$tb":${last + 1}}`);
    return stored.length - 1;
  }

  /** The events stay until a scavenge; the metadata say that none is shown. */
  softDelete(name: string, expected: number | 'any' = 'any'): Refused | undefined {
    const refused = this.#refuseDelete(name, expected);
    if (refused) return refused;
    if (!this.get(name)?.events.length) return { actual: -1 };
    this.#writeMetadata(name, `{"$tb":${DELETED_TEXT}}`);
    return undefined;
  }

  /** Also where there was none. */
  tombstone(name: string, expected: number | 'any' = 'any'): Refused | undefined {
    const refused = this.#refuseDelete(name, expected);
    if (!refused) this.stream(name).isTombstoned = true;
    return refused;
  }

  #refuseDelete(name: string, expected: number | 'any'): Refused | undefined {
    const { events, state } = this.shown(name);
    if (state === 'tombstoned') return state;
    const actual = events.length - 1;
    return expected === 'any' || expected === actual ? undefined : { actual };
  }

  /** Of the stream of metadata itself only the last event is shown. */
  #metadataOf(name: string): Metadata {
    if (name.startsWith(METADATA)) return { $maxCount: 1 };
    const written = this.get(METADATA + name)?.events.at(-1);
    return written ? (JSON.parse(written.data.toString()) as Metadata) : {};
  }

  #writeMetadata(name: string, text: string): void {
    this.stream(METADATA + name).events.push({
      id: randomUUID(),
      type: '$metadata',
      contentType: 'application/json',
      data: Buffer.from(text),
      metadata: Buffer.alloc(0),
    });
  }
}
