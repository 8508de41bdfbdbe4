import { USUAL_HOURS, type WorkingHours } from '../../study/projections/projection.js';
import type { Study } from '../../study/study.js';
import type { People } from './people.js';
import { siteInForce } from './standing.js';
import { endOf } from './study-people.js';

/** How working hours are asked for: `07:00-19:00`, and whether weekends are working days. */
export interface HoursAsked {
  readonly hours?: string | undefined;
  readonly weekends?: string | undefined;
}

/** From a time of day to a later one, as `07-19` or `06:30-22:00`. */
export const HOURS_PATTERN = '^([01][0-9]|2[0-3])(:[0-5][0-9])?-([01][0-9]|2[0-4])(:[0-5][0-9])?$';

/**
 * The working hours that are asked for, on the wall clock of the site that was in force when the last record of the study was
 * made: so the answer for a tree size never changes. The usual ones where the text cannot be read.
 */
export function workingHours(people: People, study: Study, { hours, weekends }: HoursAsked): WorkingHours {
  const zone = siteInForce(people, endOf(study).labSize)?.zone ?? USUAL_HOURS.zone;
  const [, fromHour, fromRest = ':00', toHour, toRest = ':00'] =
    new RegExp(HOURS_PATTERN, 'u').exec(hours ?? '') ?? [];
  const [from, to] = [minutesOf(fromHour, fromRest), minutesOf(toHour, toRest)];
  const asked = from < to && to <= 24 * 60 ? { from, to } : {};
  return { ...USUAL_HOURS, zone, ...asked, ...(weekends === 'in' && { weekends }) };
}

function minutesOf(hour: string | undefined, rest: string): number {
  return hour === undefined ? NaN : Number(hour) * 60 + Number(rest.slice(1));
}
