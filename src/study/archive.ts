import { closureOf, factsOf, type Study } from './study.js';

/** Where an archived study is kept, and how long at least. */
export interface Archive {
  /** The StudyArchived that holds. */
  readonly record: number;
  /** Where what belongs to the study and is not in the ledger lies. */
  readonly location: string;
  /** A day. */
  readonly retainUntil: string;
}

/** Undefined as long as the study is not archived. */
export function archiveOf(study: Study): Archive | undefined {
  const { archived } = closureOf(study);
  const fact = factsOf(study.facts, 'StudyArchived').find(({ holder }) => holder === archived?.record);
  return fact && { record: fact.holder, location: fact.data.location, retainUntil: fact.data.retainUntil };
}
