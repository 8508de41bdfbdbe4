import type { Subject } from './subject.js';

/** The animals of a study by identifier, in the order of their first records. */
export interface Subjects {
  readonly size: number;
  get(id: string): Subject | undefined;
  has(id: string): boolean;
  keys(): IterableIterator<string>;
  values(): IterableIterator<Subject>;
  /** The identifiers of other animals that are easily taken for this one: `r01`, `R1` and `R01`. */
  like(id: string): string[];
  [Symbol.iterator](): IterableIterator<[id: string, subject: Subject]>;
}

/**
 * Animals that belong to one draft and may be replaced in place. Each decision begins with a copy, and nearly all change
 * one animal that exists already: so a copy is a new list of animals that shares the indexes by identifier until an animal
 * is added or removed.
 */
export class SubjectsDraft implements Subjects {
  private ownsIndexes = false;

  private constructor(
    private places: Map<string, number>,
    /** Identifiers by what is left of them where case and leading zeros do not count. */
    private looks: Map<string, readonly string[]>,
    private readonly list: Subject[],
  ) {}

  static none(): SubjectsDraft {
    return new SubjectsDraft(new Map(), new Map(), []);
  }

  copy(): SubjectsDraft {
    // From now on both share the indexes, so neither may change them in place.
    this.ownsIndexes = false;
    return new SubjectsDraft(this.places, this.looks, this.list.slice());
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

  like(id: string): string[] {
    return (this.looks.get(lookOf(id)) ?? []).filter((other) => other !== id);
  }

  *[Symbol.iterator](): IterableIterator<[id: string, subject: Subject]> {
    for (const [id, place] of this.places) yield [id, this.list[place] as Subject];
  }

  set(id: string, subject: Subject): void {
    const place = this.places.get(id);
    if (place === undefined) this.add(id, subject);
    else this.list[place] = subject;
  }

  private add(id: string, subject: Subject): void {
    this.ownIndexes();
    this.places.set(id, this.list.push(subject) - 1);
    const look = lookOf(id);
    this.looks.set(look, [...(this.looks.get(look) ?? []), id]);
  }

  delete(id: string): void {
    if (!this.places.has(id)) return;
    const rest = [...this].filter(([other]) => other !== id);
    this.list.length = 0;
    this.places = new Map();
    this.looks = new Map();
    this.ownsIndexes = true;
    for (const [other, subject] of rest) this.add(other, subject);
  }

  private ownIndexes(): void {
    if (this.ownsIndexes) return;
    this.places = new Map(this.places);
    this.looks = new Map(this.looks);
    this.ownsIndexes = true;
  }
}

/** In lower case and without leading zeros in any run of digits; separators count, so `R1-1` is not like `R11`. */
function lookOf(id: string): string {
  return id.toLowerCase().replaceAll(/(?<!\d)0+(?=\d)/g, '');
}
