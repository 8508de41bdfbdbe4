import { isSameDose } from '../../dose.js';
import { MOTOR_THRESHOLD_POINTS } from '../../flag-limits.js';
import { minutesBetween } from '../../instant.js';
import { baseValue, type Quantity } from '../../quantity.js';
import type { DoseFact } from '../../rules/administration.js';
import { reaches } from '../../rules/verdict.js';
import type { Fact } from '../../study.js';
import type { Situation } from './command.js';
import { deviation, implausible, type Flag } from './flags.js';

interface GivenStimulation {
  readonly amplitude: Quantity;
  readonly duration: Quantity;
  readonly percentOfMotorThreshold?: Quantity;
}

/** What a stimulation departs in from the dose that it follows and from the animal's other records. */
export function flagStimulation(
  given: GivenStimulation,
  dose: DoseFact | undefined,
  situation: Situation,
): (Flag | false | undefined)[] {
  return [
    dose && isTooOld(dose, situation) && deviation('follows-too-old'),
    dose && isNotDesignated(dose, situation) && deviation('dose-not-designated'),
    overlaps(given, situation) && implausible('overlaps'),
    isPercentOff(given, situation) && implausible('percent-off'),
  ];
}

/** Longer ago than the protocol's own minutes, or than the last one at which the titration judges a dose. */
function isTooOld(dose: DoseFact, { at, protocol }: Situation): boolean {
  const { followsWithinMinutes, titration } = protocol;
  const most = followsWithinMinutes ?? (titration && Math.max(...titration.windowMinutes));
  return most !== undefined && minutesBetween(dose.at, at) > most;
}

/** A dose that was given for the combination has the flag itself; one of the titration may have become one of it. */
function isNotDesignated({ data }: DoseFact, { animal }: Situation): boolean {
  if (data.purpose !== 'titration') return false;
  const designated = animal.last('SubEffectiveDoseDesignated')?.data.dose;
  return designated !== undefined && !isSameDose(designated, data.dose, data.bodyWeight);
}

/** One that began at the same instant repeats or contradicts it, and is flagged as such. */
function overlaps({ duration }: GivenStimulation, { animal, at }: Situation): boolean {
  const before = animal.last('SCSApplied');
  const after = animal.nextOf('SCSApplied', at + lasted({ duration }) - 1);
  return (
    (before !== undefined && before.at < at && at < before.at + lasted(before.data)) || after !== undefined
  );
}

function lasted({ duration }: Pick<Fact<'SCSApplied'>['data'], 'duration'> | { duration: Quantity }): number {
  return baseValue(duration) * 60_000;
}

function isPercentOff(
  { amplitude, percentOfMotorThreshold }: GivenStimulation,
  { animal }: Situation,
): boolean {
  const threshold = percentOfMotorThreshold && animal.last('MotorThresholdDetermined');
  if (!percentOfMotorThreshold || !threshold) return false;
  const found = (100 * baseValue(amplitude)) / baseValue(threshold.data.amplitude);
  return !reaches(MOTOR_THRESHOLD_POINTS, Math.abs(baseValue(percentOfMotorThreshold) - found));
}
