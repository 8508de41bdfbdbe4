import { individualOf, rolesOf } from '../../lab/people/standing.js';
import { openActs, type OpenAct } from '../../study/signatures/open-acts.js';
import type { BenchAsked } from '../page.js';

/** What of a study waits for the reader; without a reader, all that waits. */
export function actsFor({
  view: { study },
  lab: { people },
  reader: { person },
  nowMs,
}: BenchAsked): OpenAct[] {
  const acts = openActs(study);
  if (person === undefined) return acts;
  const roles = rolesOf(people.persons.get(person), nowMs, study.code);
  const ids = individualOf(people, person);
  return acts.filter(({ waitsFor }) =>
    'persons' in waitsFor
      ? waitsFor.persons.includes(person)
      : waitsFor.roles.some((role) => roles.has(role)) && !waitsFor.except.some((one) => ids.has(one)),
  );
}
