import { countPassing } from '../bisect.js';

/**
 * An immutable list that shares its array with longer lists made from it: appending costs one push, and the shorter list
 * does not see what was added. So every tree size of a study stays readable while later ones are built, and a batch that
 * was not stored needs no undo.
 */
export class AppendList<T> {
  static readonly EMPTY: AppendList<never> = new AppendList<never>([], 0);
  #known: { readonly by: unknown; readonly value: unknown } | undefined;

  private constructor(
    private readonly items: T[],
    readonly length: number,
  ) {}

  static of<T>(items: Iterable<T>): AppendList<T> {
    const array = [...items];
    return new AppendList(array, array.length);
  }

  append(item: T): AppendList<T> {
    const owned = this.growable();
    owned.push(item);
    return new AppendList(owned, this.length + 1);
  }

  appendAll(items: readonly T[]): AppendList<T> {
    const owned = this.growable();
    for (const item of items) owned.push(item);
    return new AppendList(owned, owned.length);
  }

  /** A list of its own with an item put in before an index. */
  insert(index: number, item: T): AppendList<T> {
    const copy = this.toArray();
    copy.splice(index, 0, item);
    return new AppendList(copy, copy.length);
  }

  /** A list of its own without the item at an index; without the last one the array is still shared. */
  remove(index: number): AppendList<T> {
    if (index === this.length - 1) return new AppendList(this.items, index);
    const copy = this.toArray();
    copy.splice(index, 1);
    return new AppendList(copy, copy.length);
  }

  at(index: number): T | undefined {
    return index >= 0 && index < this.length ? this.items[index] : undefined;
  }

  get last(): T | undefined {
    return this.items[this.length - 1];
  }

  /** The index of the first item that passes, by bisection: all items after it must pass too. The length where none does. */
  firstIndex(passes: (item: T) => boolean): number {
    return countPassing(this.items, (item) => !passes(item), this.length);
  }

  /**
   * The result of a function of the list, computed once. It is kept here and not in a WeakMap: such a map keeps the values
   * of keys that are gone until the next full garbage collection, and many studies are opened and closed between two.
   */
  derived<R>(by: (list: AppendList<T>) => R): R {
    if (this.#known?.by !== by) this.#known = { by, value: by(this) };
    return this.#known.value as R;
  }

  /** A copy of the first items. */
  toArray(length = this.length): T[] {
    return this.items.slice(0, Math.min(length, this.length));
  }

  [Symbol.iterator](): IterableIterator<T> {
    return this.toArray().values();
  }

  /** The shared array, or a copy where another list has already been grown from this one. */
  private growable(): T[] {
    return this.items.length === this.length && this.length > 0 ? this.items : this.toArray();
  }
}
