import type { StudyRecord } from '../record.js';
import type { Study } from '../study.js';

/** An animal; undefined stands for the study as a whole. */
type Concerned = string | undefined;

/**
 * The animals that each record concerns, by record number: its own animal, and the animals of every record that it
 * corrects, replaces, supersedes, voids or acknowledges. So whatever became of a record is told with it. It goes one way
 * only: a correction that moved a fact to another animal does not make the replaced record one of that animal.
 */
export function animalsConcerned(study: Study): readonly (readonly Concerned[])[] {
  const superseded = new Map([...study.supersededBy].map(([earlier, later]) => [later, earlier]));
  const concerned: (readonly Concerned[])[] = [];
  for (const { number, record } of study.records) {
    // A void or an acknowledgement that names no animal is about its target alone.
    const own = 'target' in record.data && record.subject === undefined ? [] : [record.subject];
    const earlier = [...referencesOf(record), superseded.get(number) ?? -1];
    const inherited = earlier.flatMap((one) => concerned[one] ?? []);
    concerned.push([...new Set([...own, ...inherited])]);
  }
  return concerned;
}

/** Whether there is an animal of this name, or was before its records were withdrawn or moved to another. */
export function isKnownAnimal(study: Study, subject: string): boolean {
  return study.subjects.has(subject) || animalsConcerned(study).some((animals) => animals.includes(subject));
}

/** The records that a correction, a void or an acknowledgement is about. */
export function referencesOf({ data }: StudyRecord): number[] {
  if (!('target' in data)) return [];
  return 'replaces' in data ? [data.target.number, data.replaces.number] : [data.target.number];
}
