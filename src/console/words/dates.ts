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

/** Day 1 is the day on which the study was opened; the day before it is −1, as there is no day 0. */
export function studyDayOf(instant: string, first: number): string {
  const distance = localDay(instant) - first;
  return distance >= 0 ? String(distance + 1) : `−${-distance}`;
}
