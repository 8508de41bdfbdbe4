import { registrationOf } from '../../console/words/person.js';
import type { PersonOfStudy } from '../../lab/people/study-people.js';
import { counted } from '../../shared/counted.js';
import { directorsOf } from '../../study/study.js';
import type { FileSource } from '../snapshot.js';
import { item, type Section } from './section.js';

/** Who directed the study, and everybody who made a record of it or is named in one. */
export function peopleOf({ study, people, names }: FileSource): Pick<Section, 'items' | 'gaps'> {
  const directors = directorsOf(study);
  return {
    items: [
      ...directors.map(({ director, record }) => item('study director', director, [record])),
      ...(people.directorAbsent
        ? [
            item(
              'director-absent',
              `${directors.at(-1)!.director} is deactivated or holds no grant of the role`,
              [],
            ),
          ]
        : []),
      ...people.persons.map((one) =>
        // First and last record: the audit trail lists the others.
        item(
          one.records > 0 ? `entered ${counted(one.records, 'record')}` : 'named in records',
          personInWords(one, names),
          [one.first, one.last],
        ),
      ),
    ],
    gaps: [
      ...(directors.length === 0 ? ['study director: not recorded'] : []),
      names.size > 0
        ? 'names: those that are disclosed stand beside the person'
        : 'names: not disclosed here',
    ],
  };
}

function personInWords(one: PersonOfStudy, names: FileSource['names']): string {
  const name = names.get(one.person);
  const as = [...one.roles, ...one.namedAs].join(', ');
  return [
    `${one.person}${name === undefined ? '' : `, ${name}`} (${as})`,
    registrationOf(one),
    ...(one.roleConflict ? ['role-conflict'] : []),
  ].join('; ');
}
