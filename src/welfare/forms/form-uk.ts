import type { UseRecord } from '../../study/welfare/animal-use-record.js';
import type { CodeMap } from './code-map.js';
import { Coder, citeRecords, type FormLine } from './form-line.js';

/** Columns of `procedures.csv`, in the order of the Home Office's export. */
export const UK_COLUMNS = [
  'return_id',
  'id',
  'species',
  'other_species',
  'endangered',
  'no_of_procedures',
  'reuse',
  'place_of_birth',
  'nhp_place_of_birth',
  'nhp_colony_status',
  'nhp_generation',
  'genetic_status',
  'creation_of_new_genetic_line',
  'purpose',
  'sub_purpose',
  'sub_purpose_other',
  'testing_by_legislation',
  'legislation_other',
  'legislative_requirements',
  'technique_of_special_interest',
  'actual_severity',
  'comments_for_ho',
  'comments_for_personal_use',
  'ppl_number',
] as const;

/** The columns of the line's number and of the number of animals. */
export const UK_ID = 1;
export const UK_NUMBER = 5;

/** Columns of `returns.csv`. What the ledger does not know is empty, such as the names of people. */
export const UK_RETURN_COLUMNS = [
  'id',
  'licence_number',
  'establishment_id',
  'title',
  'project_status',
  'issue_date',
  'expiry_date',
  'revocation_date',
  'first_name',
  'last_name',
  'email',
  'telephone',
  'year',
  'status',
  'procedures_completed',
  'postnatal',
  'endangered',
  'endangered_details',
  'nmbas',
  'general_anaesthesia',
  'general_anaesthesia_details',
  'rodenticide',
  'rodenticide_details',
  'schedule_two_details',
  'procedure_count',
  'due_date',
  'submission_date',
] as const;

export const UK_ESTABLISHMENT_COLUMNS = ['id', 'name', 'licenceNumber', 'address', 'country'] as const;

export function ukReturnId(licence: string, year: number): string {
  return `${licence}/${year}`;
}

export function buildUkLine(use: UseRecord, map: CodeMap, year: number): FormLine {
  const coder = new Coder(map, use);
  const { purpose, legislation, project } = use.use;
  const note = noteForHomeOffice(coder);
  const [area = '', field = ''] = coder.purpose.split('/');
  const cells = [
    project.value === null ? '' : ukReturnId(project.value, year),
    '',
    coder.species,
    coder.speciesName,
    endangered(coder),
    '',
    coder.answer(use.use.reuse.value),
    coder.placeOfBirth,
    '',
    '',
    '',
    coder.code('geneticStatus', use.animal.geneticStatus.value),
    coder.answer(use.animal.newGeneticLine.value),
    area,
    field,
    purpose.value?.other ?? '',
    coder.code('law', legislation.value?.law),
    '',
    coder.code('lawOrigin', legislation.value?.origin),
    technique(coder),
    coder.severity,
    [coder.remark, note].filter((part) => part !== '').join('; '),
    '',
    project.value ?? '',
  ];
  const { gaps, licenceGaps } = coder;
  return { cells, gaps, licenceGaps, records: citeRecords(use) };
}

function endangered(coder: Coder): string {
  const { value } = coder.use.use.endangered;
  if (value === null)
    coder.licenceGaps.push(
      'its licence does not say whether the species is endangered: amend the protocol with licence.endangered, or answer it in ASPeL where the study is closed',
    );
  return coder.answer(value);
}

/** The form takes one technique a line, and empty for none. */
function technique(coder: Coder): string {
  const { value } = coder.use.use.techniques;
  if (value === null)
    coder.licenceGaps.push(
      'its licence does not say which techniques of special interest are used: amend the protocol with licence.techniques, an empty list for none, or answer it in ASPeL where the study is closed',
    );
  if (value === null || value.length < 2) return coder.code('technique', value?.[0]);
  coder.licenceGaps.push(
    `its licence names ${value.length} techniques of special interest, and the form takes one a line: fill in technique_of_special_interest by hand`,
  );
  return '';
}

/**
 * The Home Office asks for a note about sub-threshold severity, unless the use served breeding or a new genetic line, and
 * about non-recovery, if it did.
 */
function noteForHomeOffice(coder: Coder): string {
  const { animal, severity, use } = coder.use;
  const isBreeding = use.purpose.value?.area === 'colony-maintenance' || animal.newGeneticLine.value === true;
  const actual = severity.actual?.severity;
  if (actual !== (isBreeding ? 'non-recovery' : 'sub-threshold')) return '';
  const note = severity.actual?.explanation ?? '';
  if (note === '')
    coder.gaps.push(
      `assessed as ${actual}, and the Home Office asks for a note on why: correct the assessment and give its explanation`,
    );
  return note;
}
