import { isPerWeight } from '../../dose.js';
import type { AnyDose, Quantity } from '../../quantity.js';
import { refuse, type Refusal } from '../../refusal.js';

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
