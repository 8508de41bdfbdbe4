import type { Static } from 'typebox';
import { Type } from './schema-types.js';
import { closed, described } from './schema.js';

/**
 * The UCUM units that the ledger takes, grouped by what they measure, each with its power of ten relative to the first of
 * its group. Conversion within a group shifts the decimal point and loses no digit.
 */
const UNITS = {
  mass: { g: 0, kg: 3, mg: -3, ug: -6, ng: -9 },
  dosePerWeight: { 'ug/kg': 0, 'mg/kg': 3, 'g/kg': 6, 'ng/kg': -3 },
  amount: { nmol: 0, umol: 3, mmol: 6 },
  amountPerWeight: { 'nmol/kg': 0, 'umol/kg': 3, 'mmol/kg': 6 },
  activity: { '[iU]': 0 },
  activityPerWeight: { '[iU]/kg': 0 },
  volume: { uL: 0, mL: 3 },
  current: { mA: 0, uA: -3 },
  frequency: { Hz: 0, kHz: 3 },
  pulse: { us: 0, ms: 3 },
  resistance: { kOhm: 0, Ohm: -3 },
  length: { mm: 0, cm: 1 },
  concentration: { 'mg/mL': 0, 'ug/uL': 0, 'ug/mL': -3 },
  molarity: { 'nmol/mL': 0, 'nmol/uL': 3, 'umol/mL': 3 },
  activityPerVolume: { '[iU]/mL': 0 },
  flow: { 'uL/min': 0 },
  duration: { min: 0 },
  seconds: { s: 0 },
  temperature: { Cel: 0 },
  percent: { '%': 0 },
} as const satisfies Record<string, Record<string, number>>;

const POWERS = new Map<string, number>(Object.values(UNITS).flatMap((group) => Object.entries(group)));

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

export type UnitGroup = keyof typeof UNITS;

/** A measured value as read, digit by digit (trailing zeros are data), with its UCUM unit. */
export interface Quantity<U extends string = string> {
  value: string;
  unit: U;
}

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

/** The number in the first unit of its group (g, µg/kg, µL, mA, Hz, µs, …); exact to the last digit of a double. */
export function baseValue(q: Quantity): number {
  const power = POWERS.get(q.unit);
  if (power === undefined) throw new RangeError(`unit ${q.unit} is not one of the ledger's`);
  return Number(`${q.value}e${power}`);
}

/** A quantity that cannot have been measured: where it stands, and the most that can be. */
export interface Impossible {
  readonly path: string;
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
      found.push({ path, most: formatQuantity({ value: String(most), unit }) });
    return found;
  }
  for (const [name, member] of Object.entries(value)) impossibleIn(member, `${path}.${name}`, found);
  return found;
}

/** The unit that `baseText` writes, where all of these measure the same. */
export function sharedBaseUnit(some: readonly string[]): string | undefined {
  const group = Object.values(UNITS).find((one) => some.length > 0 && some.every((unit) => unit in one));
  return group && Object.keys(group)[0];
}

/** The same number as text in the first unit of its group: the decimal point is shifted and no digit is lost. */
export function baseText({ value, unit }: Quantity): string {
  const power = POWERS.get(unit);
  if (power === undefined) throw new RangeError(`unit ${unit} is not one of the ledger's`);
  return shiftPoint(value, power);
}

/** A mass in µg as text, digit by digit. */
export function microgramText({ value, unit }: Quantity): string {
  const power = (UNITS.mass as Record<string, number>)[unit];
  if (power === undefined) throw new RangeError(`${unit} is not a mass`);
  return shiftPoint(value, power + 6);
}

/**
 * A quantity in the first unit of its group, without trailing zeros: equal quantities become equal text. What was recorded
 * keeps its digits; this is for keys and for order.
 */
export function canonicalQuantity(quantity: Quantity): Quantity {
  const unit = sharedBaseUnit([quantity.unit]) ?? quantity.unit;
  return { value: withoutTrailingZeros(baseText(quantity)), unit };
}

/** The same of a dose, whose amount is in µg: 20 ug, 20.0 ug and 0.02 mg are one. A dose per kg stays per kg. */
export function canonicalDose(dose: Quantity): Quantity {
  if (!(dose.unit in UNITS.mass)) return canonicalQuantity(dose);
  return { value: withoutTrailingZeros(microgramText(dose)), unit: 'ug' };
}

function withoutTrailingZeros(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}

/** A decimal with its point moved to the right, or to the left where the power is negative. */
function shiftPoint(decimal: string, power: number): string {
  if (power === 0) return decimal;
  const sign = decimal.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = decimal.slice(sign.length).split('.');
  const digits = whole.padStart(1 - power, '0') + fraction.padEnd(power, '0');
  const point = digits.length - Math.max(fraction.length, power) + power;
  const moved = `${digits.slice(0, point).replace(/^0+(?=\d)/, '')}.${digits.slice(point)}`;
  return sign + moved.replace(/\.$/, '');
}

/** Whether a value lies outside a plausible range; false where no range is given. */
export function isOutside(range: { low: Quantity; high: Quantity } | undefined, q: Quantity): boolean {
  if (!range) return false;
  const value = baseValue(q);
  return value < baseValue(range.low) || value > baseValue(range.high);
}

/** Equal within 1e-9, relative to the larger of a and 1: the error of binary arithmetic. */
export function isSame(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a));
}

/** A mass in µg. */
export function micrograms(q: Quantity): number {
  const power = (UNITS.mass as Record<string, number>)[q.unit];
  if (power === undefined) throw new RangeError(`${q.unit} is not a mass`);
  return Number(`${q.value}e${power + 6}`);
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

export function formatQuantity(q: Quantity): string {
  const printed: Record<string, string> = {
    ug: 'µg',
    'ug/kg': 'µg/kg',
    umol: 'µmol',
    'umol/kg': 'µmol/kg',
    'umol/mL': 'µmol/mL',
    '[iU]': 'IU',
    '[iU]/kg': 'IU/kg',
    '[iU]/mL': 'IU/mL',
    'ug/uL': 'µg/µL',
    'ug/mL': 'µg/mL',
    uL: 'µL',
    us: 'µs',
    uA: 'µA',
    Cel: '°C',
  };
  return `${q.value} ${printed[q.unit] ?? q.unit}`;
}
