import type { Ladder } from '../../study/rules/ladder.js';

/** The label of a ladder that a name means, by the label itself or by its grams. */
export function ladderLabelOf({ filaments }: Ladder, name: string): string | undefined {
  const plain = name.replace(/\s*g$/i, '').replace(',', '.');
  const same = filaments.find(({ label }) => label === plain || label === name);
  if (same) return same.label;
  return /^\d+(\.\d+)?$/.test(plain)
    ? filaments.find(({ label }) => Number(label) === Number(plain))?.label
    : undefined;
}
