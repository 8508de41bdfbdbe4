import { isOf, type StoredStudyRecord, type StudyRecord } from '../../study/record.js';
import { emptyStudy, fold, type Study } from '../../study/study.js';

/**
 * The records of one animal, and those about the study as a whole (its opening, protocols, closing). A correction that
 * moves a record from one animal to another concerns both; what corrects, withdraws or acknowledges a record goes with it.
 */
export function recordsAbout(study: Study, subject: string): number[] {
  const chosen = new Set<number>();
  for (const stored of study.records) if (concerns(stored, subject, chosen)) chosen.add(stored.number);
  return [...chosen];
}

function concerns({ record }: StoredStudyRecord, subject: string, chosen: ReadonlySet<number>): boolean {
  if (record.subject === subject) return true;
  if (isOf('RecordCorrected', record) && record.data.subject === subject) return true;
  if ('target' in record.data) return chosen.has(record.data.target.number);
  return record.subject === undefined;
}

/**
 * A study as a part of its records states it: what is made of it can be made again by whoever has these records alone.
 * @param known in order; the first record of the study is one of them
 */
export function studyOfPart(code: string, size: number, known: readonly StoredStudyRecord[]): Study {
  const records: StoredStudyRecord[] = [];
  for (const stored of known) {
    while (records.length < stored.number) records.push(withheld(records.at(-1)!));
    records.push(stored);
  }
  while (records.length < size) records.push(withheld(records.at(-1)!));
  return fold(emptyStudy(code), records);
}

/** Stands for a record that is not known. A void of itself has no effect. */
function withheld({ number, record: last }: StoredStudyRecord): StoredStudyRecord {
  const { subject: _, ...before } = last;
  const target = { number: number + 1, leaf: '' };
  const record: StudyRecord<'RecordVoided'> = { ...before, type: 'RecordVoided', data: { target } };
  return { number: number + 1, leaf: '', record };
}
