import { factsOf, signaturesOf, type Study } from '../study.js';
import { isCovered, type Applied } from './applied.js';
import { changeAfterReview } from './reviews.js';

/** Whether what was signed still holds. `broken` is not told here: that takes the keys of the lab. */
export type SignatureStatus =
  { readonly status: 'valid' } | { readonly status: 'superseded'; readonly by: number };

/** The signatures over a record, oldest first. */
export function signaturesOver(study: Study, number: number): Applied[] {
  return signaturesOf(study).filter((signature) => isCovered(signature, number));
}

/**
 * Superseded by the first record that corrected or withdrew one of the signed records after they were signed; a signed review
 * also by the first one that changed what it covers.
 */
export function statusOf(study: Study, { covers, meaning, statement }: Applied): SignatureStatus {
  const { size } = statement.predicate.tree;
  let by: number | undefined;
  for (const [earlier, later] of study.supersededBy)
    if (later >= size && (by === undefined || later < by) && isCovered({ covers }, earlier)) by = later;
  for (const review of meaning === 'reviewed' ? factsOf(study.facts, 'TrailReviewed') : []) {
    const later = isCovered({ covers }, review.holder) ? changeAfterReview(study, review) : undefined;
    if (later !== undefined && (by === undefined || later < by)) by = later;
  }
  return by === undefined ? { status: 'valid' } : { status: 'superseded', by };
}

/** The record by which another one was corrected or withdrawn; undefined where it holds. */
export function changedBy(study: Study, number: number): number | undefined {
  return study.supersededBy.get(number);
}
