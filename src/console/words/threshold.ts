import type { Threshold } from '../../study/rules/threshold.js';
import { gramsText } from './phrase.js';

/** `threshold 3.09 g`, or the bound that a run gave. */
export function thresholdInWords(threshold: Threshold | undefined): string {
  if (!threshold) return 'no threshold without a protocol';
  const { grams, bound, status } = threshold;
  if (bound) return `threshold ${boundText(bound)}`;
  return grams === null ? `no threshold (${status.replaceAll('-', ' ')})` : `threshold ${gramsText(grams)}`;
}

/** `< 0.4 g` */
export function boundText({ relation, grams }: NonNullable<Threshold['bound']>): string {
  return `${relation} ${Number(grams.toPrecision(3))} g`;
}

const METHODS = {
  'dixon-table': 'Dixon’s table',
  'mle-constant': 'likelihood, constant step',
  'mle-exact': 'likelihood of the forces applied',
} as const;

/** How an estimate was found; undefined where there is none. */
export function methodInWords({ method }: Threshold): string | undefined {
  return method === null ? undefined : METHODS[method];
}
