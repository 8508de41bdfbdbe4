/** What a clock on the wall shows. */
export interface WallClock {
  /** Monday is 1, Sunday 7. */
  readonly weekday: number;
  /** Since midnight. */
  readonly minutes: number;
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const formats = new Map<string, Intl.DateTimeFormat>();

/** The wall clock in an IANA time zone at an instant, ms. */
export function clockIn(zone: string, ms: number): WallClock {
  let format = formats.get(zone);
  if (!format) {
    const options = { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
    formats.set(zone, (format = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone })));
  }
  const parts = format.formatToParts(ms);
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((one) => one.type === type)!.value;
  return {
    weekday: WEEKDAYS.indexOf(part('weekday')) + 1,
    minutes: Number(part('hour')) * 60 + Number(part('minute')),
  };
}
