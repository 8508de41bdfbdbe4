import { counted } from '../shared/counted.js';
import { StoreError, concernsOneLog } from '../store/store-error.js';
import type { StoredRecord } from '../store/event-store.js';
import { refuse, type Refusal } from '../study/refusal.js';
import type { Engine } from '../recording/engine.js';
import { BEGINNING, decodeCursor, encodeCursor, type SpelledPlace } from './feed-cursor.js';
import { FeedCuts, type Cut } from './feed-cuts.js';
import { Place } from './feed-place.js';
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
  readonly heads: FeedHeads;
  readonly cuts: FeedCuts;
  /** Studies that could not be read. Whether they still cannot is tested at each request. */
  private readonly damaged = new Set<string>();

  constructor(readonly engine: Engine) {
    this.heads = new FeedHeads(engine);
    this.cuts = new FeedCuts(engine.store);
  }

  /**
   * Starts at a cursor, or at the beginning. A damaged study is left out, and named in the reading.
   * @throws StoreError `integrity` where the damaged study is the one that was asked for.
   */
  async open({ cursor, study, type }: FeedRequest): Promise<FeedReading | Refusal> {
    const lab = await this.engine.lab();
    if (study !== undefined && !lab.studies.has(study))
      return refuse('study-unknown', `There is no study ${study.slice(0, 60)}.`, 'study');
    const ledger = (await this.engine.log('lab')).leaf(0);
    const spelled = cursor === undefined ? BEGINNING : decodeCursor(ledger, cursor);
    if (!spelled)
      return refuse(
        'cursor-invalid',
        'This is not a cursor of this ledger. Send one exactly as the feed gave it, or leave it out to start from the beginning.',
        'cursor',
      );
    const place = spelled.to <= lab.size ? await this.placeOf(spelled) : undefined;
    const heads = await this.heads.read(study);
    if (!place || isBeyond(spelled, place, lab.studies.size, heads))
      return refuse(
        'cursor-beyond-head',
        'This cursor is ahead of the records that this server can read. Try again in a few seconds. If this persists, records are missing: tell the administrator.',
        'cursor',
      );
    const leftOut = new Set<string>();
    for (const head of heads) {
      const problem = await this.findProblem(head, place, study !== undefined);
      if (problem && study !== undefined) throw problem;
      if (problem) leftOut.add(head.code);
    }
    return new FeedReading(this, heads, place, await this.cuts.at(lab.size), {
      ledger,
      simulated: lab.simulated,
      study,
      type,
      leftOut,
      noteDamage: (code) => this.damaged.add(code),
    });
  }

  private async placeOf({ from, to, passed, others }: SpelledPlace): Promise<Place> {
    return new Place(await this.cuts.at(from), await this.cuts.at(to), passed, others);
  }

  /** Reads on in a study that was damaged before, or is tested anyhow. */
  private async findProblem(
    { index, code, stream, size, problem }: Head,
    place: Place,
    isTested: boolean,
  ): Promise<StoreError | undefined> {
    const from = place.positionIn(index);
    if (problem || from >= size || !(isTested || this.damaged.has(code))) return problem;
    try {
      for await (const page of this.engine.store.read(stream, from)) if (page.length > 0) break;
      this.damaged.delete(code);
      return undefined;
    } catch (error) {
      if (concernsOneLog(error)) return error;
      throw error;
    }
  }
}

function isBeyond(
  { passed, others }: SpelledPlace,
  place: Place,
  studies: number,
  heads: readonly Head[],
): boolean {
  const last = Math.max(passed - 1, ...others.keys());
  return (
    last >= studies || heads.some(({ index, size, problem }) => !problem && place.positionIn(index) > size)
  );
}

interface Selection {
  readonly ledger: string;
  readonly simulated: boolean;
  readonly study: string | undefined;
  readonly type: string | undefined;
  /** Codes of damaged studies. */
  readonly leftOut: ReadonlySet<string>;
  readonly noteDamage: (code: string) => void;
}

/** A study, and up to which record it is read. */
interface Target {
  readonly head: Head;
  readonly upTo: number;
}

export class FeedReading {
  private readonly heads: readonly Head[];

  constructor(
    private readonly feed: Pick<Feed, 'engine' | 'heads' | 'cuts'>,
    heads: readonly Head[],
    private readonly place: Place,
    /** What the lab anchors. */
    private readonly cut: Cut,
    private readonly selection: Selection,
  ) {
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
    const place = this.place.copy();
    for (const { head, upTo } of this.targets(place, this.heads, this.cut)) place.move(head.index, upTo);
    return this.cursorAt(place);
  }

  /** From the cursor to the sizes that the studies had when this was opened. */
  async *pages(): AsyncGenerator<FeedPage> {
    yield* this.readAll(this.heads, this.cut);
  }

  /** `pages`, then new records as they come, without an end. An empty page now and then shows that the server lives. */
  async *following(): AsyncGenerator<FeedPage> {
    yield* this.pages();
    for (let cut = this.cut; ;) {
      const { study, leftOut } = this.selection;
      const heads = await this.feed.heads.readLater();
      yield { records: [], cursor: this.cursorAt(this.place) };
      if (heads.length === 0) continue;
      cut = await this.feed.cuts.at(this.feed.engine.labNow.size).catch((error: unknown) => {
        ignoreOutage(error);
        return cut;
      });
      const wanted = heads.filter(
        ({ code }) => !leftOut.has(code) && (study === undefined || code === study),
      );
      yield* this.readAll(wanted, cut, ignoreOutage);
    }
  }

  /**
   * What is read, in order: the studies up to where a round that is under way ends, then up to what the lab anchors, then
   * to their ends. So the cursor is short until the last part. Of one study alone there are no rounds: they would set the
   * others apart.
   */
  private *targets(place: Place, heads: readonly Head[], cut: Cut): Generator<Target> {
    const byIndex = new Map(heads.map((head) => [head.index, head]));
    for (const isLater of this.selection.study === undefined ? [false, true] : []) {
      if (isLater) place.begin(cut);
      for (let index = place.next; index !== undefined; index = place.next) {
        const head = byIndex.get(index);
        const upTo = Math.min(head?.size ?? 0, place.targetOf(index));
        if (head && upTo > place.positionIn(index)) yield { head, upTo };
        place.pass();
      }
    }
    for (const head of heads) yield { head, upTo: head.size };
  }

  /**
   * Where a study turns out to be damaged, the others are read first. Then this fails, so that the answer does not look
   * complete; the next one begins without that study.
   */
  private async *readAll(
    heads: readonly Head[],
    cut: Cut,
    handle: (error: unknown) => unknown = rethrow,
  ): AsyncGenerator<FeedPage> {
    const damages = new Map<string, StoreError>();
    for (const { head, upTo } of this.targets(this.place, heads, cut)) {
      if (damages.has(head.code)) continue;
      try {
        if (head.problem) throw head.problem;
        yield* this.readUpTo(head, upTo);
      } catch (error) {
        if (concernsOneLog(error)) {
          this.selection.noteDamage(head.code);
          damages.set(head.code, error);
        } else handle(error);
      }
    }
    for (const damage of damages.values()) throw damage;
  }

  /** Stops exactly at a size, on which `end` relies. Stores hold nothing open between two pages. */
  private async *readUpTo({ index, stream }: Head, size: number): AsyncGenerator<FeedPage> {
    let from = this.place.positionIn(index);
    if (from >= size) return;
    for await (const page of this.feed.engine.store.read(stream, from)) {
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
      this.place.move(index, record.number + 1);
      if (this.isWanted(stream, record))
        records.push({ text: record.text, cursor: this.cursorAt(this.place) });
    }
    return { records, cursor: this.cursorAt(this.place) };
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

  private cursorAt(place: Place): string {
    return encodeCursor(this.selection.ledger, place.spell());
  }
}

function rethrow(error: unknown): never {
  throw error;
}
