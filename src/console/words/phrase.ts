/** A sentence in parts, so that a page links the records and animals in it and a PDF prints them. */
export type Phrase = string | { readonly record: number } | { readonly animal: string };

export function phraseText(phrases: readonly Phrase[]): string {
  return phrases
    .map((part) => (typeof part === 'string' ? part : 'record' in part ? `#${part.record}` : part.animal))
    .join('');
}

/** `#262, #293` */
export function cite(records: readonly number[]): Phrase[] {
  return records.flatMap((record, index) => (index === 0 ? [{ record }] : [', ', { record }]));
}

/** A number for reading: three or four significant digits, a real minus sign, thousands set off. */
export function numberText(value: number, decimals = 2): string {
  const fixed = value.toFixed(decimals).replace('-', '−');
  return fixed.replace(/^−(0(\.0+)?)$/, '$1');
}

/** `1,602` */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 animal`, `15 animals` */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}

/** A threshold in grams to three significant digits, trailing zeros kept: the same everywhere. */
export function gramsText(grams: number): string {
  return measuredText(grams, 'g');
}

/** A derived value with its unit, as thresholds are written; a count or a ratio has no unit. */
export function measuredText(value: number, unit: string): string {
  const digits = value >= 1000 ? value.toFixed(0) : value.toPrecision(3);
  return unit === '1' ? digits : `${digits} ${unit}`;
}
