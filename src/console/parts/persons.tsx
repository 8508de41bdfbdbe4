import type { JSX } from 'preact';
import type { PersonOfStudy } from '../../lab/people/study-people.js';
import { registrationOf } from '../words/person.js';
import { RecordLink } from './links.js';
import { Table } from './table.js';

/** Who acted in a study or is named in its records. Names are shown only where they are disclosed. */
export function Persons({
  persons,
  names = new Map(),
}: {
  readonly persons: readonly PersonOfStudy[];
  readonly names?: ReadonlyMap<string, string>;
}): JSX.Element {
  return (
    <Table
      label="Persons of this study"
      rows={persons}
      columns={[
        { head: 'Person', cell: ({ person }) => person },
        ...(names.size === 0
          ? []
          : [{ head: 'Name', cell: ({ person }: PersonOfStudy) => names.get(person) ?? 'not disclosed' }]),
        { head: 'Acted as', as: 'wide', cell: ({ roles }) => roles.join(', ') },
        { head: 'Named as', as: 'wide', cell: ({ namedAs }) => namedAs.join(', ') },
        { head: 'Records', as: 'number', cell: ({ records }) => records },
        { head: 'First', cell: ({ first }) => <RecordLink number={first} /> },
        { head: 'Last', cell: ({ last }) => <RecordLink number={last} /> },
        { head: 'Registered', cell: registrationOf },
        {
          head: 'Conflict',
          cell: ({ roleConflict }) => roleConflict && <strong>role-conflict</strong>,
        },
      ]}
    />
  );
}
