import { StoreError } from '../store/store-error.js';
import type { EventStore, StoredRecord } from '../store/event-store.js';
import { refuse, type Refusal } from '../study/refusal.js';
import type { Engine } from '../recording/engine.js';
import { decodeCursor, encodeCursor, type Positions } from './feed-cursor.js';
import { FeedHeads, nothingWhileAway, type Head } from './feed-heads.js';

export interface FeedRequest {
  readonly cursor?: string | undefined;
  readonly study?: string | undefined;
  readonly type?: string | undefined;
}

/** A stored record, and the cursor of the place just after it. */
export interface FeedRecord {
  /** The canonical bytes, as text. */
  readonly text: string;
  readonly cursor: string;
}

/** What lies between two places: the records that were asked for, perhaps none, and where that leads. */
export interface FeedPage {
  readonly records: readonly FeedRecord[];
  readonly cursor: string;
}

/** The records of every study, each study in its own order. It holds a page at a time, however slowly that is taken. */
export class Feed {
  private readonly heads: FeedHeads;

  constructor(private readonly engine: Engine) {
    this.heads = new FeedHeads(engine);
  }

  /** A reading from a cursor on; it begins with what the studies hold at this moment. */
  async open({ cursor, study, type }: FeedRequest): Promise<FeedReading | Refusal> {
    const { studies, simulated } = await this.engine.lab();
    if (study !== undefined && !studies.has(study))
      return refuse('study-unknown', `There is no study ${study.slice(0, 60)} here.`, 'study');
    const ledger = (await this.engine.log('lab')).leaf(0);
    const positions = cursor === undefined ? new Map<number, number>() : decodeCursor(ledger, cursor);
    if (!positions)
      return refuse(
        'cursor-invalid',
        'This is no cursor of this ledger: take one that the feed gave, whole, or leave it out to begin anew.',
        'cursor',
      );
    const heads = await this.heads.now(study);
    if (isBeyond(positions, studies.size, heads))
      return refuse(
        'cursor-beyond-head',
        'This cursor lies beyond what this server sees of the ledger. Try again in a few seconds; if it stays so, records are missing here: tell who runs it.',
        'cursor',
      );
    return new FeedReading(this.engine.store, this.heads, heads, ledger, positions, {
      simulated,
      study,
      type,
    });
  }
}

function isBeyond(positions: Positions, studies: number, heads: readonly Head[]): boolean {
  const last = [...positions.keys()].at(-1) ?? -1;
  return last >= studies || heads.some(({ place, size }) => (positions.get(place) ?? 0) > size);
}

interface Selection {
  readonly simulated: boolean;
  readonly study: string | undefined;
  readonly type: string | undefined;
}

export class FeedReading {
  /** By place; with holes where a study is none of this reading’s. */
  private readonly positions: number[] = [];

  constructor(
    private readonly store: EventStore,
    private readonly later: FeedHeads,
    private readonly heads: readonly Head[],
    private readonly ledger: string,
    positions: Positions,
    private readonly selection: Selection,
  ) {
    for (const [place, position] of positions) this.positions[place] = position;
  }

  get simulated(): boolean {
    return this.selection.simulated;
  }

  /** Where one begins who has read this reading to its end, unless it follows. */
  get end(): string {
    const positions = this.positions.slice();
    for (const { place, size } of this.heads) positions[place] = size;
    return this.cursorAt(positions);
  }

  /** From the cursor to where the studies were when this was opened. */
  async *pages(): AsyncGenerator<FeedPage> {
    for (const head of this.heads) yield* this.upTo(head);
  }

  /** And what comes after it, without an end; an empty page now and then shows that it is alive. */
  async *following(): AsyncGenerator<FeedPage> {
    yield* this.pages();
    for (;;) {
      const { study } = this.selection;
      const heads = await this.later.later();
      yield { records: [], cursor: this.cursorAt(this.positions) };
      for (const head of heads) if (study === undefined || head.code === study) yield* this.whileThere(head);
    }
  }

  private async *whileThere(head: Head): AsyncGenerator<FeedPage> {
    try {
      yield* this.upTo(head);
    } catch (error) {
      nothingWhileAway(error);
    }
  }

  /** Only what the head says is there: `end` counts on it. Stores hold nothing open between two pages. */
  private async *upTo({ place, stream, size }: Head): AsyncGenerator<FeedPage> {
    let from = this.positions[place] ?? 0;
    if (from >= size) return;
    for await (const page of this.store.read(stream, from)) {
      const stored = page.slice(0, size - from);
      from += stored.length;
      yield this.pageOf(place, stream, stored);
      if (from === size) return;
    }
    throw new StoreError('unavailable', `${stream} has ${size} records, and number ${from} cannot be read.`);
  }

  private pageOf(place: number, stream: string, stored: readonly StoredRecord[]): FeedPage {
    const records: FeedRecord[] = [];
    for (const record of stored) {
      this.positions[place] = record.number + 1;
      if (this.isWanted(stream, record))
        records.push({ text: record.text, cursor: this.cursorAt(this.positions) });
    }
    return { records, cursor: this.cursorAt(this.positions) };
  }

  private isWanted(stream: string, { number, text }: StoredRecord): boolean {
    const { type } = this.selection;
    if (type === undefined) return true;
    try {
      return (JSON.parse(text) as { type?: unknown }).type === type;
    } catch (cause) {
      throw new StoreError('integrity', `Record ${number} of ${stream} is not a record: run verify.`, {
        cause,
      });
    }
  }

  private cursorAt(positions: readonly number[]): string {
    const known = new Map<number, number>();
    positions.forEach((position, place) => known.set(place, position));
    return encodeCursor(this.ledger, known);
  }
}
