import { hoursInWords } from '../../study/instant.js';
import { formatQuantity } from '../../study/quantity.js';
import type { ProposedDose } from '../../study/projections/next-dose.js';
import type { Wait } from '../../study/rules/wait.js';
import type { Phrase } from './phrase.js';

const HOUR = 3_600_000;

/** `The 24 h after dose #412 end in 3 h 10 min.` */
export function waitInWords({ after, record, hours, endsMs }: Wait, nowMs: number): Phrase[] {
  const since = [`The ${hoursInWords(hours)} after ${after} `, { record }];
  const [left, over] = [(endsMs - nowMs) / HOUR, (nowMs - endsMs) / HOUR];
  if (left > 0) return [...since, ` end in ${hoursInWords(Math.ceil(left * 60) / 60)}.`];
  return [...since, ` ended ${agoInWords(over)} ago.`];
}

/** `3 h 10 min`, from two days on `5 days`. */
export function agoInWords(hours: number): string {
  return hours < 48 ? hoursInWords(hours) : `${Math.floor(hours / 24)} days`;
}

/** Why a dose is proposed, or none. */
export function proposalInWords({ why, dose, record }: ProposedDose): Phrase[] {
  const given = dose ? formatQuantity(dose) : '';
  const of: Phrase = record === undefined ? '' : { record };
  switch (why) {
    case 'only-dose':
      return [`The protocol plans ${given}.`];
    case 'first-step':
      return [`${given} is the first step of the titration.`];
    case 'next-step':
      return [`${given} is the next step: `, of, ' was without effect and side effects.'];
    case 'designated':
      return [`${given} is the designated dose (`, of, ').'];
    case 'effect-not-known':
      return ['No step is proposed: the effect of ', of, ' is not known yet.'];
    case 'effective':
      return ['No step is proposed: ', of, ' was effective alone. A smaller dose can be designated.'];
    case 'side-effects':
      return ['No step is proposed: side effects were scored after ', of, '.'];
    case 'end-of-ladder':
      return ['No step is proposed: ', of, ' was the largest of the protocol.'];
    case 'not-planned':
      return ['No dose is proposed: choose one.'];
  }
}

/** `today`, `yesterday`, `4 days ago` */
export function daysAgoInWords(days: number): string {
  if (days <= 0) return 'today';
  return days === 1 ? 'yesterday' : `${days} days ago`;
}
