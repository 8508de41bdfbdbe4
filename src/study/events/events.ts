import type { Static } from 'typebox';
import { ANIMAL_FACTS } from './animal-facts.js';
import { MEASUREMENT_FACTS } from './measurement-facts.js';
import { RECORD_FACTS } from './record-facts.js';
import { SIGNATURE_FACTS } from './signature-facts.js';
import { STUDY_FACTS } from './study-facts.js';
import { SURGERY_FACTS } from './surgery-facts.js';
import { TREATMENT_FACTS } from './treatment-facts.js';
import { WELFARE_FACTS } from './welfare-facts.js';

/**
 * Every kind of fact a study can hold, as the JSON Schema of its `data`, by phase of a study. These are a storage contract:
 * a schema that has been released is never edited so that a stored record would no longer fit. It may gain optional members,
 * words and units, and a required member may become optional; for anything else a new version is added, and old records are
 * upcast on read.
 * Measured values are kept as read; everything that can be computed is computed.
 */
export const EVENTS = {
  ...STUDY_FACTS,
  ...ANIMAL_FACTS,
  ...SURGERY_FACTS,
  ...MEASUREMENT_FACTS,
  ...TREATMENT_FACTS,
  ...WELFARE_FACTS,
  ...RECORD_FACTS,
  ...SIGNATURE_FACTS,
};

export type EventType = keyof typeof EVENTS;
export type EventData<T extends EventType = EventType> = Static<(typeof EVENTS)[T]>;
/** Facts that a correction or a void can name; the other two speak about records instead of the study. */
export type FactType = Exclude<EventType, 'RecordCorrected' | 'RecordVoided'>;

export function isEventType(type: string): type is EventType {
  return Object.hasOwn(EVENTS, type);
}
