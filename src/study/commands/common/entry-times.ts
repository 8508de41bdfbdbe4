import { instantMs, utcInstant } from '../../instant.js';
import { refuse, type Refusal } from '../../refusal.js';
import { discardOf, type Study } from '../../study.js';
import type { Stated, StudyCommand } from './command.js';

/** How far a time may be ahead of the server's clock, in ms: clocks differ. */
const AHEAD_MS = 120_000;

export function checkNotFuture(at: number, nowMs: number, field = 'occurredAt'): Refusal | undefined {
  if (at <= nowMs + AHEAD_MS) return undefined;
  return refuse(
    'time-in-future',
    `${field} is ${utcInstant(at)}, which lies after the time of recording (${utcInstant(nowMs)}): check the time and its offset.`,
    field,
  );
}

/** What was discarded is not recorded. */
export function checkNotDiscarded(id: string | undefined, study: Study): Refusal | undefined {
  const discard = discardOf(study, id);
  if (discard === undefined) return undefined;
  return refuse('entry-discarded', `This entry was discarded by record ${discard}: enter it anew.`, 'id');
}

/** What was entered before it was sent was entered neither later than now nor before it happened. */
export function checkEntered({ enteredAt }: Stated, at: number, nowMs: number): Refusal | undefined {
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
