import { baseValue, type AnyDose, type Quantity } from '../quantity.js';
import type { Protocol } from '../protocol.js';
import type { Substance } from '../protocol/treatments.js';
import type { Fact, Protocols } from '../study.js';
import { substanceIn, titratedIn } from './planned.js';

export type DoseFact = Fact<'KetamineAdministered'> | Fact<'SubstanceAdministered'>;

/** What a dose is given for; the first two are those of ketamine. */
export type Purpose = Fact<'SubstanceAdministered'>['data']['purpose'];

/** A dose of any substance, by whichever command it was recorded. */
export interface Administration {
  readonly fact: DoseFact;
  /** As it was recorded: an id of the protocol, or `ketamine`. What the protocol calls it is `substanceOf`. */
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

/** The substance of a dose, as the protocol of its day names it. */
export function substanceOf(fact: DoseFact, protocols: Protocols): Pick<Substance, 'id' | 'name'> {
  const recorded = fact.type === 'SubstanceAdministered' ? fact.data.substance : undefined;
  if (protocols.versions.length === 0) return { id: administrationOf(fact).substance };
  return substanceIn(protocols.of(fact), recorded);
}

/** What people call the substance of a dose. */
export function substanceName(fact: DoseFact, protocols: Protocols): string {
  const { id, name } = substanceOf(fact, protocols);
  return name ?? id;
}

/** Whether a dose is one of the drug that the protocol titrates, and neither vehicle nor control. */
export function isTitrated(fact: DoseFact, protocol: Protocol): boolean {
  const titrated = titratedIn(protocol);
  if (!titrated || !administrationOf(fact).isTreatment) return false;
  const recorded = fact.type === 'SubstanceAdministered' ? fact.data.substance : undefined;
  return substanceIn(protocol, recorded).id === titrated.id;
}

/** Whether a fact starts a wash-out of a substance: a dose of it that is neither vehicle nor control. */
export function startsWashout(fact: Fact, substance: string, protocols: Protocols): fact is DoseFact {
  return isDose(fact) && administrationOf(fact).isTreatment && substanceOf(fact, protocols).id === substance;
}

/** Whether a fact is a stimulation with current: a sham carries nothing over. */
export function isStimulated(fact: Fact): fact is Fact<'SCSApplied'> {
  return fact.type === 'SCSApplied' && baseValue((fact as Fact<'SCSApplied'>).data.amplitude) > 0;
}

/** Whether a fact is a stimulation, or a dose that is neither vehicle nor control. */
export function isTreatment(fact: Fact): boolean {
  return fact.type === 'SCSApplied' || (isDose(fact) && administrationOf(fact).isTreatment);
}

/** Every dose of a history, in its order. */
export function administrationsIn(history: Iterable<Fact>): Administration[] {
  return [...history].filter(isDose).map(administrationOf);
}
