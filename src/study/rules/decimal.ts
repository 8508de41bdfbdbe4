/** An exact decimal: `units` · 10^−`scale`. Products of what was read lose no digit, as those of doubles do. */
export interface Exact {
  readonly units: bigint;
  readonly scale: number;
}

/** The number that a decimal text of the ledger states, such as `0.60` or `243.70`. */
export function exactly(decimal: string): Exact {
  const [whole = '', fraction = ''] = decimal.split('.');
  return { units: BigInt(whole + fraction), scale: fraction.length };
}

export function product(a: Exact, b: Exact): Exact {
  return { units: a.units * b.units, scale: a.scale + b.scale };
}

/** The same number times a power of ten. */
export function shifted({ units, scale }: Exact, power: number): Exact {
  return { units, scale: scale - power };
}

/** Below zero, zero or above, as the first is less than, equal to or more than the second. */
export function compared(a: Exact, b: Exact): number {
  const scale = Math.max(a.scale, b.scale, 0);
  const difference = unitsAt(a, scale) - unitsAt(b, scale);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

function unitsAt({ units, scale }: Exact, wanted: number): bigint {
  return units * 10n ** BigInt(wanted - scale);
}

/** The whole number as text, without zeros that say nothing after the point. */
export function decimalText(value: Exact): string {
  return withoutZeros(textOf(value));
}

/** How many digits of a decimal say something: 4 of `312.5`, 2 of `0.050`, 3 of `100`. */
export function significantDigits(decimal: string): number {
  const digits = decimal.replace('.', '').replace(/^0+/, '');
  return Math.max(1, digits.length);
}

export interface Rounded {
  readonly text: string;
  /** Whether nothing was lost. */
  readonly isExact: boolean;
}

/**
 * a ÷ b to so many significant digits, a half rounded up; zeros at the end after the point are left out. At most twelve
 * places after the point, as a decimal of the ledger has. Both are above zero.
 */
export function ratio(a: Exact, b: Exact, digits: number): Rounded {
  // The first guess may be one place short.
  const size = lengthOf(a) - a.scale - (lengthOf(b) - b.scale);
  for (let places = Math.min(12, digits - size); ; places--) {
    const top = a.units * 10n ** BigInt(Math.max(0, places + b.scale - a.scale));
    const bottom = b.units * 10n ** BigInt(Math.max(0, a.scale - places - b.scale));
    const units = (2n * top + bottom) / (2n * bottom);
    if (String(units).length > digits) continue;
    return {
      text: withoutZeros(textOf({ units, scale: places })),
      isExact: units * bottom === top,
    };
  }
}

/** A number to so many significant digits, as `ratio`. */
export function rounded(value: Exact, digits: number): Rounded {
  return ratio(value, { units: 1n, scale: 0 }, digits);
}

function lengthOf({ units }: Exact): number {
  return String(units).length;
}

function textOf({ units, scale }: Exact): string {
  if (scale <= 0) return String(units * 10n ** BigInt(-scale));
  const digits = String(units).padStart(scale + 1, '0');
  return `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function withoutZeros(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}
