const clocks = new Map<string, Intl.DateTimeFormat>();

/** A clock is dear to make, and every command asks one. */
function clockIn(zone: string): Intl.DateTimeFormat {
  let clock = clocks.get(zone);
  if (!clock) {
    clock = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
    clocks.set(zone, clock);
  }
  return clock;
}

/** Minutes from UTC in an IANA time zone at an instant (ms). */
export function offsetMinutesIn(zone: string, ms: number): number {
  const name = clockIn(zone)
    .formatToParts(ms)
    .find(({ type }) => type === 'timeZoneName')?.value;
  const [, sign, hours, minutes] = /^GMT(?:([+-])(\d\d):(\d\d))?/.exec(name ?? '') ?? [];
  if (sign === undefined) return 0;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
