import type { EventType } from '../events/events.js';
import { isOf, type StudyRecord } from '../record.js';

/**
 * Records that vouch for others, or end a study: they are not reviewed, and making one makes nobody a maker of what is. A
 * correction or a void of one of them is reviewed.
 */
const VOUCHING: ReadonlySet<EventType> = new Set([
  'SignatureApplied',
  'RecordWitnessed',
  'TrailReviewed',
  'InspectionRecorded',
  'InspectionReported',
  'DeviationAcknowledged',
  'StudyClosed',
  'StudyReopened',
  'StudyArchived',
]);

/** Whether a record is one that the trail is reviewed for. */
export function isReviewed({ type }: Pick<StudyRecord, 'type'>): boolean {
  return !VOUCHING.has(type);
}

/** Members of a fact that name who took part in it. */
const TOOK_PART = ['observedBy', 'surgeon', 'assistant', 'preparedBy', 'decidedBy', 'orderedBy'] as const;

/** Whoever made a record: who entered or imported it, and whom it names as having done or seen it. */
export function makersOf(record: StudyRecord): string[] {
  const stated = isOf('RecordCorrected', record) ? record.data.corrected : record.data;
  const named = TOOK_PART.map((member) => (stated as Readonly<Record<string, unknown>>)[member]);
  const makers = [record.actor, record.importer, ...named];
  return [...new Set(makers.filter((person): person is string => typeof person === 'string'))];
}
