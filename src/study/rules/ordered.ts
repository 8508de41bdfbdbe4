import { countPassing } from '../bisect.js';
import type { Fact } from '../study.js';

/** Facts, or what was made of them, in the order of a history: by (occurredAt, number). One at most of each number. */
export class Ordered<T> {
  private readonly items: T[] = [];
  /** `folds[n]` is the fold over the first n items, as far as it was asked for. */
  private folds: unknown[] = [];
  private foldKey: readonly unknown[] | undefined;

  constructor(private readonly factOf: (item: T) => Fact) {}

  get length(): number {
    return this.items.length;
  }

  get first(): T | undefined {
    return this.items[0];
  }

  get last(): T | undefined {
    return this.items.at(-1);
  }

  at(index: number): T | undefined {
    return this.items[index];
  }

  [Symbol.iterator](): IterableIterator<T> {
    return this.items.values();
  }

  /** The records that state the first items. */
  holders(count = this.length): number[] {
    return this.items.slice(0, count).map((item) => this.factOf(item).holder);
  }

  /** Has an item here, or not, whether or not it was here. */
  put(item: T, isHere: boolean): void {
    const { at, number } = this.factOf(item);
    const isBefore = (fact: Fact): boolean => fact.at < at || (fact.at === at && fact.number < number);
    const { last } = this;
    // Most histories are put in as they happened.
    const isNew = last === undefined || isBefore(this.factOf(last));
    const index = isNew ? this.items.length : this.count(isBefore);
    const found = this.items[index];
    const wasHere = found !== undefined && this.factOf(found).number === number;
    if (!isHere && !wasHere) return;
    if (isHere && index === this.items.length) this.items.push(item);
    else this.items.splice(index, wasHere ? 1 : 0, ...(isHere ? [item] : []));
    this.folds.length = Math.min(this.folds.length, index + 1);
  }

  /** How many had happened before an instant. */
  before(at: number): number {
    return this.count((fact) => fact.at < at);
  }

  /** How many had happened by an instant. */
  upTo(at: number): number {
    return this.count((fact) => fact.at <= at);
  }

  /**
   * A fold over the first items. Those over fewer items are kept until one of the items changes, or a part of the key: a
   * list that grows or shrinks at its end is not folded anew.
   */
  fold<A>(key: readonly unknown[], start: A, step: (so: A, item: T) => A, count = this.length): A {
    if (!this.foldKey || key.some((part, index) => !Object.is(part, this.foldKey?.[index]))) {
      this.foldKey = key;
      this.folds = [];
    }
    const folds = this.folds as A[];
    if (folds.length === 0) folds.push(start);
    while (folds.length <= count)
      folds.push(step(folds[folds.length - 1] as A, this.items[folds.length - 1] as T));
    return folds[count] as A;
  }

  /** Has the items from an index on folded anew: what a fold makes of them has changed, and they have not. */
  refold(index: number): void {
    this.folds.length = Math.min(this.folds.length, index + 1);
  }

  /** Those that pass come first. */
  private count(passes: (fact: Fact) => boolean): number {
    return countPassing(this.items, (item) => passes(this.factOf(item)));
  }
}
