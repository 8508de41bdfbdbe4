import type { SpelledPlace } from './feed-cursor.js';
import type { Cut } from './feed-cuts.js';

/**
 * How far a reader has come in every study, said as briefly as can be: the first `passed` studies up to where the lab
 * anchored them in one cut, the others up to an earlier cut, and what differs. Between two anchors of a study only what was
 * given beyond the first one differs.
 */
export class Place {
  /** By index of the study: positions that are not those of the cuts. */
  private readonly others: Map<number, number>;

  constructor(
    private from: Cut,
    private to: Cut,
    private passed: number,
    others: ReadonlyMap<number, number>,
  ) {
    this.others = new Map(others);
  }

  copy(): Place {
    return new Place(this.from, this.to, this.passed, this.others);
  }

  /** The study that a round reads next, up to `targetOf` it; undefined where none is under way. */
  get next(): number | undefined {
    return this.from.labSize < this.to.labSize && this.passed < this.to.studies ? this.passed : undefined;
  }

  targetOf(index: number): number {
    return this.to.sizeOf(index);
  }

  /** How many records of a study the reader was given or has skipped. */
  positionIn(index: number): number {
    return this.others.get(index) ?? this.baseOf(index);
  }

  move(index: number, position: number): void {
    if (position === this.baseOf(index)) this.others.delete(index);
    else this.others.set(index, position);
  }

  /** Goes on to the next study of the round. No position changes. */
  pass(): void {
    const index = this.passed;
    const position = this.positionIn(index);
    this.passed++;
    this.move(index, position);
    if (this.passed >= this.to.studies) this.settle();
  }

  /** Begins a round up to a later cut. No position changes. */
  begin(cut: Cut): void {
    while (this.next !== undefined) this.pass();
    if (cut.labSize <= this.to.labSize) return;
    this.settle();
    this.to = cut;
    if (cut.studies === 0) this.settle();
  }

  private settle(): void {
    this.from = this.to;
    this.passed = 0;
  }

  spell(): SpelledPlace {
    const others = [...this.others].sort(([a], [b]) => a - b);
    return { from: this.from.labSize, to: this.to.labSize, passed: this.passed, others: new Map(others) };
  }

  private baseOf(index: number): number {
    return (index < this.passed ? this.to : this.from).sizeOf(index);
  }
}
