import type { AnyDose } from './quantity.js';
import { baseValue, isSame, micrograms, type Quantity } from './units.js';

/** What a dose is counted in; doses in different ones are never equal, and no conversion leads from one to another. */
export type DoseKind = 'mass' | 'amount' | 'activity' | 'strength';

export function doseKind({ unit }: Pick<AnyDose, 'unit'>): DoseKind {
  if (unit === '%') return 'strength';
  if (unit.startsWith('[iU]')) return 'activity';
  return unit.includes('mol') ? 'amount' : 'mass';
}

export function isPerWeight({ unit }: Pick<AnyDose, 'unit'>): boolean {
  return unit.endsWith('/kg');
}

/** In the base of its kind: µg, nmol, international units or %, per kg where the dose is. */
export function doseSize(dose: AnyDose): number {
  return doseKind(dose) === 'mass' && !isPerWeight(dose) ? micrograms(dose) : baseValue(dose);
}

/** Whether a dose is larger than another, both given to an animal of the body weight; false where that cannot be said. */
export function isLargerDose(dose: AnyDose, than: AnyDose, bodyWeight?: Quantity): boolean {
  if (doseKind(dose) !== doseKind(than)) return false;
  if (isPerWeight(dose) !== isPerWeight(than) && !bodyWeight) return false;
  const kilograms = bodyWeight ? baseValue(bodyWeight) / 1000 : 1;
  const amount = (one: AnyDose): number => doseSize(one) * (isPerWeight(one) ? kilograms : 1);
  return amount(dose) > amount(than) && !isSame(amount(dose), amount(than));
}

/** Whether two doses are one, the second given to an animal of the body weight; 20 µg, 20.0 µg and 0.02 mg are. */
export function isSameDose(planned: AnyDose, given: AnyDose, bodyWeight?: Quantity): boolean {
  if (doseKind(planned) !== doseKind(given)) return false;
  if (isPerWeight(planned) === isPerWeight(given)) return isSame(doseSize(planned), doseSize(given));
  if (!bodyWeight) return false;
  const kilograms = baseValue(bodyWeight) / 1000;
  const size = doseSize(given);
  return isSame(doseSize(planned), isPerWeight(given) ? size * kilograms : size / kilograms);
}
