import type { CaveatedVerdict } from '../../study/projections/responder-status.projection.js';
import type { SeriesRun } from '../../study/projections/threshold-series.projection.js';

/** Formats of single values in table cells. */

/** A short form of any value: a run as its responses, a quantity with its unit. */
export function inShort(value: unknown): string {
  if (Array.isArray(value)) return value.map(inShort).join(' ');
  if (typeof value !== 'object' || value === null)
    return value === null ? 'nothing' : String(value as string | number | boolean);
  const members = value as Record<string, unknown>;
  if (typeof members['filament'] === 'string') return `${members['filament']}${String(members['response'])}`;
  if (typeof members['unit'] === 'string') return `${String(members['value'])} ${members['unit']}`;
  return JSON.stringify(value);
}

export function valueOf({ value, between }: CaveatedVerdict): string {
  if (value !== null) return withMinus(value.toFixed(3));
  if (!between) return '';
  const [low, high] = between;
  if (low !== null) return `≥ ${withMinus(low.toFixed(3))}`;
  return high !== null ? `≤ ${withMinus(high.toFixed(3))}` : '';
}

export function gramsOf({ grams, bound, status }: Pick<SeriesRun, 'grams' | 'bound' | 'status'>): string {
  if (grams !== null && bound)
    return `${grams.toPrecision(4)} (${bound.relation} ${bound.grams.toPrecision(4)})`;
  if (grams !== null) return grams.toPrecision(4);
  return bound ? `${bound.relation} ${bound.grams.toPrecision(4)}` : status;
}

function withMinus(text: string): string {
  return text.replace('-', '−');
}

export function signed(margin: number | null): string {
  return margin === null ? '' : `${margin < 0 ? '−' : '+'}${Math.abs(margin).toFixed(3)}`;
}

export function yesNo(value: boolean | null): string {
  return value === null ? '?' : value ? 'yes' : 'no';
}

export function numbers(records: readonly number[]): string {
  return records.map((number) => `#${number}`).join(' ');
}
