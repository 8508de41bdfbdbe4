import type { IsTrained } from '../../study/commands/common/command.js';
import type { Lab } from '../lab.js';

/**
 * Whether people were trained, by the records of a lab. `until` is the last day on which a training holds; days are those of
 * the place where it happened. Before persons acted nobody could be trained, and nobody is judged.
 */
export function trainingIn({ people: { persons, begunAt } }: Lab): IsTrained {
  return (person, procedure, time, labSize = Infinity) => {
    if (begunAt === undefined || labSize <= begunAt) return true;
    const day = time.slice(0, 10);
    const held = persons.get(person)?.training ?? [];
    return held.some(
      ({ number, procedures, on, until }) =>
        number < labSize &&
        procedures.includes(procedure) &&
        on <= day &&
        (until === undefined || day <= until),
    );
  };
}
