import { AppendList } from '../../fold/append-list.js';
import type { FactType } from '../../events/events.js';
import { factNumbered, factsOf, type Fact, type Study, type Subject } from '../../study.js';

/** Facts that are recorded about an animal after its end. */
const AFTERWARDS: ReadonlySet<FactType> = new Set(['SeverityAssessed', 'EndpointDecided']);

/** One animal as of an instant. Only the members that say so read the whole history. */
export class AnimalAt {
  private readonly subject: Subject | undefined;
  /** How many of its facts had happened. */
  private readonly happened: number;

  constructor(
    private readonly study: Study,
    readonly id: string,
    private readonly at: number,
  ) {
    this.subject = study.subjects.get(id);
    this.happened = this.facts.firstIndex((fact) => fact.at > at);
  }

  /** Its enrolment, whenever that was. */
  get enrolled(): Fact<'SubjectEnrolled'> | undefined {
    return this.subject?.enrolled;
  }

  /** Its exclusion, whenever that was. */
  get excluded(): Fact<'SubjectExcluded'> | undefined {
    return this.subject?.excluded;
  }

  /** Its death, whenever that was. */
  get died(): Fact<'SubjectEuthanised' | 'FateRecorded'> | undefined {
    return this.subject?.died;
  }

  /** How it left the study other than by being killed, whenever that was. */
  get fate(): Fact<'FateRecorded'> | undefined {
    return this.subject?.fate;
  }

  last<T extends FactType>(type: T): Fact<T> | undefined {
    return this.lastWhere((fact) => fact.type === type) as Fact<T> | undefined;
  }

  /** The latest fact that had happened and passes. */
  lastWhere(passes: (fact: Fact) => boolean): Fact | undefined {
    for (let index = this.happened - 1; index >= 0; index--) {
      const fact = this.facts.at(index);
      if (fact && passes(fact)) return fact;
    }
    return undefined;
  }

  /** What had happened since an instant, the latest first. */
  *since(from: number): Generator<Fact> {
    for (let index = this.happened - 1; index >= 0; index--) {
      const fact = this.facts.at(index);
      if (!fact || fact.at < from) return;
      yield fact;
    }
  }

  /** The next fact of a type up to an instant. */
  nextOf<T extends FactType>(type: T, until: number): Fact<T> | undefined {
    for (let index = this.happened; ; index++) {
      const fact = this.facts.at(index);
      if (!fact || fact.at > until) return undefined;
      if (fact.type === type) return fact as Fact<T>;
    }
  }

  /** All facts of a type, later ones included, for what can happen only once. Reads the whole history. */
  ever<T extends FactType>(type: T): Fact<T>[] {
    return factsOf(this.facts, type);
  }

  numbered<T extends FactType>(type: T, number: number): Fact<T> | undefined {
    const fact = factNumbered(this.study, number);
    const isIt = fact?.type === type && fact.subject === this.id && fact.at <= this.at;
    return isIt ? (fact as Fact<T>) : undefined;
  }

  /** Everything that had happened, oldest first, for the rules. */
  history(): Fact[] {
    return this.facts.toArray(this.happened);
  }

  /** The first later fact that shows that the animal was still in the study. */
  get next(): Fact | undefined {
    for (let index = this.happened; ; index++) {
      const fact = this.facts.at(index);
      if (!fact || !AFTERWARDS.has(fact.type)) return fact;
    }
  }

  private get facts(): AppendList<Fact> {
    return this.subject?.facts ?? AppendList.EMPTY;
  }
}
