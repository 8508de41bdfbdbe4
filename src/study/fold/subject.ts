import { AppendList } from './append-list.js';
import type { FactType } from '../events/events.js';
import { factsOf, insertFact, removeFact, type Fact } from '../events/fact.js';

/** The change of an animal's history by one record: a fact taken out, a fact put in, or both. */
interface Change {
  readonly record: number;
  readonly out: Fact | undefined;
  readonly put: Fact | undefined;
}

/** An animal as a prefix of the records states it. */
export class Subject {
  private constructor(
    readonly id: string,
    /** Effective facts in order of (occurredAt, number). */
    readonly facts: AppendList<Fact>,
    /** The earliest of each kind, kept because every decision needs them without reading the whole history. */
    readonly enrolled: Fact<'SubjectEnrolled'> | undefined,
    readonly excluded: Fact<'SubjectExcluded'> | undefined,
    readonly killed: Fact<'SubjectEuthanised'> | undefined,
    /** How the animal left the study other than by being killed. */
    readonly fate: Fact<'FateRecorded'> | undefined,
    /**
     * What made the history what it is, oldest first: undone from the end, they lead through its earlier versions. Those are
     * not kept, since each late entry would keep a copy of the history.
     */
    readonly changes: AppendList<Change>,
  ) {}

  /** The animal after a change; undefined where no fact is left: it had been entered by mistake. */
  static changed(before: Subject | undefined, id: string, change: Change): Subject | undefined {
    return Subject.with(before, id, change, (before?.changes ?? AppendList.EMPTY).append(change));
  }

  /** Its death, killed or found dead; the earlier one where both are recorded. */
  get died(): Fact<'SubjectEuthanised' | 'FateRecorded'> | undefined {
    const found = this.fate?.data.fate === 'found-dead' ? this.fate : undefined;
    if (!this.killed || !found) return this.killed ?? found;
    return found.at < this.killed.at ? found : this.killed;
  }

  /** Number of the record that last changed the history. */
  get asOf(): number {
    return this.changes.last?.record ?? 0;
  }

  /** The effective facts before that record. */
  factsBefore(): AppendList<Fact> {
    const { out, put } = this.changes.last ?? {};
    const rest = put ? removeFact(this.facts, put) : this.facts;
    return out ? insertFact(rest, out) : rest;
  }

  private static with(
    from: Subject | undefined,
    id: string,
    { out, put }: Change,
    changes: AppendList<Change>,
  ): Subject | undefined {
    const before = from?.facts ?? AppendList.EMPTY;
    const rest = out ? removeFact(before, out) : before;
    const facts = put ? insertFact(rest, put) : rest;
    if (facts.length === 0) return undefined;
    const type = (put ?? out)?.type;
    return new Subject(
      id,
      facts,
      type === 'SubjectEnrolled' ? firstOf(facts, type) : from?.enrolled,
      type === 'SubjectExcluded' ? firstOf(facts, type) : from?.excluded,
      type === 'SubjectEuthanised' ? firstOf(facts, type) : from?.killed,
      type === 'FateRecorded' ? firstOf(facts, type) : from?.fate,
      changes,
    );
  }
}

function firstOf<T extends FactType>(facts: AppendList<Fact>, type: T): Fact<T> | undefined {
  return factsOf(facts, type)[0];
}
