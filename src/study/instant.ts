/**
 * Instants as the ledger writes them: `YYYY-MM-DDTHH:MM:SS[.fff]` with `Z` or `±HH:MM` (RFC 3339 without leap
 * seconds and without the unknown offset `-00:00`). The text is what is recorded; milliseconds are for comparison only.
 * Text becomes a time in this file alone.
 */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?(?:Z|[+-]\d\d:\d\d)$/;

export const MINUTE = 60_000;
/** A day in ms. */
export const DAY = 86_400_000;

/** Milliseconds since 1970-01-01T00:00Z, or undefined where the text is not an instant of the ledger. */
export function instantMs(text: string): number | undefined {
  // Called several times in every decision and fold: digits are read in place, without a string for each part.
  if (!INSTANT.test(text)) return undefined;
  const [year, month, day] = [100 * two(text, 0) + two(text, 2), two(text, 5), two(text, 8)];
  const [hour, minute, second] = [two(text, 11), two(text, 14), two(text, 17)];
  if (!isDate(year, month, day) || hour > 23 || minute > 59 || second > 59) return undefined;
  const offset = offsetMinutes(text);
  if (offset === undefined) return undefined;
  const fraction = text.charAt(19) === '.' ? 10 * two(text, 20) + (two(text, 21) % 10) : 0;
  const clock = ((hour * 60 + minute) * 60 + second) * 1000 + fraction;
  return daysSince1970(year, month, day) * DAY + clock - offset * MINUTE;
}

/** The two-digit number at an index. */
function two(text: string, at: number): number {
  return 10 * text.charCodeAt(at) + text.charCodeAt(at + 1) - 11 * 48;
}

function offsetMinutes(text: string): number | undefined {
  if (text.endsWith('Z')) return 0;
  const at = text.length - 6;
  const [hours, minutes] = [two(text, at + 1), two(text, at + 4)];
  if (hours > 23 || minutes > 59) return undefined;
  const offset = 60 * hours + minutes;
  if (text.charAt(at) === '+') return offset;
  return offset === 0 ? undefined : -offset;
}

/** How far the clock of an instant is ahead of UTC, ms. */
export function utcOffsetMs(instant: string): number {
  return (offsetMinutes(instant) ?? 0) * MINUTE;
}

/** The first instant, ms, at which a calendar day has begun where clocks are this far ahead of UTC. */
export function dayBegins(day: number, offsetMs: number): number {
  return day * DAY - offsetMs;
}

/** The calendar day on which it happened, as the person who wrote it saw it: days since 1970-01-01. */
export function localDay(instant: string): number {
  return daysSince1970(
    Number(instant.slice(0, 4)),
    Number(instant.slice(5, 7)),
    Number(instant.slice(8, 10)),
  );
}

/** The same instant in UTC with milliseconds, which is how `recordedtime` is written. */
export function utcInstant(ms: number): string {
  const days = Math.floor(ms / DAY);
  const [year, month, day] = dateOf(days);
  const clock = ms - days * DAY;
  const padded = (n: number): string => String(n).padStart(2, '0');
  const date = `${String(year).padStart(4, '0')}-${padded(month)}-${padded(day)}`;
  const [hour, minute] = [Math.floor(clock / 3_600_000), Math.floor(clock / MINUTE) % 60];
  const [second, milli] = [Math.floor(clock / 1000) % 60, String(clock % 1000).padStart(3, '0')];
  return `${date}T${padded(hour)}:${padded(minute)}:${padded(second)}.${milli}Z`;
}

/** The same instant as a clock on the wall shows it, with its offset; UTC where that is none. */
export function localInstant(ms: number, offsetMinutes: number): string {
  if (offsetMinutes === 0) return utcInstant(ms);
  const two = (n: number): string => String(n).padStart(2, '0');
  const distance = Math.abs(offsetMinutes);
  const offset = `${two(Math.floor(distance / 60))}:${two(distance % 60)}`;
  return `${utcInstant(ms + offsetMinutes * MINUTE).slice(0, -1)}${offsetMinutes < 0 ? '-' : '+'}${offset}`;
}

/**
 * An instant as people read it in tables, reports and on the command line: `2026-03-01 10:15 +01:00`, on the clock of
 * whoever wrote it. UTC is `+00:00`. Seconds are left out: the record has them.
 */
export function printInstant(instant: string): string {
  const offset = instant.endsWith('Z') ? '+00:00' : instant.slice(-6);
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)} ${offset}`;
}

export function minutesBetween(earlierMs: number, laterMs: number): number {
  return (laterMs - earlierMs) / MINUTE;
}

/** `23 h 59 min`, `24 h`, `45 min`: in whole minutes, of which none is rounded up. */
export function hoursInWords(hours: number): string {
  const minutes = Math.floor(hours * 60 + 1e-6);
  const [whole, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [whole > 0 && `${whole} h`, (rest > 0 || whole === 0) && `${rest} min`].filter(Boolean).join(' ');
}

export function isDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const length = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return day <= length;
}

/** Proleptic Gregorian calendar in eras of 400 years, counted from 1 March so that the leap day comes last. */
function daysSince1970(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** Inverse of {@link daysSince1970}. */
function dateOf(days: number): [year: number, month: number, day: number] {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day];
}
