import fc from 'fast-check';

/** `npm run test:all` asks for everything; `npm test` draws samples. */
export const FULL = process.env['EFFORT'] === 'full';

/** One seed for all that is drawn in a run. It is printed at the start, and SEED=… draws the same again. */
export const SEED = Number(process.env['SEED']);

/** Settings of a property test: so many runs at full effort, a tenth of them (at least ten) otherwise. */
export function runs(full: number, few = Math.max(10, Math.ceil(full / 10))) {
  return { numRuns: times(full, Math.min(few, full)), seed: SEED };
}

/** The same values in every run, to count what a generator draws without chance: neither SEED nor the effort changes them. */
export function specimens<T>(arbitrary: fc.Arbitrary<T>, count: number): T[] {
  return fc.sample(arbitrary, { numRuns: count, seed: 1 });
}

/** How often something is tried that is not a property test. */
export function times(full: number, few: number): number {
  return FULL ? full : few;
}
