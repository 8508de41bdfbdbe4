import type { AnyDose, Quantity } from '../quantity.js';
import type { Fact } from '../study.js';

export type DoseFact = Fact<'KetamineAdministered'> | Fact<'SubstanceAdministered'>;

/** What a dose is given for; the first two are those of ketamine. */
export type Purpose = Fact<'SubstanceAdministered'>['data']['purpose'];

/** A dose of any substance, by whichever command it was recorded. */
export interface Administration {
  readonly fact: DoseFact;
  /** By its id in the protocol; `ketamine` where AdministerKetamine recorded it. */
  readonly substance: string;
  readonly dose: AnyDose;
  /** Undefined where the dose is no dose per body weight and nobody stated the weight. */
  readonly bodyWeight: Quantity | undefined;
  readonly route: string;
  readonly purpose: Purpose;
  readonly volume: Quantity | undefined;
  readonly vehicle: string | undefined;
  readonly lot: string | undefined;
  readonly expiry: string | undefined;
  /** Vehicles and controls start no wash-out and count as no treatment. */
  readonly isTreatment: boolean;
}

export function isDose(fact: Fact | undefined): fact is DoseFact {
  return fact?.type === 'KetamineAdministered' || fact?.type === 'SubstanceAdministered';
}

export function administrationOf(fact: DoseFact): Administration {
  const { dose, bodyWeight, route, purpose, volume, vehicle, lot, expiry } = fact.data;
  return {
    fact,
    substance: fact.type === 'SubstanceAdministered' ? fact.data.substance : 'ketamine',
    dose,
    bodyWeight,
    route,
    purpose,
    volume,
    vehicle,
    lot,
    expiry,
    isTreatment: purpose !== 'vehicle' && purpose !== 'control',
  };
}

/** Whether a fact is a stimulation, or a dose that is neither vehicle nor control. */
export function isTreatment(fact: Fact): boolean {
  return fact.type === 'SCSApplied' || (isDose(fact) && administrationOf(fact).isTreatment);
}

/** Every dose of a history, in its order. */
export function administrationsIn(history: Iterable<Fact>): Administration[] {
  return [...history].filter(isDose).map(administrationOf);
}
