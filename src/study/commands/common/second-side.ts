import type { Situation } from './command.js';

/**
 * Whether an operation or an induction is on another side than one that is on record. One that is entered afterwards makes
 * the first side another, also where it came first; a correction of the first one does not. The ipsilateral paw is that of
 * the first side.
 */
export function isSecondSide(
  side: 'left' | 'right' | undefined,
  { animal, at, isCorrection }: Situation,
): boolean {
  const all = [...animal.ever('NerveLigated'), ...animal.ever('ModelInduced')];
  const before = all.filter((other) => other.at <= at || !isCorrection);
  return side !== undefined && before.some(({ data }) => data.side !== undefined && data.side !== side);
}
