import type { Attributes } from './record.js';

/** A record whose content the checks of signatures and of governance need. */
export interface Notable {
  readonly number: number;
  readonly record: Attributes;
}

const TYPES = new Set([
  'StudyOpened',
  'ProtocolApproved',
  'ProtocolAmended',
  'StudyHandedOver',
  'DirectorReplaced',
  'DeviationAcknowledged',
  'RecordWitnessed',
  'TrailReviewed',
  'StudyClosed',
  'StudyReopened',
  'StudyArchived',
  'InspectionRecorded',
  'SignatureApplied',
  'RecordCorrected',
  'RecordVoided',
]);

/** Few records of a study are. */
export function isNotable(type: unknown): boolean {
  return TYPES.has(type as string);
}
