/**
 * An immutable list that shares its array with the lists grown from it: appending costs one push, and a shorter
 * list never sees what a longer one added. So every tree size of a study stays readable while later ones are built,
 * and a batch that was not stored is dropped by forgetting it.
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

  /** Where the first item passes, given that all after it pass too; the length where none does. Halves its way. */
  firstIndex(passes: (item: T) => boolean): number {
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (passes(this.items[middle] as T)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /**
   * What a function makes of the list, worked out once. Kept here and not in a WeakMap: until the next full collection
   * such a map holds its values although their keys are gone, and many studies are opened and let go between two of them.
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

  /** Someone else may have grown the shared array from here: then this branch gets an array of its own. */
  private growable(): T[] {
    return this.items.length === this.length && this.length > 0 ? this.items : this.toArray();
  }
}
