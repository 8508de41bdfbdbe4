import type { Static } from 'typebox';
import { Type } from './schema-types.js';
import { closed, described } from './schema.js';
import { UNITS, baseValue, formatQuantity, micrograms, type Quantity, type UnitGroup } from './units.js';

export * from './units.js';

/**
 * The largest values that are taken, in the unit named. More cannot have been measured in any species that is tested with
 * filaments: the unit or the decimal point is wrong, and the command is refused. A merely unlikely value is recorded and
 * flagged.
 */
const MOST = {
  g: 20_000,
  kg: 20,
  mg: 1_000,
  ug: 1_000_000,
  ng: 1_000_000_000,
  'ug/kg': 1_000_000,
  'mg/kg': 1_000,
  'g/kg': 100,
  'ng/kg': 1_000_000_000,
  nmol: 1_000_000_000,
  umol: 1_000_000,
  mmol: 1_000,
  'nmol/kg': 1_000_000_000,
  'umol/kg': 1_000_000,
  'mmol/kg': 1_000,
  '[iU]': 1_000_000,
  '[iU]/kg': 1_000_000,
  uL: 100_000,
  mL: 100,
  mA: 1_000,
  uA: 1_000_000,
  Hz: 1_000_000,
  kHz: 1_000,
  us: 1_000_000,
  ms: 1_000,
  kOhm: 1_000_000,
  Ohm: 1_000_000_000,
  mm: 2_000,
  cm: 200,
  'mg/mL': 1_000,
  'ug/uL': 1_000,
  'ug/mL': 1_000_000,
  'nmol/mL': 1_000_000,
  'nmol/uL': 1_000_000,
  'umol/mL': 1_000_000,
  '[iU]/mL': 1_000_000,
  'uL/min': 100_000,
  min: 44_640,
  s: 86_400,
  Cel: 60,
  '%': 1_000,
} as const satisfies { readonly [G in keyof typeof UNITS as keyof (typeof UNITS)[G]]: number };

/** A non-negative decimal as read from an instrument: no exponent, no leading zeros, digits kept to the letter. */
export const Decimal = described('a decimal number written as text, such as "243.70"', {
  pattern: '^(0|[1-9][0-9]{0,11})(\\.[0-9]{1,12})?$',
});
/** Of what is never zero in an animal, such as its body weight. */
const PositiveDecimal = described('a decimal number above zero written as text, such as "243.70"', {
  pattern: '^(?!0(\\.0+)?$)(0|[1-9][0-9]{0,11})(\\.[0-9]{1,12})?$',
});
const SignedDecimal = described('a decimal number written as text, such as "-18.5"', {
  pattern: '^-?(0|[1-9][0-9]{0,11})(\\.[0-9]{1,12})?$',
});

function quantity<U extends string>(units: readonly U[], value = Decimal) {
  return closed({ value, unit: Type.Enum([...units]) });
}

const units = <G extends UnitGroup>(group: G) =>
  Object.keys(UNITS[group]) as (keyof (typeof UNITS)[G] & string)[];

export const BodyWeight = quantity(['g', 'kg'], PositiveDecimal);
/** A dose of ketamine as an amount, or per body weight; the body weight used is recorded beside it. */
export const Dose = quantity(['ug', 'mg', 'ug/kg', 'mg/kg']);
/** A dose of any substance: mass, amount of substance or activity, each also per body weight; or a strength in per cent. */
export const AnyDose = quantity([
  ...(['ng', 'ug', 'mg', 'g', 'ng/kg', 'ug/kg', 'mg/kg', 'g/kg'] as const),
  ...(['nmol', 'umol', 'mmol', 'nmol/kg', 'umol/kg', 'mmol/kg'] as const),
  ...(['[iU]', '[iU]/kg', '%'] as const),
]);
export const AnyConcentration = quantity([
  ...units('concentration'),
  ...units('molarity'),
  ...units('activityPerVolume'),
  '%',
]);
export const Volume = quantity(units('volume'));
export const Current = quantity(units('current'));
export const Frequency = quantity(units('frequency'));
export const PulseWidth = quantity(units('pulse'));
export const Impedance = quantity(units('resistance'));
export const Length = quantity(units('length'));
export const Concentration = quantity(units('concentration'));
export const FlowRate = quantity(units('flow'));
export const Minutes = quantity(units('duration'));
export const Seconds = quantity(units('seconds'));
export const Temperature = quantity(units('temperature'), SignedDecimal);
export const Percent = quantity(units('percent'));

export type Dose = Static<typeof Dose>;
export type AnyDose = Static<typeof AnyDose>;

/** A quantity that cannot have been measured: where it stands, what it is, and the most that can be. */
export interface Impossible {
  readonly path: string;
  readonly given: string;
  readonly most: string;
}

/** Every impossible quantity anywhere in a value. */
export function impossibleIn(value: unknown, path: string, found: Impossible[] = []): Impossible[] {
  if (typeof value !== 'object' || value === null) return found;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) impossibleIn(item, `${path}[${index}]`, found);
    return found;
  }
  const { value: amount, unit } = value as Record<string, unknown>;
  if (typeof amount === 'string' && typeof unit === 'string') {
    const most = (MOST as Record<string, number>)[unit];
    if (most !== undefined && Math.abs(Number(amount)) > most)
      found.push({
        path,
        given: formatQuantity({ value: amount, unit }),
        most: formatQuantity({ value: String(most), unit }),
      });
    return found;
  }
  for (const [name, member] of Object.entries(value)) impossibleIn(member, `${path}.${name}`, found);
  return found;
}

/** Both readings of a mass: the amount in µg, and per kg of the body weight used. */
export function doseOf(dose: Dose, bodyWeight: Quantity): { microgram: number; microgramPerKg: number };
/** The same of any dose: null where the dose is no mass, or the body weight that it takes is not known. */
export function doseOf(
  dose: AnyDose,
  bodyWeight: Quantity | undefined,
): { microgram: number | null; microgramPerKg: number | null };
export function doseOf(
  dose: AnyDose,
  bodyWeight: Quantity | undefined,
): { microgram: number | null; microgramPerKg: number | null } {
  const kilograms = bodyWeight ? baseValue(bodyWeight) / 1000 : undefined;
  if (dose.unit in UNITS.mass) {
    const microgram = micrograms(dose);
    return {
      microgram,
      microgramPerKg: kilograms === undefined ? null : roundToTwelveDigits(microgram / kilograms),
    };
  }
  if (!(dose.unit in UNITS.dosePerWeight)) return { microgram: null, microgramPerKg: null };
  const microgramPerKg = baseValue(dose);
  return {
    microgram: kilograms === undefined ? null : roundToTwelveDigits(microgramPerKg * kilograms),
    microgramPerKg,
  };
}

/** Twelve significant digits: more than a balance gives, and without the noise of binary division. */
function roundToTwelveDigits(value: number): number {
  return Number(value.toPrecision(12));
}
