import { localDay } from '../../study/instant.js';
import { factsOf } from '../../study/study.js';
import { recordsOf, type SendAnimal } from './animals.js';
import { row, integer, text, type Dataset } from './dataset.js';
import { controlled, SEX, SPECIES, STRAIN } from './terminology.js';

const COLUMNS = [
  text('STUDYID', 'Study Identifier', 1),
  text('DOMAIN', 'Domain Abbreviation'),
  text('USUBJID', 'Unique Subject Identifier', 2),
  text('SUBJID', 'Subject Identifier for the Study'),
  text('RFSTDTC', 'Subject Reference Start Date/Time'),
  text('RFENDTC', 'Subject Reference End Date/Time'),
  text('RFXSTDTC', 'Date/Time of First Study Treatment'),
  text('RFXENDTC', 'Date/Time of Last Study Treatment'),
  text('BRTHDTC', 'Date/Time of Birth'),
  integer('AGE', 'Age'),
  text('AGEU', 'Age Unit'),
  text('SEX', 'Sex'),
  text('SPECIES', 'Species'),
  text('STRAIN', 'Strain/Substrain'),
  text('SETCD', 'Set Code'),
];

/** Demographics: a row for each animal. Age in days at the first dose or, without one, at enrolment. */
export function demographics(code: string, animals: readonly SendAnimal[]): Dataset {
  const rows = animals.map(({ id, usubjid, history, reference, lastDose, departure }) => {
    const enrolled = factsOf(history, 'SubjectEnrolled')[0];
    const data = enrolled?.data;
    const birth = data?.dateOfBirth;
    const counted = reference ?? enrolled;
    return row(
      COLUMNS,
      {
        STUDYID: code,
        DOMAIN: 'DM',
        USUBJID: usubjid,
        SUBJID: id,
        RFSTDTC: reference?.time,
        RFENDTC: departure?.time,
        RFXSTDTC: reference?.time,
        RFXENDTC: lastDose?.time,
        BRTHDTC: birth,
        AGE: birth && counted ? localDay(counted.time) - localDay(birth) : null,
        AGEU: birth && counted ? 'DAYS' : '',
        SEX: data && SEX[data.sex],
        SPECIES: data && controlled(SPECIES, data.species),
        STRAIN: data && controlled(STRAIN, data.strain),
        SETCD: data?.allocation?.group,
      },
      recordsOf(enrolled, reference, lastDose, departure),
    );
  });
  return { name: 'DM', label: 'Demographics', columns: COLUMNS, rows };
}
