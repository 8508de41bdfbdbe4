import { isPerWeight } from '../../dose.js';
import { minutesBetween } from '../../instant.js';
import type { AnyDose, Quantity } from '../../quantity.js';
import { refuse, type Refusal } from '../../refusal.js';
import { startsWashout } from '../../rules/administration.js';
import { reaches } from '../../rules/verdict.js';
import type { Situation } from './command.js';

/** Refuses a dose per body weight that does not say the body weight. */
export function checkBodyWeight({
  dose,
  bodyWeight,
}: {
  dose?: AnyDose;
  bodyWeight?: Quantity;
}): Refusal<'field-missing'> | undefined {
  if (!dose || bodyWeight || !isPerWeight(dose)) return undefined;
  return refuse(
    'field-missing',
    'data.bodyWeight is missing: a dose per body weight needs the weight that it was worked out with.',
    'data.bodyWeight',
  );
}

/** Whether a treatment with a substance comes sooner after the one before, whichever command recorded it, than is planned. */
export function isWashoutShort(
  substance: string,
  washoutHours: string | undefined,
  { animal, at, protocols }: Situation,
): boolean {
  const before = animal.lastWhere((fact) => startsWashout(fact, substance, protocols));
  return before !== undefined && !reaches(minutesBetween(before.at, at) / 60, Number(washoutHours ?? 0));
}
