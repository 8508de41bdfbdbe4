import { directorOf, directorsOf, signaturesOf, type Fact, type Study } from '../study.js';
import type { Role } from '../who.js';
import { directorAt } from './directing.js';
import type { Meaning } from './statement.js';

/** Something of a governed study that somebody has to do: sign a record, or record what is missing. */
export interface OpenAct {
  readonly kind: OpenKind;
  /** What is signed, acknowledged or witnessed; the first one of a range that is to be reviewed. */
  readonly record: number;
  /** The last one of such a range. */
  readonly to?: number;
  /** The signature that is missing, or the command that is to be given first. */
  readonly next: { readonly sign: Meaning } | { readonly give: string };
  readonly waitsFor: WaitsFor;
  /** A sentence. */
  readonly says: string;
}

/** Persons by id; or anybody with one of the roles, except those. */
export type WaitsFor =
  | { readonly persons: readonly string[] }
  | { readonly roles: readonly Role[]; readonly except: readonly string[] };

export type OpenKind =
  | 'protocol'
  | 'amendment'
  | 'hand-over'
  | 'replacement'
  | 'deviation'
  | 'acknowledgement'
  | 'witness'
  | 'witness-signature'
  | 'review'
  | 'review-signature'
  | 'found-after-closing'
  | 'closing'
  | 'reopening'
  | 'archive';

export function theDirector(study: Study): WaitsFor {
  return { persons: [directorOf(study) ?? ''] };
}

/** The records that whoever directed the study then has signed with a meaning. */
export function signedByDirector(study: Study, meaning: Meaning): ReadonlySet<number> {
  const signed = new Set<number>();
  for (const { meaning: meant, person, record, covers } of signaturesOf(study)) {
    if (meant !== meaning || person !== directorAt(directorsOf(study), record)) continue;
    for (const { from, to } of covers)
      for (let number = from; number <= to && number < study.size; number++) signed.add(number);
  }
  return signed;
}

/** Every fact that holds, of the study and of its animals. */
export function* heldFacts(study: Study): Generator<Fact> {
  yield* study.facts;
  for (const { facts } of study.subjects.values()) yield* facts;
}
