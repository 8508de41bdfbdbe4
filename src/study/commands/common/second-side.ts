import type { AnimalAt } from './animal-at.js';

/**
 * Whether an operation or an induction is on another side than one that is on record, whichever came first. The ipsilateral
 * paw stays that of the first side.
 */
export function isSecondSide(side: 'left' | 'right' | undefined, animal: AnimalAt): boolean {
  const all = [...animal.ever('NerveLigated'), ...animal.ever('ModelInduced')];
  return side !== undefined && all.some(({ data }) => data.side !== undefined && data.side !== side);
}
