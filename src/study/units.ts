/* Units and what is written in them, without the schemas of quantity.ts: what runs in a browser takes it from here. */

/**
 * The UCUM units that the ledger takes, grouped by what they measure, each with its power of ten relative to the first of
 * its group. Conversion within a group shifts the decimal point and loses no digit.
 */
export const UNITS = {
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

export type UnitGroup = keyof typeof UNITS;

/** A measured value as read, digit by digit (trailing zeros are data), with its UCUM unit. */
export interface Quantity<U extends string = string> {
  value: string;
  unit: U;
}

/** The number in the first unit of its group (g, µg/kg, µL, mA, Hz, µs, …); exact to the last digit of a double. */
export function baseValue(q: Quantity): number {
  const power = POWERS.get(q.unit);
  if (power === undefined) throw new RangeError(`unit ${q.unit} is not one of the ledger's`);
  return Number(`${q.value}e${power}`);
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

export function withoutTrailingZeros(decimal: string): string {
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
