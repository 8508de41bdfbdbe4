import { registrationOf } from '../../console/words/person.js';
import type { PersonOfStudy } from '../../lab/people/study-people.js';
import type { Block } from './page.js';
import { table } from './table.js';

/** Who acted in a study or is named in its records. */
export function personsOfStudy(persons: readonly PersonOfStudy[]): Block[] {
  return [
    table(persons, [
      { head: 'person', cell: ({ person }) => person },
      { head: 'acted as', cell: ({ roles }) => roles.join(', '), flexible: true },
      { head: 'named as', cell: ({ namedAs }) => namedAs.join(', '), flexible: true },
      { head: 'records', cell: ({ records }) => String(records), align: 'right' },
      { head: 'from, to', cell: ({ first, last }) => `#${first}, #${last}` },
      { head: 'registered', cell: registrationOf },
      { head: 'conflict', cell: ({ roleConflict }) => (roleConflict ? 'role-conflict' : '') },
    ]),
  ];
}
