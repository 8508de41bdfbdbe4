import { animalsConcerned } from '../../study/projections/concerns.js';
import { isOf, type StoredStudyRecord, type StudyRecord } from '../../study/record.js';
import { emptyStudy, fold, type Study } from '../../study/study.js';

/** Numbers of the records that concern one animal or the study as a whole (its opening, protocols, closing). */
export function recordsAbout(study: Study, subject: string): number[] {
  const concerned = animalsConcerned(study);
  return [...concerned.keys()].filter(
    (number) => concerned[number]!.includes(subject) || concerned[number]!.includes(undefined),
  );
}

/**
 * A study as a part of its records states it. The animal that the part is about has the same history as in the whole
 * study, and whoever has these records alone can make the same files of it.
 * @param known the records that concern the animal or the study as a whole, in order; record 0 is one of them
 */
export function studyOfPart(code: string, size: number, known: readonly StoredStudyRecord[]): Study {
  const records: StoredStudyRecord[] = [];
  const corrections = firstCorrections(known);
  const withholdTo = (end: number): void => {
    for (let number = records.length; number < end; number++)
      records.push(withheld(number, records.at(-1)!.record, corrections.get(number)));
  };
  for (const stored of known) {
    withholdTo(stored.number);
    records.push(stored);
  }
  withholdTo(size);
  return fold(emptyStudy(code), records);
}

/** By the record that first stated the fact. */
function firstCorrections(known: readonly StoredStudyRecord[]): Map<number, StudyRecord<'RecordCorrected'>> {
  const first = new Map<number, StudyRecord<'RecordCorrected'>>();
  for (const { record } of known)
    if (isOf('RecordCorrected', record) && !first.has(record.data.target.number))
      first.set(record.data.target.number, record);
  return first;
}

/** Shown for the animal of a record that is withheld; the identifier of none, which has no space. */
const ANOTHER = 'another animal';

/**
 * Stands for a record that is not known. Where a correction that is known moved its fact to the animal, it states that
 * fact about another animal; otherwise it is a void of itself, which has no effect.
 */
function withheld(
  number: number,
  before: StudyRecord,
  correction: StudyRecord<'RecordCorrected'> | undefined,
): StoredStudyRecord {
  const { recordedtime } = before;
  if (!correction) {
    const { subject: _, ...rest } = before;
    return {
      number,
      leaf: '',
      record: { ...rest, type: 'RecordVoided', data: { target: { number, leaf: '' } } },
    };
  }
  const { corrects, corrected, occurredAt } = correction.data;
  const stated = { type: corrects, data: corrected, time: occurredAt } as Pick<
    StudyRecord,
    'type' | 'data' | 'time'
  >;
  return { number, leaf: '', record: { ...correction, ...stated, recordedtime, subject: ANOTHER } };
}
