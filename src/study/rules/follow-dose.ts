import { doseKind, isPerWeight, type DoseKind } from '../dose.js';
import { UNITS, baseText, formatQuantity, microgramText, type Quantity } from '../units.js';
import {
  compared,
  exactly,
  decimalText,
  product,
  ratio,
  rounded,
  shifted,
  significantDigits,
  type Exact,
} from './decimal.js';
import { isVolumeOff } from './dose-volume.js';

/**
 * A dose three ways: an amount, an amount per body weight, and a volume at a concentration. Any of them may be stated, and
 * the others follow. All arithmetic is exact until the one rounding of what is shown.
 */
export const WAYS = ['amount', 'perWeight', 'volume', 'concentration'] as const;
export type Way = (typeof WAYS)[number];

/** What is stated of a dose; each in any unit of its group. */
export type Stated = { readonly [W in Way | 'weight']?: Quantity };

/** A value that follows from others. */
export interface Followed extends Quantity {
  /** Whether rounding lost nothing. */
  readonly isExact: boolean;
  /** `30 µg ÷ 312.5 g` */
  readonly arithmetic: string;
}

/** The units in which what follows is written. */
export type WaysUnits = { readonly [W in Way]?: string };

export interface ThreeWays {
  readonly followed: { readonly [W in Way]?: Followed };
  /** Where dose, volume and concentration are all stated and do not fit together: what the volume holds. */
  readonly mismatch?: { readonly stated: string; readonly held: Followed };
}

/** With fewer digits, rounding alone would change a dose by more than half a per cent. */
const LEAST_DIGITS = 3;

/**
 * What follows from what is stated. A value that follows has as many significant digits as the one of its inputs with the
 * fewest, and at least three. A dose that is stated as an amount and per body weight is the amount.
 */
export function followDose(stated: Stated, units: WaysUnits = {}): ThreeWays {
  const { weight, perWeight, volume, concentration } = stated;
  const kind = kindOf(stated);
  if (!kind) return { followed: {} };
  const unitOf = (way: Way): string => units[way] ?? DEFAULTS[kind][way];
  const followed: { -readonly [W in Way]?: Followed } = {};

  let amount = stated.amount && { exact: amountOf(stated.amount), from: [stated.amount] };
  if (!amount && perWeight && weight) {
    const exact = shifted(product(exactly(baseText(perWeight)), exactly(baseText(weight))), -3);
    amount = { exact, from: [perWeight, weight] };
    followed.amount = write(exact, amount.from, '×', unitOf('amount'));
  }
  const held =
    volume && concentration
      ? { exact: heldIn(volume, concentration, kind), from: [concentration, volume] }
      : undefined;
  if (!amount && held) {
    amount = held;
    followed.amount = write(held.exact, held.from, '×', unitOf('amount'));
  }
  if (!amount || amount.exact.units === 0n) return { followed };

  const dose = stated.amount ?? (perWeight && weight ? perWeight : undefined) ?? followed.amount!;
  if (!perWeight && weight && exactly(weight.value).units > 0n) {
    const kilograms = shifted(exactly(baseText(weight)), -3);
    followed.perWeight = divide(amount, kilograms, [dose, weight], unitOf('perWeight'));
  }
  if (!volume && concentration && exactly(concentration.value).units > 0n) {
    const perMicrolitre = shifted(exactly(baseText(concentration)), -PLACES[kind]);
    followed.volume = divide(amount, perMicrolitre, [dose, concentration], unitOf('volume'));
  }
  if (!concentration && volume && exactly(volume.value).units > 0n) {
    const microlitres = shifted(exactly(baseText(volume)), -PLACES[kind]);
    followed.concentration = divide(amount, microlitres, [dose, volume], unitOf('concentration'));
  }
  if (!held || held === amount || !isOff(held.exact, amount.exact)) return { followed };
  return {
    followed,
    mismatch: { stated: formatQuantity(dose), held: write(held.exact, held.from, '×', unitOf('amount')) },
  };
}

/**
 * What counts of what is proposed and what was typed. What was typed stays. Where dose, volume and concentration would
 * all three be stated, what was only proposed gives way: the concentration, then the volume, then the dose.
 */
export function settleDose(proposed: Stated, typed: Stated): Stated {
  const isDoseTyped = Boolean(typed.amount ?? typed.perWeight);
  const { amount, perWeight, ...others } = proposed;
  const merged: { -readonly [W in keyof Stated]: Stated[W] } = {
    ...(isDoseTyped ? {} : { ...(amount && { amount }), ...(perWeight && { perWeight }) }),
    ...others,
    ...typed,
  };
  if (!merged.volume || !merged.concentration || !(merged.amount ?? merged.perWeight)) return merged;
  if (!typed.concentration) delete merged.concentration;
  else if (!typed.volume) delete merged.volume;
  else if (!isDoseTyped) {
    delete merged.amount;
    delete merged.perWeight;
  }
  return merged;
}

/** Powers of ten between the amount in µL of the first unit of a concentration and the first unit of an amount. */
const PLACES: Readonly<Record<DoseKind, number>> = { mass: 0, amount: 3, activity: 3, strength: 0 };

const DEFAULTS: Readonly<Record<Exclude<DoseKind, 'strength'>, Readonly<Record<Way, string>>>> = {
  mass: { amount: 'ug', perWeight: 'ug/kg', volume: 'uL', concentration: 'mg/mL' },
  amount: { amount: 'nmol', perWeight: 'nmol/kg', volume: 'uL', concentration: 'nmol/mL' },
  activity: { amount: '[iU]', perWeight: '[iU]/kg', volume: 'uL', concentration: '[iU]/mL' },
};

/** What all that is stated is counted in; undefined where it is a strength, or in different ones. */
function kindOf({ amount, perWeight, concentration }: Stated): Exclude<DoseKind, 'strength'> | undefined {
  const kinds = [amount, perWeight, concentration].flatMap((one) => (one ? [doseKindOf(one.unit)] : []));
  const [kind] = kinds;
  return kind === undefined || kind === 'strength' || kinds.some((other) => other !== kind)
    ? undefined
    : kind;
}

function doseKindOf(unit: string): DoseKind {
  return doseKind({ unit: unit as never });
}

/** In µg, nmol or international units. */
function amountOf(amount: Quantity): Exact {
  return exactly(amount.unit in UNITS.mass ? microgramText(amount) : baseText(amount));
}

function heldIn(volume: Quantity, concentration: Quantity, kind: DoseKind): Exact {
  return shifted(product(exactly(baseText(volume)), exactly(baseText(concentration))), -PLACES[kind]);
}

function isOff(held: Exact, stated: Exact): boolean {
  if (compared(held, stated) === 0) return false;
  const [microgram, other] = [held, stated].map((one) => Number(decimalText(one))) as [number, number];
  return isVolumeOff({ microgram }, other);
}

function divide(
  amount: { readonly exact: Exact; readonly from: readonly Quantity[] },
  by: Exact,
  shown: readonly [Quantity, Quantity],
  unit: string,
): Followed {
  const digits = digitsFor([...amount.from, shown[1]]);
  const { text, isExact } = ratio(shifted(amount.exact, -powerOf(unit)), by, digits);
  return { value: text, unit, isExact, arithmetic: shown.map(formatQuantity).join(' ÷ ') };
}

function write(exact: Exact, from: readonly Quantity[], sign: string, unit: string): Followed {
  const { text, isExact } = rounded(shifted(exact, -powerOf(unit)), digitsFor(from));
  return { value: text, unit, isExact, arithmetic: from.map(formatQuantity).join(` ${sign} `) };
}

function digitsFor(inputs: readonly Quantity[]): number {
  return Math.max(LEAST_DIGITS, Math.min(...inputs.map(({ value }) => significantDigits(value))));
}

/** Of a unit, against the one that this file counts in. */
function powerOf(unit: string): number {
  const one = exactly(
    unit in UNITS.mass && !isPerWeight({ unit: unit as never })
      ? microgramText({ value: '1', unit })
      : baseText({ value: '1', unit }),
  );
  return String(one.units).length - 1 - one.scale;
}
