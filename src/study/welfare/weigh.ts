import { WEIGHT_CHANGE_PERCENT, WEIGHT_DAYS } from '../flag-limits.js';
import { DAY } from '../instant.js';
import type { Protocol } from '../protocol.js';
import { reaches } from '../rules/verdict.js';
import type { Fact } from '../study.js';
import { baseValue } from '../units.js';
import { weighingsOf, weightIn } from './weights.js';

/** What a weight that is about to be recorded is compared with; grams. */
export interface WeighingLimits {
  /** The last weight and the heaviest; null for an animal that has none. */
  readonly last: number | null;
  readonly heaviest: number | null;
  /** By what the last weights differ, see `comparedWeights`. */
  readonly compared: readonly number[];
  readonly changePercent: number;
  readonly range: readonly [low: number, high: number] | null;
  readonly endpoints: readonly {
    readonly id: string;
    readonly description: string;
    readonly lossPercent: number;
  }[];
}

export function weighingLimits(history: readonly Fact[], protocol: Protocol, nowMs: number): WeighingLimits {
  const last = weighingsOf(history).at(-1);
  const { bodyWeight, weightChangePercent } = protocol.plausible ?? {};
  const recent = history.filter((fact) => fact.at >= nowMs - WEIGHT_DAYS * DAY).reverse();
  return {
    last: last?.grams ?? null,
    heaviest: last ? baseValue(weightIn(last.heaviest)!) : null,
    compared: comparedWeights(recent),
    changePercent: Number(weightChangePercent ?? WEIGHT_CHANGE_PERCENT),
    range: bodyWeight ? [baseValue(bodyWeight.low), baseValue(bodyWeight.high)] : null,
    endpoints: protocol.welfare.endpoints.flatMap(({ id, description, weightLossPercent }) =>
      weightLossPercent === undefined ? [] : [{ id, description, lossPercent: Number(weightLossPercent) }],
    ),
  };
}

/**
 * The weights that a new one is compared with: the last, and where that was itself implausible those before it, up to the
 * first that was not. Empty where there is no such one. After a slip of the balance the next right weight is right.
 * @param newestFirst facts of the days within which weights are compared.
 */
export function comparedWeights(newestFirst: Iterable<Fact>): number[] {
  const grams: number[] = [];
  for (const fact of newestFirst) {
    const weight = weightIn(fact);
    if (!weight) continue;
    grams.push(baseValue(weight));
    if (!fact.data.flags?.includes('implausible')) return grams;
  }
  return [];
}

/** Whether a weight differs from all of these by more than so many per cent. */
export function isFarFrom(compared: readonly number[], grams: number, percent: number): boolean {
  const isFar = (other: number): boolean => !reaches(percent, (100 * Math.abs(grams - other)) / other);
  return compared.length > 0 && compared.every(isFar);
}

/** What a weight means for the animal, before it is recorded. */
export interface Weighed {
  /** Per cent of the heaviest weight, this one included. */
  readonly percentOfHeaviest: number;
  readonly lossPercent: number;
  /** Per cent by which it differs from the last; null without one. */
  readonly changePercent: number | null;
  readonly reached: WeighingLimits['endpoints'];
  readonly isOutside: boolean;
  readonly isFar: boolean;
}

export function judgeWeight(grams: number, limits: WeighingLimits): Weighed {
  const { last, heaviest, compared, changePercent, range, endpoints } = limits;
  const most = Math.max(grams, heaviest ?? 0);
  const lossPercent = (100 * (most - grams)) / most;
  return {
    percentOfHeaviest: (100 * grams) / most,
    lossPercent,
    changePercent: last === null ? null : (100 * (grams - last)) / last,
    reached: endpoints.filter((endpoint) => reaches(lossPercent, endpoint.lossPercent)),
    isOutside: range !== null && (grams < range[0] || grams > range[1]),
    isFar: isFarFrom(compared, grams, changePercent),
  };
}
