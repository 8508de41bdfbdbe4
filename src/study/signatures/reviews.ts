import type { AppendList } from '../fold/append-list.js';
import { isOf, type StoredStudyRecord, type StudyRecord } from '../record.js';
import { factsOf, signaturesOf, type Fact, type Study } from '../study.js';
import { isCovered, type Applied } from './applied.js';
import { isReviewed } from './makers.js';

/** A range of records, both ends included. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A review of a range of the trail. */
export interface Review extends Range {
  readonly record: number;
  readonly reviewer: string;
  readonly recordedAt: string;
  readonly findings: string;
  /** The signature `reviewed` of the reviewer over it; undefined while it is not signed. */
  readonly signature: Applied | undefined;
  /** The first correction or void, after the review, of a record in the range. */
  readonly supersededBy: number | undefined;
}

/** The reviews that hold, oldest first. */
export function reviewsOf(study: Study): Review[] {
  const signatures = signaturesOf(study).filter(({ meaning }) => meaning === 'reviewed');
  return factsOf(study.facts, 'TrailReviewed')
    .map((fact) => {
      const { record } = study.records.at(fact.number)!;
      return {
        record: fact.holder,
        from: fact.data.from,
        to: fact.data.to,
        findings: fact.data.findings,
        reviewer: record.actor,
        recordedAt: record.recordedtime,
        signature: signatures.find((one) => one.person === record.actor && isCovered(one, fact.holder)),
        supersededBy: changeAfterReview(study, fact),
      };
    })
    .sort((a, b) => a.record - b.record);
}

/** The first record after a review that corrected or withdrew something in its range, even if that was taken back since. */
export function changeAfterReview(
  study: Study,
  { holder, data: { from, to } }: Fact<'TrailReviewed'>,
): number | undefined {
  return changesIn(study).find(
    ({ number, of }) => number > holder && of.some((target) => from <= target && target <= to),
  )?.number;
}

/** A correction or a void, and the records that it is about: what first stated the fact, and what it replaces or withdraws. */
export interface TrailChange {
  readonly number: number;
  readonly of: readonly number[];
}

export function changesIn({ records }: Study): readonly TrailChange[] {
  return records.derived(listChanges);
}

function listChanges(records: AppendList<StoredStudyRecord>): TrailChange[] {
  return [...records].flatMap(({ number, record }) => {
    const of = changedIn(records, record);
    return of.length > 0 ? [{ number, of }] : [];
  });
}

function changedIn(records: AppendList<StoredStudyRecord>, record: StudyRecord): number[] {
  if (isOf('RecordCorrected', record)) return [record.data.target.number, record.data.replaces.number];
  if (!isOf('RecordVoided', record)) return [];
  const target = record.data.target.number;
  const withdrawn = records.at(target)?.record;
  return withdrawn && isOf('RecordCorrected', withdrawn) ? [target, withdrawn.data.target.number] : [target];
}

/** What lies in none of these ranges: from one record that is to be reviewed to another, with none between that was. */
export function unreviewedIn(
  study: Study,
  reviewed: readonly Range[],
  { from: first, to: end }: Range = { from: 0, to: study.size - 1 },
): Range[] {
  const isSeen = new Uint8Array(study.size);
  for (const { from, to } of reviewed) isSeen.fill(1, from, to + 1);
  const missing: { from: number; to: number }[] = [];
  let last: { from: number; to: number } | undefined;
  for (let number = first; number <= end && number < study.size; number++) {
    if (!isReviewed(study.records.at(number)!.record)) continue;
    if (isSeen[number] === 1) last = undefined;
    else if (last) last.to = number;
    else missing.push((last = { from: number, to: number }));
  }
  return missing;
}
