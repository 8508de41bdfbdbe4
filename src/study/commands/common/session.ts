import type { Fact } from '../../study.js';
import { isDose, type DoseFact } from '../../rules/administration.js';
import { refuse, type Refusal } from '../../refusal.js';
import type { AnimalAt } from './animal-at.js';

/** A dose of the animal that was given before, whichever the substance. */
export function doseNumbered(animal: AnimalAt, number: number): DoseFact | undefined {
  const fact =
    animal.numbered('KetamineAdministered', number) ?? animal.numbered('SubstanceAdministered', number);
  return isDose(fact) ? fact : undefined;
}

/** Refuses a number, where there is one, that is no such dose. */
export function checkDose(
  animal: AnimalAt,
  number: number | undefined,
  field: string,
): Refusal<'administration-unknown'> | undefined {
  if (number === undefined || doseNumbered(animal, number)) return undefined;
  return refuse('administration-unknown', `Record ${number} is no earlier dose of ${animal.id}.`, field);
}

/** A stimulation or a dose of the animal that happened before. */
export function sessionNumbered(animal: AnimalAt, number: number): DoseFact | Fact<'SCSApplied'> | undefined {
  return animal.numbered('SCSApplied', number) ?? doseNumbered(animal, number);
}

/** Refuses a number, where there is one, that is no such session. */
export function checkSession(
  animal: AnimalAt,
  number: number | undefined,
  field: string,
): Refusal<'session-unknown'> | undefined {
  if (number === undefined || sessionNumbered(animal, number)) return undefined;
  return refuse(
    'session-unknown',
    `Record ${number} is no earlier stimulation or dose of ${animal.id}.`,
    field,
  );
}
