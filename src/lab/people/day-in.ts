const formats = new Map<string, Intl.DateTimeFormat>();

/** The calendar day of an instant (ms) in an IANA time zone, as 2026-03-02. */
export function dayIn(zone: string, ms: number): string {
  let format = formats.get(zone);
  if (!format) {
    const options = { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' } as const;
    formats.set(zone, (format = new Intl.DateTimeFormat('en-CA', options)));
  }
  return format.format(ms);
}

/** Whether this machine knows the zone. */
export function isZone(zone: string): boolean {
  try {
    dayIn(zone, 0);
    return true;
  } catch {
    return false;
  }
}
