import { baseValue, type Quantity } from '../quantity.js';
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
}

export function weighingsOf(history: readonly Fact[]): Weighing[] {
  let heaviest = 0;
  const points: Weighing[] = [];
  for (const fact of history) {
    const weight = weightIn(fact);
    if (!weight) continue;
    const grams = baseValue(weight);
    heaviest = Math.max(heaviest, grams);
    points.push({
      record: fact.holder,
      occurredAt: fact.time,
      grams,
      lossPercent: (100 * (heaviest - grams)) / heaviest,
      fact,
    });
  }
  return points;
}

function weightIn(fact: Fact): Quantity | undefined {
  if (fact.type === 'BodyWeightRecorded') return (fact as Fact<'BodyWeightRecorded'>).data.weight;
  return fact.type === 'SubjectEnrolled' ? (fact as Fact<'SubjectEnrolled'>).data.bodyWeight : undefined;
}
