import type { RefusalCode } from '../../refusal-codes.js';
import { errorsOf, refuse, refuseAll, type Refusal } from '../../refusal.js';
import type { AnimalAt } from './animal-at.js';
import type { Situation } from './command.js';

/** Of a command about an animal that has to be alive. */
export const OF_A_LIVING_ANIMAL = [
  'subject-unknown',
  'before-birth',
  'subject-dead',
  'subject-gone',
] as const;

type NotAlive = (typeof OF_A_LIVING_ANIMAL)[number];

/** What is said of an animal because nothing is known of it. */
const OF_AN_UNKNOWN_ANIMAL: ReadonlySet<RefusalCode> = new Set([
  'administration-unknown',
  'no-electrode',
  'record-unknown',
  'session-unknown',
]);

/** Of an animal that is not enrolled it is not said that it lacks what other animals have. */
export function withoutConsequences(own: Refusal | undefined): Refusal | undefined {
  return refuseAll(
    errorsOf(own)
      .filter(({ code }) => !OF_AN_UNKNOWN_ANIMAL.has(code))
      .map(({ code, detail, field }) => refuse(code, detail, field)),
  );
}

export function checkEnrolled({ enrolled, id }: AnimalAt): Refusal<NotAlive> | undefined {
  if (enrolled) return undefined;
  return refuse(
    'subject-unknown',
    `${id} is not enrolled in this study: check the identifier, or enrol it first.`,
    'subject',
  );
}

export function checkAlive({ animal, at, time }: Situation): Refusal<NotAlive> | undefined {
  const { died, enrolled, fate } = animal;
  const born = enrolled?.data.dateOfBirth;
  if (born !== undefined && time.slice(0, 10) < born) {
    return refuse(
      'before-birth',
      `occurredAt is ${time}, and ${animal.id} was born on ${born}: check the animal and the time.`,
      'occurredAt',
    );
  }
  if (died && died.at <= at) {
    return refuse(
      'subject-dead',
      `${animal.id} was dead by then (record ${died.holder}): check the animal and the time.`,
      'subject',
    );
  }
  const left = fate?.data.fate === 'released' || fate?.data.fate === 'rehomed';
  if (!left || fate.at > at) return undefined;
  return refuse(
    'subject-gone',
    `${animal.id} had left the establishment by then (record ${fate.holder}): check the animal and the time.`,
    'subject',
  );
}
