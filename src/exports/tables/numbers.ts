/** Formatting a number is slow, and thresholds take few values: runs are short, and filaments few. */
const known = new Map<number, string>();
const MOST_KNOWN = 10_000;

/** A derived number as text: at most ten significant digits, never an exponent. */
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
  // Binary arithmetic leaves a remainder where the result is zero.
  if (Math.abs(value) < 1e-9) return '0';
  const text = String(Number(value.toPrecision(10)));
  return text.includes('e') ? value.toFixed(20).replace(/\.?0+$/, '') : text;
}
