import type { EventType } from '../../study/events/events.js';
import type { BenchAsked } from '../page.js';
import { daysSince } from './animal-at-bench.js';
import { livingAnimals } from './choose-animal.js';

/** The next living animal in order, after the last the first, that has no record of the type today; undefined where all have. */
export function nextWithout(asked: BenchAsked, animal: string, type: EventType): string | undefined {
  const { subjects } = asked.view.study;
  const animals = livingAnimals(asked);
  const at = animals.findIndex((id) => id > animal);
  const inOrder = at < 0 ? animals : [...animals.slice(at), ...animals.slice(0, at)];
  return inOrder.find(
    (id) =>
      id !== animal &&
      !subjects
        .get(id)!
        .facts.toArray()
        .some((fact) => fact.type === type && daysSince(fact, asked) === 0),
  );
}
