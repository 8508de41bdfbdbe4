/**
 * The facility's time zone is that of the process (`TZ`, or the machine's setting). A time that the ledger sets itself is
 * written with its offset, so that a run at half past midnight counts for the local day, not for the day in UTC.
 */
export function offsetMinutesNow(): number {
  return -new Date().getTimezoneOffset();
}

/** Its IANA name, such as Europe/Amsterdam. */
export function timeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** A time on the clock of the facility, such as `2026-03-02T09:15`, as an instant with the offset of that day. */
export function inZoneOfFacility(local: string): string {
  const at = new Date(local);
  if (Number.isNaN(at.getTime())) return local;
  const minutes = -at.getTimezoneOffset();
  const full = local.length === 16 ? `${local}:00` : local;
  if (minutes === 0) return `${full}Z`;
  const two = (n: number): string => String(n).padStart(2, '0');
  const offset = `${minutes < 0 ? '-' : '+'}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
  return `${full}${offset}`;
}
