import type { Protocol } from '../protocol.js';
import { hasHandlesAsGrams } from './ladder.js';
import type { Problem } from './protocol-problems.js';

/** What can be approved, and is most often a mistake. */
export function doubtsAbout({ ladder }: Protocol): Problem[] {
  if (!ladder || !hasHandlesAsGrams(ladder)) return [];
  const message =
    'these forces are the numbers on the handles of filaments (log10 of 10,000 · g), not grams: give the grams. Approved as it is, it is flagged handles-as-grams';
  return [{ path: 'ladder', message }];
}
