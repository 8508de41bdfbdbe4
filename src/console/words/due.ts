import { clockText } from '../../study/rules/stimulation-clock.js';

const HOUR = 3_600_000;

/** `in 4:10`, `12:05 over`; nothing where it is more than twelve hours away: then the day says more. */
export function dueText(dueMs: number, nowMs: number): string {
  const distance = dueMs - nowMs;
  if (Math.abs(distance) > 12 * HOUR) return '';
  return distance > 0 ? `in ${clockText(distance)}` : `${clockText(-distance)} over`;
}
