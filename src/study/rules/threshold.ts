import { BOUND_TOUCHES } from '../flag-limits.js';
import { dixonK, outgrowsTable } from './dixon.js';
import {
  delta,
  filamentAt,
  force,
  heaviest,
  indexOf,
  lightest,
  logForce,
  toGrams,
  toLog,
  type Ladder,
} from './ladder.js';
import { constantStepK, exactLog, visitedStep } from './likelihood.js';

/** One stimulus, the touch of a filament, with the response: O no withdrawal, X withdrawal, ? ambiguous and repeated. */
export interface Touch {
  filament: string;
  response: 'O' | 'X' | '?';
  time?: string;
}

type ThresholdStatus =
  | 'estimated'
  /** All X down to the lightest filament: a bound. */
  | 'below-range'
  /** All O up to the heaviest filament: a bound. */
  | 'above-range'
  /** No change of response yet, and no end of the ladder reached. */
  | 'incomplete'
  /** Second reading only: equal responses up to an end of the ladder, and too few of them for a bound. */
  | 'too-short'
  /** Estimated, but lighter or heavier than any filament: the number is shown; verdicts use it as a bound. */
  | 'outside-ladder'
  /** Nothing to estimate from, such as mixed responses to one filament. */
  | 'unsupported';

/** How k was found. Results of different methods differ by up to 25 %, so each threshold names its method. */
type ThresholdMethod = 'dixon-table' | 'mle-constant' | 'mle-exact';

/** Where there is an estimate, log10e4 = log force of the last filament + k · delta, whatever the method. */
export interface Threshold {
  status: ThresholdStatus;
  method: ThresholdMethod | null;
  /** The responses in order, ambiguous ones left out. */
  run: string;
  k: number | null;
  /** Step of the ladder in log10 units; for `mle-exact` the mean step of the stretch visited. */
  delta: number | null;
  /** log10(10,000 · grams). */
  log10e4: number | null;
  /** 50 % withdrawal threshold; not clamped to the ladder. */
  grams: number | null;
  bound: { relation: '<' | '>'; grams: number } | null;
}

/** The value of a threshold that is only a bound: the bound, a number that the laboratory sets, or nothing. */
export type Censoring =
  | { policy: 'bound' }
  | { policy: 'substitute'; floorGrams: string; ceilingGrams: string }
  | { policy: 'exclude' };

/** Closed, in log10(10,000 · grams); a point has equal ends, a bound one infinite end. */
export interface Interval {
  lower: number;
  upper: number;
}

/** The rules of derivation that a protocol asks for; undefined for those of the first version. */
export type Reading = 2 | undefined;

/** Two log forces nearer than this are one. */
const TOLERANCE = 1e-9;

/**
 * 50 % withdrawal threshold of an up-down run, scored from what was applied: Dixon's table where every step was one
 * filament in the rule's direction and the table has the run, the likelihood of the exact forces otherwise.
 * Under the second reading a run that is too short for a bound has no value.
 */
export function deriveThreshold(ladder: Ladder, touches: readonly Touch[], reading?: Reading): Threshold {
  const threshold = estimateThreshold(ladder, touches);
  const isShort = reading === 2 && isTooShort(ladder, touches);
  return isShort ? withoutEstimate('too-short', threshold.run) : threshold;
}

/**
 * Whether a run would be a bound and has too few responses for one: a bound takes equal responses, one filament a step,
 * ending at that end of the ladder, as many as from the start to it, at most four; or as many as the ladder says.
 */
export function isTooShort(ladder: Ladder, touches: readonly Touch[]): boolean {
  const scored = touches.filter(({ response }) => response !== '?');
  const [first] = scored;
  if (!first || scored.some(({ response }) => response !== first.response)) return false;
  const positions = scored.map(({ filament }) => indexOf(ladder, filament));
  const [end, step] = first.response === 'X' ? [0, -1] : [ladder.filaments.length - 1, 1];
  if (!positions.includes(end)) return false;
  const fromStart = Math.abs(end - indexOf(ladder, ladder.start)) + 1;
  return longestWalk(positions, end, step) < (ladder.boundAfter ?? Math.min(fromStart, BOUND_TOUCHES));
}

/** How many touches in a row, one filament a step in one direction, lead to a position at the most. */
function longestWalk(positions: readonly number[], end: number, step: number): number {
  let [longest, length] = [0, 0];
  positions.forEach((position, index) => {
    length = index > 0 && position - (positions[index - 1] ?? NaN) === step ? length + 1 : 1;
    if (position === end) longest = Math.max(longest, length);
  });
  return longest;
}

function estimateThreshold(ladder: Ladder, touches: readonly Touch[]): Threshold {
  const scored = touches
    .map(({ filament, response }) => ({ position: indexOf(ladder, filament), response }))
    .filter(({ response }) => response !== '?');
  const positions = scored.map(({ position }) => position);
  const run = scored.map(({ response }) => response).join('');
  if (run === '') return withoutEstimate('unsupported', run);
  if (!run.includes('O')) {
    return positions.includes(0)
      ? withoutEstimate('below-range', run, belowLadder(ladder))
      : withoutEstimate('incomplete', run);
  }
  if (!run.includes('X')) {
    return positions.includes(ladder.filaments.length - 1)
      ? withoutEstimate('above-range', run, aboveLadder(ladder))
      : withoutEstimate('incomplete', run);
  }
  const logs = positions.map((position) => logForce(filamentAt(ladder, position)));
  const estimate =
    (followsRule(positions, run) ? estimateByTable(ladder, run) : undefined) ?? estimateByForces(logs, run);
  return estimate === undefined
    ? withoutEstimate('unsupported', run)
    : locateThreshold(ladder, run, logs, estimate);
}

interface Estimate {
  method: ThresholdMethod;
  k: number;
  delta: number;
}

function estimateByTable(ladder: Ladder, run: string): Estimate | undefined {
  const k = dixonK(run);
  if (k !== undefined) return { method: 'dixon-table', k, delta: delta(ladder) };
  const grown = outgrowsTable(run) ? constantStepK(run) : undefined;
  return grown === undefined ? undefined : { method: 'mle-constant', k: grown, delta: delta(ladder) };
}

function estimateByForces(logs: readonly number[], run: string): Estimate | undefined {
  const log = exactLog(logs, run);
  const sigma = visitedStep(logs);
  const last = logs.at(-1);
  if (log === undefined || sigma === undefined || last === undefined) return undefined;
  return { method: 'mle-exact', k: (log - last) / sigma, delta: sigma };
}

function locateThreshold(
  ladder: Ladder,
  run: string,
  logs: readonly number[],
  estimate: Estimate,
): Threshold {
  const log10e4 = (logs.at(-1) ?? NaN) + estimate.k * estimate.delta;
  // Added members stand first, as in decide.ts.
  const found = { run, log10e4, grams: toGrams(log10e4), ...estimate };
  if (log10e4 < logForce(lightest(ladder)) - TOLERANCE) {
    return { status: 'outside-ladder', bound: belowLadder(ladder), ...found };
  }
  if (log10e4 > logForce(heaviest(ladder)) + TOLERANCE) {
    return { status: 'outside-ladder', bound: aboveLadder(ladder), ...found };
  }
  return { status: 'estimated', bound: null, ...found };
}

function withoutEstimate(status: ThresholdStatus, run: string, bound: Threshold['bound'] = null): Threshold {
  return { status, method: null, run, k: null, delta: null, log10e4: null, grams: null, bound };
}

/** Of a run under a protocol that has no ladder. */
export const WITHOUT_LADDER: Threshold = withoutEstimate('unsupported', '');

function belowLadder(ladder: Ladder): Threshold['bound'] {
  return { relation: '<', grams: force(lightest(ladder)) };
}

function aboveLadder(ladder: Ladder): Threshold['bound'] {
  return { relation: '>', grams: force(heaviest(ladder)) };
}

/** Every step one filament: lighter after X, heavier after O. */
function followsRule(positions: readonly number[], run: string): boolean {
  return positions
    .slice(1)
    .every((position, i) => position - (positions[i] ?? NaN) === (run[i] === 'X' ? -1 : 1));
}

/**
 * The interval that a verdict compares, in log10(10,000 · grams). A run outside the ladder counts as a bound, and the
 * censoring policy applies to it. Null where there is nothing to compare.
 */
export function logInterval(threshold: Threshold, censoring: Censoring): Interval | null {
  const { bound, log10e4 } = threshold;
  if (bound === null) return log10e4 === null ? null : { lower: log10e4, upper: log10e4 };
  const isFloor = bound.relation === '<';
  switch (censoring.policy) {
    case 'bound':
      return isFloor
        ? { lower: -Infinity, upper: toLog(bound.grams) }
        : { lower: toLog(bound.grams), upper: Infinity };
    case 'substitute': {
      const substitute = toLog(Number(isFloor ? censoring.floorGrams : censoring.ceilingGrams));
      return { lower: substitute, upper: substitute };
    }
    case 'exclude':
      return null;
  }
}
