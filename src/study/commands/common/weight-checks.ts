import { DOSE_WEIGHT_PERCENT, WEIGHT_CHANGE_PERCENT, WEIGHT_DAYS } from '../../flag-limits.js';
import { DAY } from '../../instant.js';
import { baseValue, isOutside, type Quantity } from '../../quantity.js';
import { comparedWeights, isFarFrom } from '../../welfare/weigh.js';
import type { Situation } from './command.js';
import { implausible, type Flag } from './flags.js';

/** What is implausible about a body weight: outside the protocol's range, or far from the animal's last one. */
export function flagWeight(weight: Quantity, situation: Situation): (Flag | false)[] {
  return [
    isOutside(situation.protocol.plausible?.bodyWeight, weight) && implausible('body-weight-out-of-range'),
    isFarFromLast(weight, WEIGHT_CHANGE_PERCENT, situation) && implausible('weight-jump'),
  ];
}

/** The same of the weight that a dose was worked out with: it makes the dose per kg wrong. */
export function flagDoseWeight(weight: Quantity | undefined, situation: Situation): (Flag | false)[] {
  if (!weight) return [];
  return [
    isOutside(situation.protocol.plausible?.bodyWeight, weight) && implausible('body-weight-out-of-range'),
    isFarFromLast(weight, DOSE_WEIGHT_PERCENT, situation) && implausible('dose-weight-off'),
  ];
}

/** Whether a weight differs from the last one on record that counts. */
function isFarFromLast(weight: Quantity, percent: number, { animal, at, protocol }: Situation): boolean {
  const limit = Number(protocol.plausible?.weightChangePercent ?? percent);
  return isFarFrom(comparedWeights(animal.since(at - WEIGHT_DAYS * DAY)), baseValue(weight), limit);
}
