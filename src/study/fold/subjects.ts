import type { Subject } from './subject.js';

/** The animals of a study by identifier, in the order of their first records. */
export interface Subjects {
  readonly size: number;
  get(id: string): Subject | undefined;
  has(id: string): boolean;
  keys(): IterableIterator<string>;
  values(): IterableIterator<Subject>;
  [Symbol.iterator](): IterableIterator<[id: string, subject: Subject]>;
}

/**
 * Animals that belong to one draft and may be replaced in place. Each decision begins with a copy, and nearly all change
 * one animal that exists already: so a copy is a new list of animals that shares the index by identifier until an animal
 * is added or removed.
 */
export class SubjectsDraft implements Subjects {
  private ownsPlaces = false;

  private constructor(
    private places: Map<string, number>,
    private readonly list: Subject[],
  ) {}

  static none(): SubjectsDraft {
    return new SubjectsDraft(new Map(), []);
  }

  copy(): SubjectsDraft {
    // From now on both share the index, so neither may change it in place.
    this.ownsPlaces = false;
    return new SubjectsDraft(this.places, this.list.slice());
  }

  get size(): number {
    return this.list.length;
  }

  get(id: string): Subject | undefined {
    const place = this.places.get(id);
    return place === undefined ? undefined : this.list[place];
  }

  has(id: string): boolean {
    return this.places.has(id);
  }

  keys(): IterableIterator<string> {
    return this.places.keys();
  }

  values(): IterableIterator<Subject> {
    return this.list.values();
  }

  *[Symbol.iterator](): IterableIterator<[id: string, subject: Subject]> {
    for (const [id, place] of this.places) yield [id, this.list[place] as Subject];
  }

  set(id: string, subject: Subject): void {
    const place = this.places.get(id);
    if (place === undefined) this.ownPlaces().set(id, this.list.push(subject) - 1);
    else this.list[place] = subject;
  }

  delete(id: string): void {
    const gone = this.places.get(id);
    if (gone === undefined) return;
    this.list.splice(gone, 1);
    this.places = new Map(
      [...this.places.keys()].filter((one) => one !== id).map((one, place) => [one, place]),
    );
    this.ownsPlaces = true;
  }

  private ownPlaces(): Map<string, number> {
    if (!this.ownsPlaces) this.places = new Map(this.places);
    this.ownsPlaces = true;
    return this.places;
  }
}
