import { localDay } from '../../study/instant.js';

const WEEKDAYS = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Mon 9 Mar 2026`: the calendar day as the person who wrote the instant saw it. */
export function dateInWords(instant: string): string {
  const weekday = WEEKDAYS[((localDay(instant) % 7) + 7) % 7];
  const month = MONTHS[Number(instant.slice(5, 7)) - 1];
  return `${weekday} ${Number(instant.slice(8, 10))} ${month} ${instant.slice(0, 4)}`;
}

/** `09:24`; the record’s own page has the exact instant. */
export function clockOf(instant: string): string {
  return instant.slice(11, 16);
}

/** `+01:00`; `UTC` for none. */
export function offsetOf(instant: string): string {
  return instant.endsWith('Z') ? 'UTC' : instant.slice(-6);
}

/**
 * Day 1 is the day on which the study was opened here; what happened before has none. The days of a protocol, of figures and
 * of tables are others: they count from the day 0 of each animal.
 */
export function dayOfStudy(instant: string, first: number): number | undefined {
  const day = localDay(instant) - first + 1;
  return day >= 1 ? day : undefined;
}
