import { isAtMinute } from '../../rules/elapsed.js';
import type { Fact } from '../../study.js';
import type { Situation } from './command.js';
import { deviation, type Flag } from './flags.js';

/** `minute-off`: what belongs to a session happened at another time than its planned minute says. */
export function flagMinute(
  minute: number | undefined,
  session: Fact | undefined,
  { at, isTimeAssumed, protocol }: Situation,
): Flag | false {
  if (minute === undefined || !session || isTimeAssumed) return false;
  return !isAtMinute(minute, at, session, protocol) && deviation('minute-off');
}
