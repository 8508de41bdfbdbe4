import type { Meaning } from '../../study/signatures/statement.js';

/** What somebody declares who signs with a meaning: completes “I, …,”. */
export const DECLARED: Readonly<Record<Meaning, string>> = {
  authored: 'wrote this',
  performed: 'did what this records',
  witnessed: 'saw what this records',
  reviewed: 'have reviewed this',
  approved: 'approve this',
  acknowledged: 'have taken note of this and assessed what it means for the study',
  inspected: 'have inspected this',
  closed: 'close the study',
  archived: 'have taken the study into the archive',
};
