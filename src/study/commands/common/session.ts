import type { Fact } from '../../study.js';
import { isDose, type DoseFact } from '../../rules/administration.js';
import type { AnimalAt } from './animal-at.js';

/** A dose of the animal that was given before, whichever the substance. */
export function doseNumbered(animal: AnimalAt, number: number): DoseFact | undefined {
  const fact =
    animal.numbered('KetamineAdministered', number) ?? animal.numbered('SubstanceAdministered', number);
  return isDose(fact) ? fact : undefined;
}

/** A stimulation or a dose of the animal that happened before. */
export function sessionNumbered(animal: AnimalAt, number: number): DoseFact | Fact<'SCSApplied'> | undefined {
  return animal.numbered('SCSApplied', number) ?? doseNumbered(animal, number);
}
