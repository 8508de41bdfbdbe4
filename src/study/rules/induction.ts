import { localDay } from '../instant.js';
import type { Protocol } from '../protocol.js';
import type { Fact, Protocols } from '../study.js';
import type { Side } from './site.js';

/** What can be day 0. */
export type Induction = 'NerveLigated' | 'ModelInduced' | 'SubjectEnrolled';
export type Injury = 'NerveLigated' | 'ModelInduced';

const INDUCTIONS: ReadonlySet<string> = new Set(['NerveLigated', 'ModelInduced', 'SubjectEnrolled']);

/** The type of record that is day 0 of an animal: the induction of the model, or the enrolment of a naive animal. */
export function inductionType({ model }: Pick<Protocol, 'model'>): Induction {
  if (!model) return 'NerveLigated';
  if (model.kind === 'none') return 'SubjectEnrolled';
  return model.induction ?? (model.kind === 'nerve-injury' ? 'NerveLigated' : 'ModelInduced');
}

/** Whether a fact can be day 0, under the protocol that it was recorded under. */
export function isInduction(fact: Fact, protocols: Protocols): fact is Fact<Induction> {
  if (!INDUCTIONS.has(fact.type)) return false;
  return protocols.versions.length === 0
    ? fact.type === 'NerveLigated'
    : fact.type === inductionType(protocols.of(fact));
}

/** Day 0 of an animal: the first effective record that induces the model. Undefined where there is none yet. */
export function inductionOf(history: Iterable<Fact>, protocols: Protocols): Fact<Induction> | undefined {
  for (const fact of history) if (isInduction(fact, protocols)) return fact;
  return undefined;
}

/** The local date of day 0, in days since 1970. */
export function dayZeroOf(history: Iterable<Fact>, protocols: Protocols): number | undefined {
  const induction = inductionOf(history, protocols);
  return induction && localDay(induction.time);
}

export function isInjury(fact: Fact): fact is Fact<Injury> {
  return fact.type === 'NerveLigated' || fact.type === 'ModelInduced';
}

/** The side of the first injury, whose paw is the ipsilateral one; undefined where the model has no side. */
export function injuredSideOf(history: Iterable<Fact>): Side | undefined {
  for (const fact of history) if (isInjury(fact) && fact.data.side) return fact.data.side;
  return undefined;
}
