import { instantMs } from '../instant.js';
import { changesIn, reviewsOf, unreviewedIn, type Range } from '../signatures/reviews.js';
import { statusOf, type SignatureStatus } from '../signatures/signatures.js';
import type { Steps } from '../steps.js';
import { defineProjection } from './projection.js';
import { REVIEW_LISTS, clockText, type ReviewRow } from './review-lists.js';

export interface ReviewList {
  readonly list: string;
  readonly title: string;
  readonly rule: string;
  readonly count: number;
  readonly rows: readonly ReviewRow[];
}

export interface ReviewMade extends Range {
  readonly record: number;
  readonly reviewer: string;
  readonly recordedAt: string;
  readonly findings: string;
  /** The record of the signature, null while there is none. */
  readonly signature: number | null;
  readonly status: 'unsigned' | SignatureStatus['status'];
  /** The first correction or void after the review of what it covers. */
  readonly supersededBy: number | null;
}

export interface ReviewAnswer {
  readonly hours: {
    readonly zone: string;
    readonly from: string;
    readonly to: string;
    readonly weekends: 'in' | 'out';
  };
  readonly reviews: readonly ReviewMade[];
  /** What nobody has reviewed yet; signatures, reviews, acknowledgements and the closing of the study are not reviewed. */
  readonly unreviewed: readonly Range[];
  readonly lists: readonly ReviewList[];
}

/** What deserves a look when the trail is reviewed, each list with its rule; and what was reviewed, by whom. */
export const review = defineProjection(
  'review',
  'What deserves a look in the trail, each list with its rule; which ranges were reviewed, and what changed since',
  function* (view): Steps<ReviewAnswer> {
    const { study, hours } = view;
    const records = view.records().filter(({ record }) => (instantMs(record.time) ?? 0) <= view.untilMs);
    yield;
    const reviews = reviewsOf(study);
    const trail = { records, changes: changesIn(study), reviews, hours };
    const lists: ReviewList[] = [];
    for (const { name, title, rule, find } of REVIEW_LISTS) {
      const rows = find(trail);
      lists.push({ list: name, title, rule: rule(hours), count: rows.length, rows });
      yield;
    }
    return {
      hours: { ...hours, from: clockText(hours.from), to: clockText(hours.to) },
      reviews: reviews.map(({ signature, supersededBy = null, ...rest }) => ({
        ...rest,
        signature: signature?.record ?? null,
        status: signature ? statusOf(study, signature).status : 'unsigned',
        supersededBy,
      })),
      unreviewed: unreviewedIn(study, reviews),
      lists,
    };
  },
);
