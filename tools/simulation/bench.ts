import { filamentAt, indexOf, logForce, type Ladder } from '../../src/study/rules/ladder.js';
import type { Touch } from '../../src/study/rules/threshold.js';
import { nextFilament } from '../../src/study/rules/up-down.js';
import type { Animal, AnyAnimal, Paw } from './animal.js';
import { DAY, dayOf } from './calendar.js';

/** What a person at the bench sees of a simulated animal: filaments, scores, a balance. */

/** One run, touch by touch as the up-down rule asks for; `ambiguous` is the touch that could not be told, from 0. */
export function upDownRun(
  animal: AnyAnimal,
  paw: Paw,
  at: number,
  ladder: Ladder,
  ambiguous?: number,
): Touch[] {
  const random = animal.random.branch(`run of the ${paw} paw at ${at}`);
  const threshold = animal.threshold(paw, at);
  const touches: Touch[] = [];
  for (;;) {
    const { next } = nextFilament(ladder, touches);
    if (next === null) return touches;
    const felt = logForce(filamentAt(ladder, indexOf(ladder, next))) + random.normal(0, animal.traits.sigma);
    const response = felt > threshold ? 'X' : 'O';
    touches.push({ filament: next, response: touches.length === ambiguous ? '?' : response });
  }
}

/** As the balance shows it, in g. */
export function weighed(animal: AnyAnimal, at: number): string {
  return animal.weight(at).toFixed(1);
}

/** Threshold of the motor response on that day, in mA. */
export function motorThreshold(animal: Animal, at: number): string {
  return (animal.traits.motorThreshold + animal.random.branch(`motor ${at}`).normal(0, 0.008)).toFixed(2);
}

/** The protocol's side-effect items some minutes after the latest dose. */
export function sideEffects(animal: Animal, minute: number): { item: string; score: number }[] {
  const excess = (animal.doses.at(-1)?.microgram ?? 0) - animal.traits.sideEffectDose;
  const shown = excess >= 0 && minute <= 30;
  return [
    { item: 'ataxia', score: shown ? (minute <= 15 ? 2 : 1) : 0 },
    { item: 'hind-limb-tone', score: shown && minute <= 15 && excess > 6 ? 1 : 0 },
    { item: 'sedation', score: shown && minute <= 15 ? 1 : 0 },
  ];
}

/** The protocol's welfare items: worst on the days after an operation. */
export function welfare(animal: AnyAnimal, at: number): { item: string; score: number }[] {
  const random = animal.random.branch(`welfare ${at}`);
  const days = (at - (animal.operations.at(-1) ?? -Infinity)) / DAY;
  const nerve = animal.ligated !== undefined && animal.course !== 'not-hypersensitive';
  const lesioned = nerve && at - (animal.ligated ?? 0) > 5 * DAY;
  return [
    { item: 'posture', score: random.chance(days < 2 ? 0.6 : 0.03) ? 1 : 0 },
    {
      item: 'wound',
      score: dayOf(at) === animal.woundOpen ? 2 : random.chance(days < 3 ? 0.4 : 0.01) ? 1 : 0,
    },
    { item: 'autotomy', score: random.chance(lesioned ? 0.06 : 0) ? 1 : 0 },
  ];
}
