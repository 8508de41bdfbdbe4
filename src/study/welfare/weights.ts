import { baseValue, type Quantity } from '../units.js';
import type { Fact } from '../study.js';

export interface WeightPoint {
  readonly record: number;
  readonly occurredAt: string;
  readonly grams: number;
  /** Of the heaviest weight until then, so that growth does not hide a loss. */
  readonly lossPercent: number;
}

/** A weight, and the fact that states it. */
export interface Weighing extends WeightPoint {
  readonly fact: Fact;
  /** The one that states the heaviest weight until then. */
  readonly heaviest: Fact;
}

export function weighingsOf(history: readonly Fact[]): Weighing[] {
  let heaviest = { grams: 0, fact: undefined as Fact | undefined };
  const points: Weighing[] = [];
  for (const fact of history) {
    const weight = weightIn(fact);
    if (!weight) continue;
    const grams = baseValue(weight);
    if (grams > heaviest.grams) heaviest = { grams, fact };
    points.push({
      record: fact.holder,
      occurredAt: fact.time,
      grams,
      lossPercent: (100 * (heaviest.grams - grams)) / heaviest.grams,
      fact,
      heaviest: heaviest.fact ?? fact,
    });
  }
  return points;
}

/** The weight that a fact about the animal states; that of a dose is not one. */
export function weightIn(fact: Fact): Quantity | undefined {
  if (fact.type === 'BodyWeightRecorded') return (fact as Fact<'BodyWeightRecorded'>).data.weight;
  return fact.type === 'SubjectEnrolled' ? (fact as Fact<'SubjectEnrolled'>).data.bodyWeight : undefined;
}
