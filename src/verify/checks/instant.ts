/**
 * Instants as records write them (docs/record-format.md): RFC 3339 with `Z` or `±HH:MM`, three decimals or none, no
 * leap second, not the unknown offset `-00:00`. Written here anew: a verifier that shared this with the recorder would
 * share its mistakes.
 */
const INSTANT =
  /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{3}))?(Z|[+-]([01]\d|2[0-3]):([0-5]\d))$/;

/** Days repeat from record to record. */
const days = new Map<string, number>();

let lastText = '';
let lastMs = NaN;

/** Milliseconds since 1970-01-01T00:00Z; NaN for what is not an instant. */
export function instantMs(text: string): number {
  if (text !== lastText) [lastText, lastMs] = [text, parsed(text)];
  return lastMs;
}

function parsed(text: string): number {
  const parts = INSTANT.exec(text);
  if (!parts) return NaN;
  const [, date, hour, minute, second, fraction, zone, zoneHour, zoneMinute] = parts;
  const clock = (Number(hour) * 60 + Number(minute)) * 60_000 + Number(second) * 1000 + Number(fraction ?? 0);
  const local = dayMs(date!) + clock;
  if (zone === 'Z') return local;
  const offset = (Number(zoneHour) * 60 + Number(zoneMinute)) * 60_000;
  if (zone![0] === '+') return local - offset;
  return offset === 0 ? NaN : local + offset;
}

export function isCalendarDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(dayMs(text));
}

/** Midnight in UTC of `YYYY-MM-DD`; NaN where there is no such day. */
function dayMs(date: string): number {
  const known = days.get(date);
  if (known !== undefined) return known;
  const midnight = new Date(`${date}T00:00:00.000Z`);
  const exists = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(date);
  const ms = exists ? midnight.getTime() : NaN;
  if (days.size < 10_000) days.set(date, ms);
  return ms;
}
