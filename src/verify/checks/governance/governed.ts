import type { Notable } from '../notable.js';
import type { Author } from '../people/authors.js';
import type { StudyActs } from '../people/study-acts.js';
import type { Attributes } from '../record.js';
import { isOver, type Signed } from '../signatures/statement.js';
import type { Trail } from '../trail.js';

/** A governed study, as the questions of governance are asked of it. What each signature is worth is checked elsewhere. */
export class Governed {
  readonly records: readonly { readonly number: number; readonly author: Author }[];

  constructor(
    readonly trail: Trail,
    private readonly acts: StudyActs,
  ) {
    this.records = [...acts.made()];
  }

  authorOf(number: number): Author | undefined {
    return this.acts.signedRecord(number)?.author;
  }

  of(type: string): Notable[] {
    return this.trail.acts.filter(({ record }) => record['type'] === type);
  }

  /** The first signature over a record with a meaning, by whoever directed the study then. */
  byDirector(record: number, meaning: string): Signed | undefined {
    return this.find(record, meaning, (one) => one.actor === this.acts.directorAt(one.record));
  }

  byManagement(record: number, meaning: string): Signed | undefined {
    return this.find(record, meaning, (one) => one.role === 'management');
  }

  /** By whoever made the record. */
  byMaker(record: number, meaning: string): Signed | undefined {
    const maker = this.authorOf(record)?.actor;
    return this.find(record, meaning, (one) => one.actor === maker);
  }

  /** The record that holds of a fact before another one was made: itself, or its correction; undefined where it was withdrawn. */
  holderOf(record: number, before: number): number | undefined {
    let holder = record;
    while (this.isChanged(holder, before)) {
      holder = this.trail.changes.supersededBy.get(holder)!;
      if (!this.trail.corrections.has(holder)) return undefined;
    }
    return holder;
  }

  /** Whether a record was corrected or withdrawn before another one was made. */
  isChanged(record: number, before: number): boolean {
    return (this.trail.changes.supersededBy.get(record) ?? Infinity) < before;
  }

  private find(record: number, meaning: string, is: (signed: Signed) => boolean): Signed | undefined {
    return this.trail.signed.find(
      (one) => one.statement.predicate.meaning === meaning && isOver(one, record) && is(one),
    );
  }
}

/** The record that another one is about. */
export function targetOf({ record }: Notable): number {
  const { target } = record['data'] as { target?: Attributes };
  return Number(target?.['number']);
}
