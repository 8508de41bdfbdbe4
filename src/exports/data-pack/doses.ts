import { isDose, type DoseFact } from '../../study/rules/administration.js';
import type { Fact } from '../../study/study.js';

/** Every dose of every animal, animal by animal. */
export function dosesOf(animals: readonly { readonly history: readonly Fact[] }[]): DoseFact[] {
  return animals.flatMap(({ history }) => history.filter(isDose));
}
