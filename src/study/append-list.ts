/**
 * An immutable list that shares its array with the lists grown from it: appending costs one push, and a shorter
 * list never sees what a longer one added. So every tree size of a study stays readable while later ones are built,
 * and a batch that was not stored is dropped by forgetting it.
 */
export class AppendList<T> {
  static readonly EMPTY: AppendList<never> = new AppendList<never>([], 0);

  private constructor(
    private readonly items: T[],
    readonly length: number,
  ) {}

  static of<T>(items: Iterable<T>): AppendList<T> {
    const array = [...items];
    return new AppendList(array, array.length);
  }

  append(item: T): AppendList<T> {
    // Someone else already grew the shared array from here: this branch gets an array of its own.
    const owned = this.items.length === this.length && this.length > 0 ? this.items : this.toArray();
    owned.push(item);
    return new AppendList(owned, this.length + 1);
  }

  at(index: number): T | undefined {
    return index >= 0 && index < this.length ? this.items[index] : undefined;
  }

  get last(): T | undefined {
    return this.items[this.length - 1];
  }

  toArray(): T[] {
    return this.items.slice(0, this.length);
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (let index = 0; index < this.length; index++) yield this.items[index] as T;
  }
}
