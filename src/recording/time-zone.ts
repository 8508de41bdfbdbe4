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
