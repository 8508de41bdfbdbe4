/** Thresholds take few values, since runs are short and filaments few; turning a number into text is slow. */
const known = new Map<number, string>();
const MOST_KNOWN = 10_000;

/** A derived number as text: ten significant digits at most, more than any filament is worth, and never an exponent. */
export function plain(value: number | null | undefined): string | undefined {
  if (value === null || value === undefined || !Number.isFinite(value)) return undefined;
  let text = known.get(value);
  if (text !== undefined) return text;
  text = printed(value);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(value, text);
  return text;
}

function printed(value: number): string {
  // What binary arithmetic leaves of a zero.
  if (Math.abs(value) < 1e-9) return '0';
  const text = String(Number(value.toPrecision(10)));
  return text.includes('e') ? value.toFixed(20).replace(/\.?0+$/, '') : text;
}
