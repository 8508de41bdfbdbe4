import { registrationOf } from '../console/words/person.js';
import type { PersonOfStudy } from '../lab/people/study-people.js';
import { csvLine } from '../shared/csv.js';
import { tableOf, type Block } from './documents/document.js';
import type { FileSource } from './snapshot.js';

/** What the table of persons says of one, and how wide that is on paper. */
const COLUMNS: readonly (readonly [
  head: string,
  width: number,
  cell: (one: PersonOfStudy) => string | number,
])[] = [
  ['acted as', 2, ({ roles }) => roles.join(', ')],
  ['named as', 2, ({ namedAs }) => namedAs.join(', ')],
  ['records', 1, ({ records }) => records],
  ['first', 1, ({ first }) => first],
  ['last', 1, ({ last }) => last],
  ['registered', 1.6, registrationOf],
  ['conflict', 1.6, ({ roleConflict }) => (roleConflict ? 'role-conflict' : '')],
];

/** The persons of the study, for a document. Names are there where they are disclosed. */
export function personsTable({ people, names }: Pick<FileSource, 'people' | 'names'>): Block {
  return tableOf(
    [
      ['person', 1.6],
      ...(names.size > 0 ? ([['name', 2]] as const) : []),
      ...COLUMNS.map(([head, width]) => [head, width] as const),
    ],
    people.persons.map((one) => [
      one.person,
      ...(names.size > 0 ? [names.get(one.person) ?? 'not disclosed'] : []),
      ...COLUMNS.map(([, , cell]) => cell(one)),
    ]),
  );
}

/** The same, a line each, for programs. The study stands in every line. */
export function personsTsv({ people, names, snapshot }: FileSource): string {
  const { code, size, root, simulated } = snapshot;
  const heads = ['study', 'tree_size', 'root', 'simulated', 'person', 'name'];
  const lines = [
    [...heads, ...COLUMNS.map(([head]) => head.replace(' ', '_'))],
    ...people.persons.map((one) => [
      code,
      size,
      root,
      simulated ? 'TRUE' : 'FALSE',
      one.person,
      names.get(one.person) ?? '',
      ...COLUMNS.map(([, , cell]) => cell(one)),
    ]),
  ];
  return lines.map((line) => csvLine(line, '\t')).join('');
}
