import { doseKind, doseSize, isLargerDose, isPerWeight, isSameDose } from '../../dose.js';
import { KETAMINE_INTRATHECAL_RAT } from '../../flag-limits.js';
import { minutesBetween } from '../../instant.js';
import type { Substance } from '../../protocol/treatments.js';
import { baseValue, type AnyDose, type Quantity } from '../../quantity.js';
import { isStimulated } from '../../rules/administration.js';
import { doseVolumeOf, isVolumeOff } from '../../rules/dose-volume.js';
import { namesSubstance } from '../../rules/planned.js';
import { reaches } from '../../rules/verdict.js';
import type { Situation } from './command.js';
import { deviation, implausible, type Flag } from './flags.js';
import { flagDoseWeight } from './weight-checks.js';

/** A dose as a command states it, of ketamine or of any substance. */
interface GivenDose {
  readonly dose: AnyDose;
  readonly bodyWeight?: Quantity;
  readonly route: string;
  readonly purpose: string;
  readonly volume?: Quantity;
  readonly concentration?: Quantity;
  readonly vehicle?: string;
  readonly preservative?: string;
  readonly lot?: string;
  readonly expiry?: string;
  readonly flush?: Quantity;
}

/** What the protocol plans for the substance, as far as it does. */
type Planned = Partial<Substance>;

/** What a dose departs in from its plan, its titration and the animal's other records, whichever command states it. */
export function flagDose(
  substance: string,
  given: GivenDose,
  planned: Planned,
  situation: Situation,
): (Flag | false | undefined)[] {
  const { lot, expiry } = given;
  return [
    ...flagPreparation(given, planned, situation),
    isCarriedOver(given, planned, situation) && deviation('carry-over'),
    isNotDesignated(given, planned, situation) && deviation('dose-not-designated'),
    isMismatch(given) && implausible('dose-volume-mismatch'),
    isImplausible(substance, given, planned, situation) && implausible('dose-implausible'),
    lot !== undefined &&
      expiry !== undefined &&
      situation.study.lots.hasOtherExpiry({ substance, lot, expiry }) &&
      implausible('lot-expiry-differs'),
    ...flagDoseWeight(given.bodyWeight, situation),
  ];
}

/** What is said of the preparation is compared with what the protocol says of it; the flush also with the catheter. */
function flagPreparation(given: GivenDose, planned: Planned, situation: Situation): (Flag | false)[] {
  return [
    isOther(given.vehicle, planned.vehicle) && deviation('vehicle-off-protocol'),
    isOther(given.preservative, planned.preservative) && deviation('preservative-off-protocol'),
    isOther(given.route, planned.route) && deviation('route-off-protocol'),
    given.lot !== undefined &&
      planned.lots !== undefined &&
      !planned.lots.includes(given.lot) &&
      deviation('lot-off-protocol'),
    isFlushOff(given, planned, situation) && deviation('flush-off-protocol'),
  ];
}

function isOther(given: string | undefined, planned: string | undefined): boolean {
  return given !== undefined && planned !== undefined && given.toLowerCase() !== planned.toLowerCase();
}

/** Another flush than planned; where none is planned, one that leaves a part of the dose in the catheter. */
function isFlushOff({ flush, route }: GivenDose, planned: Planned, { animal }: Situation): boolean {
  if (!flush) return false;
  if (planned.flush) return baseValue(flush) !== baseValue(planned.flush);
  const catheter = route === 'intrathecal' ? animal.last('CatheterImplanted') : undefined;
  const dead = catheter?.data.deadVolume;
  return dead !== undefined && !reaches(baseValue(flush), baseValue(dead));
}

/** Sooner after a stimulation than the wash-out, or than the protocol's own hours. */
function isCarriedOver(
  { purpose }: GivenDose,
  { washoutHours }: Planned,
  { animal, at, protocol }: Situation,
): boolean {
  const hours = protocol.carryOverHours ?? washoutHours;
  if (hours === undefined || purpose === 'vehicle' || purpose === 'control') return false;
  const before = animal.lastWhere(isStimulated);
  return before !== undefined && !reaches(minutesBetween(before.at, at) / 60, Number(hours));
}

/** Before stimulation the designated dose is due, where one was designated. */
function isNotDesignated(given: GivenDose, planned: Planned, { animal, protocol }: Situation): boolean {
  const { titration } = protocol;
  if (!titration || given.purpose !== 'combination') return false;
  const { id, name } = planned;
  if (id !== undefined && !namesSubstance({ id, ...(name !== undefined && { name }) }, titration.drug))
    return false;
  const designated = animal.last('SubEffectiveDoseDesignated')?.data.dose;
  return designated !== undefined && !isSameDose(designated, given.dose, given.bodyWeight);
}

function isMismatch(given: GivenDose): boolean {
  const stated = doseVolumeOf(given);
  const microgram = microgramOf(given);
  return stated !== undefined && microgram !== undefined && isVolumeOff(stated, microgram);
}

function microgramOf({ dose, bodyWeight }: GivenDose): number | undefined {
  if (doseKind(dose) !== 'mass') return undefined;
  if (!isPerWeight(dose)) return doseSize(dose);
  return bodyWeight && (doseSize(dose) * baseValue(bodyWeight)) / 1000;
}

/** Above what the protocol calls plausible; where it says nothing, above our own limit for ketamine in rats. */
function isImplausible(
  substance: string,
  { dose, bodyWeight, route }: GivenDose,
  { id, name }: Planned,
  { animal, protocol }: Situation,
): boolean {
  if (isImpossible(dose, bodyWeight)) return true;
  const names = [substance, id, name].map((one) => one?.toLowerCase());
  const own = (protocol.plausible?.doses ?? []).filter(
    (one) => names.includes(one.substance.toLowerCase()) && (one.route === undefined || one.route === route),
  );
  if (own.length > 0) return own.some(({ high }) => isLargerDose(dose, high, bodyWeight));
  const isKetamine = names.some((one) => one?.includes('ketamine'));
  const isRat = /\brat(tus)?\b/i.test(animal.enrolled?.data.species ?? '');
  const high = { value: String(KETAMINE_INTRATHECAL_RAT), unit: 'ug/kg' } as const;
  return isKetamine && isRat && route === 'intrathecal' && isLargerDose(dose, high, bodyWeight);
}

/** A strength above 100 %, or as much of the substance as the animal weighs. */
function isImpossible(dose: AnyDose, bodyWeight: Quantity | undefined): boolean {
  const kind = doseKind(dose);
  if (kind === 'strength') return baseValue(dose) > 100;
  if (kind !== 'mass') return false;
  if (isPerWeight(dose)) return doseSize(dose) >= MICROGRAM_IN_A_KILOGRAM;
  return (
    bodyWeight !== undefined && doseSize(dose) >= (MICROGRAM_IN_A_KILOGRAM * baseValue(bodyWeight)) / 1000
  );
}

const MICROGRAM_IN_A_KILOGRAM = 1e9;
