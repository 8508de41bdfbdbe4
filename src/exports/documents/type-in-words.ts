import type { EventData } from '../../study/events/events.js';
import type { TrailRecord } from '../../study/projections/audit-trail.projection.js';

/** `ThresholdRecorded` → `threshold recorded`; abbreviations stay. */
export function typeInWords(type: string): string {
  return type
    .replace(/^Sub(?=[A-Z])/, 'Sub-')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .replace(/\b[A-Z][a-z]/g, (letters) => letters.toLowerCase());
}

/** What a record is, or tells, that departs from the protocol. */
export function departureInWords({ type, data }: Pick<TrailRecord, 'type' | 'data'>): string {
  if (type !== 'DeviationRecorded') return typeInWords(type);
  const { what, animals } = data as EventData<'DeviationRecorded'>;
  return animals ? `${what} (${animals.join(', ')})` : what;
}
