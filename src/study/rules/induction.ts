import type { Protocol } from '../protocol.js';
import type { Fact, Protocols } from '../study.js';

type Induction = 'NerveLigated' | 'ModelInduced' | 'SubjectEnrolled';

/** The type of record that is day 0 of an animal: the induction of the model, or the enrolment of a naive animal. */
export function inductionType({ model }: Pick<Protocol, 'model'>): Induction {
  if (!model) return 'NerveLigated';
  if (model.kind === 'none') return 'SubjectEnrolled';
  return model.induction ?? (model.kind === 'nerve-injury' ? 'NerveLigated' : 'ModelInduced');
}

/** Whether a fact can be day 0, under the protocol that it was recorded under. */
export function isInduction(fact: Fact, protocols: Protocols): fact is Fact<Induction> {
  return protocols.versions.length === 0
    ? fact.type === 'NerveLigated'
    : fact.type === inductionType(protocols.of(fact));
}

/** Day 0 of an animal: the first effective record that induces the model. Undefined where there is none yet. */
export function inductionOf(history: Iterable<Fact>, protocols: Protocols): Fact<Induction> | undefined {
  for (const fact of history) if (isInduction(fact, protocols)) return fact;
  return undefined;
}

/** The side of the first injury, whose paw is the ipsilateral one; undefined where the model has no side. */
export function injuredSideOf(history: Iterable<Fact>): 'left' | 'right' | undefined {
  for (const { type, data } of history)
    if (type === 'NerveLigated' || type === 'ModelInduced') {
      const { side } = data as { side?: 'left' | 'right' };
      if (side) return side;
    }
  return undefined;
}
