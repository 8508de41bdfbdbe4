import type { UseRecord } from '../../study/welfare/animal-use-record.js';
import type { CodeMap } from './code-map.js';
import { Coder, citeRecords, type FormLine } from './form-line.js';

/** Columns D–V of the yearly form, in the order of the German annex; G, the number of animals, is filled when counted. */
export const EU_COLUMNS = [
  'D legal type',
  'E species',
  'F other species',
  'G number',
  'H reuse',
  'I place of birth',
  'J primate source',
  'K primate colony',
  'L primate generation',
  'M genetic status',
  'N new genetic line',
  'O purpose',
  'P purpose, other',
  'Q legislation',
  'R legislation, other',
  'S origin of legislation',
  'T actual severity',
  'U project',
  'V remarks',
] as const;

/** The column of the number of animals. */
export const EU_NUMBER = 3;

/** A line of the EU's form, or of the German one: only that asks for the legal type. */
export function buildEuLine(use: UseRecord, map: CodeMap, german: boolean): FormLine {
  const coder = new Coder(map, use);
  const { purpose, legislation, project, legalType } = use.use;
  if (german && legalType.value === null)
    coder.gaps.push('its licence does not say which legal type it is (column D)');
  const cells = [
    german ? coder.code('legalType', legalType.value) : '',
    coder.species,
    coder.speciesName,
    '',
    coder.answer(use.use.reuse.value),
    coder.placeOfBirth,
    '',
    '',
    '',
    coder.code('geneticStatus', use.animal.geneticStatus.value),
    coder.answer(use.animal.newGeneticLine.value),
    coder.purpose,
    purpose.value?.other ?? '',
    coder.code('law', legislation.value?.law),
    '',
    coder.code('lawOrigin', legislation.value?.origin),
    coder.severity,
    project.value ?? '',
    coder.remark,
  ];
  return { cells, gaps: coder.gaps, records: citeRecords(use) };
}
