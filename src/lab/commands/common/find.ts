import { refuse, type Refusal } from '../../../study/refusal.js';
import type { Lab } from '../../lab.js';
import type { Person } from '../../people/people.js';
import { individualOf } from '../../people/standing.js';

/** The person, who must be registered and active. */
export function findPerson({ people }: Lab, id: string, field = 'data.person'): Person | Refusal {
  const person = people.persons.get(id);
  if (!person) return refuse('person-unknown', `There is no person ${id}: register ${id} first.`, field);
  if (person.deactivated)
    return refuse(
      'person-inactive',
      `${id} was deactivated by lab record ${person.deactivated.number}: a person who returns gets a new id.`,
      field,
    );
  return person;
}

export function checkStudy({ studies }: Lab, code: string | undefined): Refusal | undefined {
  if (code === undefined || studies.has(code)) return undefined;
  return refuse(
    'study-unknown',
    `There is no study ${code} here: leave it out for the whole facility.`,
    'data.study',
  );
}

/** Whether two ids are of one human. */
export function isSameHuman({ people }: Lab, a: string, b: string): boolean {
  return individualOf(people, a).has(b);
}
