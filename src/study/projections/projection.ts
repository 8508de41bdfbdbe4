import type { StoredStudyRecord } from '../record.js';
import { finish, type Steps } from '../steps.js';
import { Protocols, type Fact, type Study } from '../study.js';
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
  /** The same in pieces of a few milliseconds at most, however long the history of an animal is. */
  steps(view: View): Steps<A>;
}

export function defineProjection<A extends object>(
  name: string,
  summary: string,
  steps: (view: View) => Steps<A>,
): Projection<A> {
  return { name, summary, steps, project: (view) => finish(steps(view)) };
}

/** When people work: minutes since midnight on the wall clock of a time zone, `to` not included. */
export interface WorkingHours {
  /** IANA. */
  readonly zone: string;
  readonly from: number;
  readonly to: number;
  /** Whether Saturdays and Sundays count as out of hours. */
  readonly weekends: 'in' | 'out';
}

export const USUAL_HOURS: WorkingHours = { zone: 'UTC', from: 7 * 60, to: 19 * 60, weekends: 'out' };

/** What a projection may look at. */
export class View {
  readonly protocols: Protocols;

  constructor(
    readonly study: Study,
    readonly untilMs: number = Infinity,
    /** Only this animal, where one is asked for. */
    private readonly only?: string,
    /** For what asks whether somebody worked out of hours. */
    readonly hours: WorkingHours = USUAL_HOURS,
  ) {
    this.protocols = new Protocols(study);
  }

  /** Animals in order of their identifiers, each with the effective facts that had happened, oldest first. */
  animals(): { readonly id: string; readonly history: Fact[] }[] {
    const { subjects } = this.study;
    const only = this.only === undefined ? undefined : subjects.get(this.only);
    const chosen = this.only === undefined ? [...subjects.values()] : only ? [only] : [];
    return chosen
      .map(({ id, facts }) => ({
        id,
        history: facts.toArray(facts.firstIndex(({ at }) => at > this.untilMs)),
      }))
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
