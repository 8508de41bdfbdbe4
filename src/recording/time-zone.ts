import type { Lab } from '../lab/lab.js';
import { siteInForce } from '../lab/people/standing.js';
import { offsetMinutesIn } from '../lab/people/zone-offset.js';
import { instantMs, localInstant } from '../study/instant.js';

/** The time zone of this process (`TZ`, or the machine’s setting): its IANA name, such as Europe/Amsterdam. */
export function timeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Where the clock of the laboratory stands: the zone of its site, or that of the process where it has none. */
export function zoneOf({ people }: Pick<Lab, 'people'>): string {
  return siteInForce(people)?.zone ?? timeZone();
}

/** The offset of this process now, where no ledger says another. */
export function offsetMinutesNow(): number {
  return offsetMinutesHere(Date.now());
}

/** Every command asks for it, and to find out the name of the zone takes longer than all else that is decided. */
function offsetMinutesHere(atMs: number): number {
  return -new Date(atMs).getTimezoneOffset();
}

/**
 * The offset of the laboratory’s clock. A time that the ledger sets itself is written with it, so that a run at half past
 * midnight counts for the local day, not for the day in UTC.
 */
export function offsetMinutesOf({ people }: Pick<Lab, 'people'>, atMs: number): number {
  const site = siteInForce(people);
  return site ? offsetMinutesIn(site.zone, atMs) : offsetMinutesHere(atMs);
}

/**
 * A time on the clock of the laboratory, such as `2026-03-02T09:15`, as an instant with the offset of that day. What the clock
 * never shows, or shows twice, because summer time begins or ends, is no instant: it comes back with what is to be said.
 */
export function inZone(zone: string): (local: string) => string {
  return (local) => {
    // Browsers leave out seconds of zero and zeros at the end of a fraction.
    const written = (local.length === 16 ? `${local}:00` : local).replace(/\.\d+$/, (part) =>
      part.padEnd(4, '0'),
    );
    const asUtc = instantMs(`${written}Z`);
    if (asUtc === undefined) return local;
    const around = [-1, 1].map((day) => offsetMinutesIn(zone, asUtc + day * DAY));
    const fitting = [...new Set(around)].filter(
      (offset) => offsetMinutesIn(zone, asUtc - offset * MINUTE) === offset,
    );
    const [first, ...others] = fitting.map((offset) =>
      offset === 0 ? 'Z' : localInstant(0, offset).slice(-6),
    );
    if (first === undefined) return `${local} (skipped by the clocks)`;
    return others.length > 0 ? `${local} (${[first, ...others].join(' or ')}?)` : `${written}${first}`;
  };
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
