import { Type } from '../../study/schema-types.js';
import { Line, PersonId } from '../../study/schema.js';
import { Data, Optional, Required } from '../../study/commands/common/fields.js';
import { Refusal, refuse } from '../../study/refusal.js';
import type { Lab } from '../lab.js';
import { NEW_PERSON, RESERVED_PERSONS } from '../people/facts.js';
import { findPerson } from './common/find.js';
import { LabCommand, defineLabCommand, labFact } from './common/lab-command.js';

class NewPerson {
  @Required(
    PersonId,
    'A pseudonym: small letters, digits and hyphens, such as tech-1. It is never given to anybody else.',
  )
  person!: string;

  @Required(Line, 'The name. It is kept beside the log and can be erased.')
  name!: string;

  @Optional(PersonId, 'Another id of the same human.')
  sameIndividual?: string;

  @Optional(Type.Boolean(), 'Confirms that the studies in which this id occurs mean this person.')
  confirmOccurrences?: boolean;
}

/** Registers a person under a pseudonym. */
export class RegisterPerson extends LabCommand {
  @Data(NewPerson) readonly data!: NewPerson;
}

export const registerPerson = defineLabCommand(RegisterPerson, {
  summary: 'Register a person',
  records: 'PersonRegistered',
  who: 'administrator',
  personal: ['name'],
  refuses: ['occurs-in-study', 'person-exists', 'person-inactive', 'person-reserved', 'person-unknown'],
  occurrencesOf: ({ data }) => ({ person: data.person }),
  example: { data: { person: 'tech-1', name: 'T. Example' } },
  decide({ data }, { lab, commitments, occursIn }) {
    const { person, sameIndividual, confirmOccurrences = false } = data;
    const wrong = refuseName(lab, person, occursIn, confirmOccurrences);
    if (wrong) return wrong;
    if (sameIndividual !== undefined) {
      const other = findPerson(lab, sameIndividual, 'data.sameIndividual');
      if (other instanceof Refusal && other.code === 'person-unknown') return other;
    }
    const same = sameIndividual === undefined ? {} : { sameIndividual };
    return [labFact('PersonRegistered', { person, name: commitments['name']!, ...same })];
  },
});

/** Why a pseudonym cannot be given out. One that stands in a study already is taken as it stands there. */
export function refuseName(
  { people }: Lab,
  person: string,
  occursIn: readonly string[],
  isConfirmed: boolean,
): Refusal | undefined {
  const field = 'data.person';
  if (people.persons.has(person))
    return refuse('person-exists', `${person} was given out already: choose another id.`, field);
  if (RESERVED_PERSONS.has(person) || (!NEW_PERSON.test(person) && occursIn.length === 0)) {
    return refuse(
      'person-reserved',
      `${person} cannot be an id: use 2 to 40 small letters, digits and hyphens, such as tech-1; ${[...RESERVED_PERSONS].join(', ')} are kept.`,
      field,
    );
  }
  if (occursIn.length === 0 || isConfirmed) return undefined;
  const message = `${person} occurs in ${occursIn.slice(0, 5).join(', ')}: if that is this person, send confirmOccurrences: true; otherwise choose another id.`;
  return refuse('occurs-in-study', message, 'data.confirmOccurrences');
}
