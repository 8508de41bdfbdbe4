import { counted } from '../../shared/counted.js';
import {
  LADDER_PRESETS,
  LadderError,
  hasHandlesAsGrams,
  ladderFromGrams,
  type Ladder,
} from '../../study/rules/ladder.js';
import { deriveThreshold, type Threshold, type Touch } from '../../study/rules/threshold.js';
import { filamentsFromLast, nextFilament, runFlags } from '../../study/rules/up-down.js';
import { Failure } from '../output/failure.js';

export interface CalculatorOptions {
  readonly ladder?: string;
  readonly ladderGrams?: string;
  readonly start?: string;
  readonly step?: string;
  readonly run: string;
  readonly last?: string;
  readonly next?: boolean;
  readonly json?: boolean;
}

/** Computes the threshold of one run, or the next filament. */
export function threshold(options: CalculatorOptions): string | string[] {
  try {
    const ladder = ladderOf(options);
    const touches = touchesOf(ladder, options);
    return options.next ? nextOf(ladder, touches, options.json) : thresholdOf(ladder, touches, options.json);
  } catch (error) {
    if (error instanceof LadderError) throw Failure.usage(sentence(error.message), '', error.code);
    throw error;
  }
}

function ladderOf({ ladder, ladderGrams, start, step }: CalculatorOptions): Ladder {
  if (step !== undefined && !(Number(step) > 0))
    throw Failure.usage(
      `--step ${step} is not a step in log10 units above 0.`,
      'Give one such as --step 0.224.',
    );
  if (ladderGrams !== undefined)
    return ladderFromGrams(
      ladderGrams.split(',').map((grams) => grams.trim()),
      start,
      step,
    );
  const presets: Record<string, Ladder> = LADDER_PRESETS;
  const preset = ladder !== undefined && Object.hasOwn(presets, ladder) ? presets[ladder] : undefined;
  if (!preset) {
    throw Failure.usage(
      ladder === undefined ? 'No ladder is given.' : `There is no ladder ${ladder}.`,
      `Give --ladder ${Object.keys(presets).join('|')}, or your own with --ladder-grams 0.4,0.6,1,…`,
      'ladder-unknown',
    );
  }
  return {
    ...preset,
    ...(start !== undefined && { start }),
    ...(step !== undefined && { fixedDelta: step }),
  };
}

/** With `--last` the filaments follow from the up-down rule; without it the run began at the ladder's start. */
function touchesOf(ladder: Ladder, { run, last }: CalculatorOptions): Touch[] {
  const responses = run.toUpperCase();
  if (responses === '') return [];
  if (!/^[OX]+$/.test(responses))
    throw Failure.usage(
      `The run “${run}” has letters other than O and X.`,
      'Write O for no withdrawal and X for withdrawal.',
      'run-invalid',
    );
  if (last !== undefined) return filamentsFromLast(ladder, responses, last);
  const touches: Touch[] = [];
  for (const response of responses as Iterable<'O' | 'X'>) {
    const { next } = nextFilament(ladder, touches);
    if (next === null)
      throw Failure.usage(
        `The run is complete after ${counted(touches.length, 'touch', 'touches')}.`,
        'Give --last, the last filament applied.',
        'run-complete',
      );
    touches.push({ filament: next, response });
  }
  return touches;
}

const HANDLES =
  'These forces are the numbers on the handles of filaments (log10 of 10,000 · g), not grams: give the grams.';

function thresholdOf(ladder: Ladder, touches: readonly Touch[], json = false): string | string[] {
  if (touches.length === 0)
    throw Failure.usage('No run is given.', 'Give one such as --run OXXOXO --last 1.', 'run-invalid');
  const threshold = deriveThreshold(ladder, touches);
  const { status, method, k, delta, log10e4, grams, bound } = threshold;
  const flags = runFlags(ladder, touches);
  const warnings = hasHandlesAsGrams(ladder) ? [HANDLES] : [];
  if (json)
    return JSON.stringify({
      status,
      method,
      k,
      delta,
      log10e4,
      grams,
      bound,
      run: threshold.run,
      flags,
      ...(warnings.length > 0 && { warnings }),
    });
  return [
    ...warnings.map((warning) => `WARNING    ${warning}`),
    `run        ${touches.map(({ filament, response }) => `${filament}${response}`).join(' ')}   (ladder ${ladder.id})`,
    `threshold  ${grams === null ? 'no number' : `${grams.toPrecision(5)} g`}${boundText(threshold)}`,
    `status     ${status}`,
    ...(method === null
      ? []
      : [
          `method     ${method}, k = ${k?.toFixed(4)}, step = ${delta?.toFixed(6)}, log10(10,000 g) = ${log10e4?.toFixed(4)}`,
        ]),
    `form       ${flags.length === 0 ? 'as the rule requires' : flags.join(', ')}`,
  ];
}

function nextOf(ladder: Ladder, touches: readonly Touch[], json = false): string | string[] {
  const { complete, next, reason, threshold } = nextFilament(ladder, touches);
  if (json) return JSON.stringify({ complete, next, reason, threshold });
  const soFar =
    threshold.grams === null
      ? boundText(threshold).trim() || 'none yet'
      : `${threshold.grams.toPrecision(5)} g`;
  return [
    complete ? `The run is complete (${reason}).` : `Next filament: ${next}  (${reason})`,
    `Estimate so far: ${soFar}`,
  ];
}

function boundText({ bound }: Threshold): string {
  return bound ? `  ${bound.relation} ${bound.grams.toPrecision(4)} g` : '';
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1) + (text.endsWith('.') ? '' : '.');
}
