import { instantMs, utcInstant } from '../../study/instant.js';
import { ImportError } from '../import-error.js';

/** The clock on the wall of a laboratory: an offset, or a place whose offset changes with the seasons. */
const OFFSET = /^(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

export function isZone(zone: string): boolean {
  if (OFFSET.test(zone)) return zone !== '-00:00';
  if (!/^[A-Za-z]+(?:[/_+-][A-Za-z0-9]+)*$/.test(zone)) return false;
  try {
    return clockOf(zone) !== undefined;
  } catch {
    return false;
  }
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  let clock = clocks.get(zone);
  if (!clock) {
    clock = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    clocks.set(zone, clock);
  }
  return clock;
}

const known = new Map<string, string>();
const MAX_KNOWN = 50_000;

/**
 * The instant at which the clocks of a zone show a local date and time (`2026-03-02T09:15:00`). In the hour that comes
 * twice a year it is the first of the two. @throws ImportError where the clocks never show it.
 */
export function instantIn(zone: string, local: string): string {
  if (OFFSET.test(zone)) return `${local}${zone}`;
  const key = `${zone} ${local}`;
  let instant = known.get(key);
  if (instant === undefined) {
    instant = findInstant(zone, local);
    if (known.size > MAX_KNOWN) known.clear();
    known.set(key, instant);
  }
  return instant;
}

const HOUR = 3_600_000;

function findInstant(zone: string, local: string): string {
  const asUtc = instantMs(`${local}Z`) ?? NaN;
  // Offsets of the days around it: where they differ, the clocks changed in between.
  const offsets = [-24 * HOUR, 24 * HOUR].map((ms) => offsetAt(zone, asUtc + ms));
  // The larger offset is the earlier instant.
  for (const offset of [...new Set(offsets)].sort((a, b) => b - a)) {
    if (offsetAt(zone, asUtc - offset) === offset) return `${local}${offsetText(offset)}`;
  }
  throw new ImportError('time-skipped', `${local.replace('T', ' ')} was skipped by the clocks of ${zone}.`);
}

/** How far the clocks of a zone are ahead of UTC at an instant, ms. */
function offsetAt(zone: string, ms: number): number {
  const parts = Object.fromEntries(
    clockOf(zone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, value]),
  ) as Record<string, string>;
  const { year = '', month, day, hour, minute, second } = parts;
  const shown = `${year.padStart(4, '0')}-${month}-${day}T${hour}:${minute}:${second}Z`;
  return (instantMs(shown) ?? NaN) - Math.floor(ms / 1000) * 1000;
}

function offsetText(ms: number): string {
  if (ms === 0) return 'Z';
  return `${ms < 0 ? '-' : '+'}${utcInstant(Math.abs(ms)).slice(11, 16)}`;
}
