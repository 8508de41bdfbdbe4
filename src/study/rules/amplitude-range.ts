import { baseText, formatQuantity, type Quantity } from '../units.js';
import { compared, decimalText, exactly, product, type Exact } from './decimal.js';

/** The amplitudes that a protocol plans for a motor threshold. */
export interface AmplitudeRange {
  readonly low: Quantity;
  readonly high: Quantity;
  /** The middle, with as few digits as lie within the range, and at least those of the motor threshold. */
  readonly proposed: Quantity;
  /** `0.60–0.70 × 0.28 mA = 0.168–0.196 mA` */
  readonly arithmetic: string;
}

/** The planned fraction of a motor threshold, exact. */
export function amplitudeRange(
  fraction: { readonly low: string; readonly high: string },
  threshold: Quantity,
): AmplitudeRange {
  const { unit } = threshold;
  const [low, high] = [fraction.low, fraction.high].map((part) =>
    product(exactly(part), exactly(threshold.value)),
  ) as [Exact, Exact];
  const quantity = (value: Exact): Quantity => ({ value: decimalText(value), unit });
  const [lowText, highText] = [quantity(low).value, quantity(high).value];
  const range = lowText === highText ? lowText : `${lowText}–${highText}`;
  const factor = fraction.low === fraction.high ? fraction.low : `${fraction.low}–${fraction.high}`;
  return {
    low: quantity(low),
    high: quantity(high),
    proposed: { value: middleOf(low, high, (threshold.value.split('.')[1] ?? '').length), unit },
    arithmetic: `${factor} × ${formatQuantity(threshold)} = ${formatQuantity({ value: range, unit })}`,
  };
}

/** The fraction of the motor threshold that an amplitude is, in per cent, to one place: `65.2`. */
export function percentOfThreshold(amplitude: Quantity, threshold: Quantity): string | undefined {
  const [top, bottom] = [amplitude, threshold].map((one) => Number(baseText(one))) as [number, number];
  return bottom > 0 ? ((100 * top) / bottom).toFixed(1).replace(/\.0$/, '') : undefined;
}

function middleOf(low: Exact, high: Exact, places: number): string {
  const scale = Math.max(low.scale, high.scale);
  const at = ({ units, scale: own }: Exact): bigint => units * 10n ** BigInt(scale - own);
  const doubled = at(low) + at(high);
  for (let kept = places; kept <= scale; kept++) {
    const step = 10n ** BigInt(scale - kept);
    const middle = { units: ((doubled + step) / (2n * step)) * step, scale };
    if (compared(middle, low) >= 0 && compared(middle, high) <= 0) return fixedText(middle, kept);
  }
  return decimalText({ units: 5n * doubled, scale: scale + 1 });
}

/** With so many places after the point, zeros too: as the dial of the stimulator shows it. */
function fixedText({ units, scale }: Exact, places: number): string {
  const digits = String(units / 10n ** BigInt(scale - places)).padStart(places + 1, '0');
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}
