import type { StoredStudyRecord } from '../record.js';
import { Protocols, type Fact, type Study, type Subject } from '../study.js';
import { animalsConcerned } from './concerns.js';

/**
 * A projection is a pure function of a prefix of the stream: the study as known at a tree size. Its answer for a tree size
 * never changes. `until` is the second coordinate: only what had happened by then counts, after all corrections known at
 * that tree size.
 */
export interface Projection<A extends object = object> {
  readonly name: string;
  readonly summary: string;
  project(view: View): A;
}

/** What a projection may look at. */
export class View {
  readonly protocols: Protocols;

  constructor(
    readonly study: Study,
    readonly untilMs: number = Infinity,
    /** Only this animal, where one is asked for. */
    private readonly only?: string,
  ) {
    this.protocols = new Protocols(study);
  }

  /** Animals in order of their identifiers, each with the effective facts that had happened, oldest first. */
  animals(): { readonly id: string; readonly history: Fact[] }[] {
    const chosen: Subject[] = [];
    for (const subject of this.study.subjects.values()) {
      if (this.only === undefined || subject.id === this.only) chosen.push(subject);
    }
    return chosen
      .map(({ id, facts }) => ({ id, history: facts.toArray().filter(({ at }) => at <= this.untilMs) }))
      .filter(({ history }) => history.length > 0)
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  has(subject: string | undefined): boolean {
    return this.only === undefined || subject === this.only;
  }

  /** Records that concern the animal asked for, or all. */
  records(): StoredStudyRecord[] {
    const records = this.study.records.toArray();
    if (this.only === undefined) return records;
    const concerned = animalsConcerned(this.study);
    return records.filter(({ number }) => concerned[number]!.includes(this.only));
  }
}
