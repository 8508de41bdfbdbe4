import { inverseMillsRatio } from './normal.js';

/**
 * The estimate behind Dixon's table: responses follow a cumulative normal in log force with a known σ, and the
 * threshold is the mean that makes the run most likely. Christensen 2020 (Eur J Pain 24:783-90) uses the same with
 * the forces really applied instead of a constant step.
 */

/**
 * k of a run of O and X with one step between touches, in steps from the last filament; σ is one step. It meets
 * Dixon's table to 0.0005. Undefined where all responses are equal: the likelihood then has no maximum.
 */
export function constantStepK(run: string): number | undefined {
  return isMixed(run) ? mostLikelyMean(stepsFromLast(run), run) : undefined;
}

/**
 * Threshold in the unit of `positions` (log10 of 10,000 · grams), by the forces really applied. Undefined where all
 * responses are equal or all touches were with one filament.
 */
export function exactLog(positions: readonly number[], run: string): number | undefined {
  const sigma = visitedStep(positions);
  if (sigma === undefined || positions.length !== run.length || !isMixed(run)) return undefined;
  const origin = positions.at(-1) ?? NaN;
  const steps = positions.map((x) => (x - origin) / sigma);
  return origin + sigma * mostLikelyMean(steps, run);
}

/** σ of the exact variant: mean step of the stretch of the ladder that the run visited, in the unit of `positions`. */
export function visitedStep(positions: readonly number[]): number | undefined {
  const visited = new Set(positions).size;
  if (visited < 2) return undefined;
  return (Math.max(...positions) - Math.min(...positions)) / (visited - 1);
}

/** Positions by the up-down rule, counted back from the last filament at 0: X came from one heavier, O from one lighter. */
function stepsFromLast(run: string): number[] {
  const steps = [0];
  for (let i = run.length - 2; i >= 0; i--) {
    steps.unshift((steps[0] ?? NaN) + (run[i] === 'X' ? 1 : -1));
  }
  return steps;
}

function isMixed(run: string): boolean {
  return /^[OX]+$/.test(run) && run.includes('O') && run.includes('X');
}

/** In steps, σ = 1. The negative log likelihood is convex, so its slope rises through zero exactly once. */
function mostLikelyMean(steps: readonly number[], run: string): number {
  let low = Math.min(...steps) - 1;
  let high = Math.max(...steps) + 1;
  while (slope(steps, run, low).value > 0) low -= high - low;
  while (slope(steps, run, high).value < 0) high += high - low;
  let mean = (low + high) / 2;
  for (let turn = 0; turn < 200; turn++) {
    const { value, rise } = slope(steps, run, mean);
    if (value === 0) break;
    if (value > 0) high = mean;
    else low = mean;
    const newton = mean - value / rise;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    const settled = Math.abs(next - mean) < 1e-15 * Math.max(1, Math.abs(next));
    mean = next;
    if (settled) break;
  }
  return mean;
}

/** First and second derivative of the negative log likelihood at a mean. */
function slope(steps: readonly number[], run: string, mean: number): { value: number; rise: number } {
  let value = 0;
  let rise = 0;
  steps.forEach((step, i) => {
    const sign = run[i] === 'X' ? 1 : -1;
    const z = sign * (step - mean);
    const ratio = inverseMillsRatio(z);
    value += sign * ratio;
    rise += ratio * (z + ratio);
  });
  return { value, rise };
}
