import type { PersonOfStudy } from '../../lab/people/study-people.js';

/** Persons of records from before persons were registered have no registration. */
export function registrationOf({ registered }: PersonOfStudy): string {
  return registered === null ? 'not registered' : `lab record ${registered}`;
}
