import { counted } from '../shared/counted.js';
import { StoreError, isStoreError } from '../store/store-error.js';
import type { EventStore, StoredRecord } from '../store/event-store.js';
import { refuse, type Refusal } from '../study/refusal.js';
import type { Engine } from '../recording/engine.js';
import { decodeCursor, encodeCursor, type Positions } from './feed-cursor.js';
import { FeedHeads, ignoreOutage, type Head } from './feed-heads.js';

export interface FeedRequest {
  readonly cursor?: string | undefined;
  readonly study?: string | undefined;
  readonly type?: string | undefined;
}

/** A stored record, and the cursor just after it. */
export interface FeedRecord {
  /** The canonical bytes, as text. */
  readonly text: string;
  readonly cursor: string;
}

/** The selected records between two cursors, perhaps none, and the second cursor. */
export interface FeedPage {
  readonly records: readonly FeedRecord[];
  readonly cursor: string;
}

/** The records of every study, each study in its own order. One page at a time is in memory, however slow the reader. */
export class Feed {
  private readonly heads: FeedHeads;
  /** Studies that could not be read. Whether they still cannot is tested at each request. */
  private readonly damaged = new Set<string>();

  constructor(private readonly engine: Engine) {
    this.heads = new FeedHeads(engine);
  }

  /**
   * Starts at a cursor, or at the beginning. A damaged study is left out, and named in the reading.
   * @throws StoreError `integrity` where the damaged study is the one that was asked for.
   */
  async open({ cursor, study, type }: FeedRequest): Promise<FeedReading | Refusal> {
    const { studies, simulated } = await this.engine.lab();
    if (study !== undefined && !studies.has(study))
      return refuse('study-unknown', `There is no study ${study.slice(0, 60)}.`, 'study');
    const ledger = (await this.engine.log('lab')).leaf(0);
    const positions = cursor === undefined ? new Map<number, number>() : decodeCursor(ledger, cursor);
    if (!positions)
      return refuse(
        'cursor-invalid',
        'This is not a cursor of this ledger. Send one exactly as the feed gave it, or leave it out to start from the beginning.',
        'cursor',
      );
    const heads = await this.heads.read(study);
    if (isBeyond(positions, studies.size, heads))
      return refuse(
        'cursor-beyond-head',
        'This cursor is ahead of the records that this server can read. Try again in a few seconds. If this persists, records are missing: tell the administrator.',
        'cursor',
      );
    const leftOut = new Set<string>();
    for (const head of heads) {
      const problem = await this.findProblem(head, positions, study !== undefined);
      if (problem && study !== undefined) throw problem;
      if (problem) leftOut.add(head.code);
    }
    return new FeedReading(this.engine.store, this.heads, heads, ledger, positions, {
      simulated,
      study,
      type,
      leftOut,
      noteDamage: (code) => this.damaged.add(code),
    });
  }

  /** Reads on in a study that was damaged before, or is tested anyhow. */
  private async findProblem(
    { index, code, stream, size, problem }: Head,
    positions: Positions,
    isTested: boolean,
  ): Promise<StoreError | undefined> {
    const from = positions.get(index) ?? 0;
    if (problem || from >= size || !(isTested || this.damaged.has(code))) return problem;
    try {
      for await (const page of this.engine.store.read(stream, from)) if (page.length > 0) break;
      this.damaged.delete(code);
      return undefined;
    } catch (error) {
      if (isStoreError(error, 'integrity')) return error;
      throw error;
    }
  }
}

function isBeyond(positions: Positions, studies: number, heads: readonly Head[]): boolean {
  const last = [...positions.keys()].at(-1) ?? -1;
  return (
    last >= studies ||
    heads.some(({ index, size, problem }) => !problem && (positions.get(index) ?? 0) > size)
  );
}

interface Selection {
  readonly simulated: boolean;
  readonly study: string | undefined;
  readonly type: string | undefined;
  /** Codes of damaged studies. */
  readonly leftOut: ReadonlySet<string>;
  readonly noteDamage: (code: string) => void;
}

export class FeedReading {
  /** By index of the study; with holes where nothing was read of a study. */
  private readonly positions: number[] = [];
  private readonly heads: readonly Head[];

  constructor(
    private readonly store: EventStore,
    private readonly current: FeedHeads,
    heads: readonly Head[],
    private readonly ledger: string,
    positions: Positions,
    private readonly selection: Selection,
  ) {
    for (const [index, position] of positions) this.positions[index] = position;
    this.heads = heads.filter(({ code }) => !selection.leftOut.has(code));
  }

  /** The studies that are not read because records of them are missing or were changed. */
  get leftOut(): readonly string[] {
    return [...this.selection.leftOut];
  }

  get simulated(): boolean {
    return this.selection.simulated;
  }

  /** The cursor after the last record that `pages` gives. */
  get end(): string {
    const positions = this.positions.slice();
    for (const { index, size } of this.heads) positions[index] = size;
    return this.makeCursor(positions);
  }

  /** From the cursor to the sizes that the studies had when this was opened. */
  async *pages(): AsyncGenerator<FeedPage> {
    yield* this.readAll(this.heads);
  }

  /** `pages`, then new records as they come, without an end. An empty page now and then shows that the server lives. */
  async *following(): AsyncGenerator<FeedPage> {
    yield* this.pages();
    for (;;) {
      const { study, leftOut } = this.selection;
      const heads = await this.current.readLater();
      yield { records: [], cursor: this.makeCursor(this.positions) };
      const wanted = heads.filter(
        ({ code }) => !leftOut.has(code) && (study === undefined || code === study),
      );
      yield* this.readAll(wanted, ignoreOutage);
    }
  }

  /**
   * Where a study turns out to be damaged, the others are read first. Then this fails, so that the answer does not look
   * complete; the next one begins without that study.
   */
  private async *readAll(
    heads: readonly Head[],
    handle: (error: unknown) => unknown = rethrow,
  ): AsyncGenerator<FeedPage> {
    let damage: StoreError | undefined;
    for (const head of heads) {
      try {
        if (head.problem) throw head.problem;
        yield* this.readUpTo(head);
      } catch (error) {
        if (isStoreError(error, 'integrity')) {
          this.selection.noteDamage(head.code);
          damage ??= error;
        } else handle(error);
      }
    }
    if (damage) throw damage;
  }

  /** Stops exactly at `size`, on which `end` relies. Stores hold nothing open between two pages. */
  private async *readUpTo({ index, stream, size }: Head): AsyncGenerator<FeedPage> {
    let from = this.positions[index] ?? 0;
    if (from >= size) return;
    for await (const page of this.store.read(stream, from)) {
      const stored = page.slice(0, size - from);
      from += stored.length;
      yield this.makePage(index, stream, stored);
      if (from === size) return;
    }
    throw new StoreError(
      'unavailable',
      `${stream} has ${counted(size, 'record')}, but record ${from} cannot be read.`,
    );
  }

  private makePage(index: number, stream: string, stored: readonly StoredRecord[]): FeedPage {
    const records: FeedRecord[] = [];
    for (const record of stored) {
      this.positions[index] = record.number + 1;
      if (this.isWanted(stream, record))
        records.push({ text: record.text, cursor: this.makeCursor(this.positions) });
    }
    return { records, cursor: this.makeCursor(this.positions) };
  }

  private isWanted(stream: string, { number, text }: StoredRecord): boolean {
    const { type } = this.selection;
    if (type === undefined) return true;
    try {
      return (JSON.parse(text) as { type?: unknown }).type === type;
    } catch (cause) {
      throw new StoreError('integrity', `Record ${number} of ${stream} is not valid JSON. Run verify.`, {
        cause,
      });
    }
  }

  private makeCursor(positions: readonly number[]): string {
    const known = new Map<number, number>();
    positions.forEach((position, index) => known.set(index, position));
    return encodeCursor(this.ledger, known);
  }
}

function rethrow(error: unknown): never {
  throw error;
}
