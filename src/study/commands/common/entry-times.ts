import { instantMs, utcInstant } from '../../instant.js';
import { refuse, type Refusal } from '../../refusal.js';
import { discardOf, type Study } from '../../study.js';
import type { StudyCommand } from './command.js';

/** How far a time may be ahead of the server's clock, in ms: clocks differ. */
const AHEAD_MS = 120_000;

export function checkNotFuture(at: number, nowMs: number, field = 'occurredAt'): Refusal | undefined {
  if (at <= nowMs + AHEAD_MS) return undefined;
  return refuse(
    'time-in-future',
    `${field} lies after the time of recording (${utcInstant(nowMs)}): check the time and its offset.`,
    field,
  );
}

/** What was discarded is not recorded; what was entered before it was sent was entered neither later than now nor before it happened. */
export function checkEntered(
  { submission, enteredAt }: StudyCommand,
  study: Study,
  at: number,
  nowMs: number,
): Refusal | undefined {
  const discard = discardOf(study, submission?.id);
  if (discard !== undefined)
    return refuse('entry-discarded', `This entry was discarded by record ${discard}: enter it anew.`, 'id');
  if (enteredAt === undefined) return undefined;
  const enteredMs = instantMs(enteredAt) ?? nowMs;
  if (enteredMs >= at - AHEAD_MS) return checkNotFuture(enteredMs, nowMs, 'enteredAt');
  return refuse(
    'entered-early',
    `enteredAt (${enteredAt}) lies before it happened (${utcInstant(at)}): say in occurredAt when it happened.`,
    'enteredAt',
  );
}

/** Absent members do not stand in what is stored. */
export function enteredOf({ enteredAt }: StudyCommand): { enteredAt?: string } {
  return enteredAt === undefined ? {} : { enteredAt };
}
