/** `npm run test:all` asks for everything; `npm test` draws samples. */
export const FULL = process.env['EFFORT'] === 'full';

/** One seed for all that is drawn in a run. It is printed at the start, and SEED=… draws the same again. */
export const SEED = Number(process.env['SEED']);

/** Settings of a property test: so many runs at full effort, a tenth of them (at least ten) otherwise. */
export function runs(full: number, few = Math.max(10, Math.ceil(full / 10))) {
  return { numRuns: times(full, Math.min(few, full)), seed: SEED };
}

/** How often something is tried that is not a property test. */
export function times(full: number, few: number): number {
  return FULL ? full : few;
}
