import { MINUTE_TOLERANCE } from '../flag-limits.js';
import { minutesBetween } from '../instant.js';
import type { Protocol } from '../protocol.js';
import type { Fact } from '../study.js';

/** The flag of a record whose date or time of day was not in the file that it was imported from. */
export const TIME_ASSUMED = 'time-assumed';

/** How far the time of a run or a score may differ from its planned minute. */
export function minuteTolerance({ minuteTolerance: own = MINUTE_TOLERANCE }: Protocol): number {
  return own;
}

/**
 * Whether something happened at its planned minute, counted from when its session began; of a dose, from its end. Always so
 * where an import assumed one of the two times: nobody knows how much time had passed.
 */
export function isAtMinute(
  minute: number,
  at: number,
  session: Pick<Fact, 'at' | 'data'>,
  protocol: Protocol,
): boolean {
  if (isTimeAssumed(session)) return true;
  return Math.abs(minutesBetween(session.at, at) - minute) <= minuteTolerance(protocol);
}

export function isTimeAssumed({ data }: { readonly data: { readonly flags?: readonly string[] } }): boolean {
  return data.flags?.includes(TIME_ASSUMED) === true;
}
