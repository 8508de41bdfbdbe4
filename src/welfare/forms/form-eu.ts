import type { UseRecord } from '../../study/welfare/animal-use-record.js';
import type { CodeMap } from './code-map.js';
import { Coder, citeRecords, type FormLine } from './form-line.js';

/** Columns E–V of the yearly form, with the letters of the German annex; G, the number of animals, is filled when counted. */
export const EU_COLUMNS = [
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

/** The German form alone asks for the legal type. */
export const DE_COLUMNS = ['D legal type', ...EU_COLUMNS] as const;

/** A line of the EU's form, or of the German one. */
export function buildEuLine(use: UseRecord, map: CodeMap, german: boolean): FormLine {
  const coder = new Coder(map, use);
  const { purpose, legislation, project, legalType } = use.use;
  if (german && legalType.value === null)
    coder.gaps.push('its licence does not say which legal type it is (column D)');
  const cells = [
    ...(german ? [coder.code('legalType', legalType.value)] : []),
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
  const { gaps, licenceGaps } = coder;
  return { cells, gaps, licenceGaps, records: citeRecords(use) };
}
