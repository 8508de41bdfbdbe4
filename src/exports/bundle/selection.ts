import { isOf, type StoredStudyRecord } from '../../study/record.js';
import type { Study } from '../../study/study.js';

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
