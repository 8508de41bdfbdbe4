import { instantMs, utcInstant } from '../../src/study/instant.js';

/**
 * The laboratory's calendar. Day 0 is Monday 23 February 2026; clocks there go from +01:00 to +02:00 on Sunday 29
 * March, in the middle of the study. Moments are milliseconds since 1970 in UTC.
 */
export const MINUTE = 60_000;
export const DAY = 86_400_000;

/** What the wall clock shows at a moment, as if it were UTC. */
const WALL_DAY_0 = instantMs('2026-02-23T00:00:00Z') ?? NaN;
const SUMMER_TIME = instantMs('2026-03-29T01:00:00Z') ?? NaN;

/** A moment from a day of the calendar and the clock on the wall, such as `09:15`. */
export function moment(day: number, clock: string): number {
  const [hours, minutes] = clock.split(':').map(Number) as [number, number];
  const wall = WALL_DAY_0 + day * DAY + (hours * 60 + minutes) * MINUTE;
  const winter = wall - 60 * MINUTE;
  return winter < SUMMER_TIME ? winter : wall - 120 * MINUTE;
}

/** An instant as the laboratory writes it, with its own offset, to the second. */
export function written(at: number): string {
  const hours = offsetHours(at);
  return `${utcInstant(at + hours * 60 * MINUTE).slice(0, 19)}+0${hours}:00`;
}

export function dayOf(at: number): number {
  return Math.floor((at + offsetHours(at) * 60 * MINUTE - WALL_DAY_0) / DAY);
}

/** Monday is 0. */
export function weekday(day: number): number {
  return day % 7;
}

function offsetHours(at: number): 1 | 2 {
  return at < SUMMER_TIME ? 1 : 2;
}
