import fc from 'fast-check';
import { LADDER_PRESETS, type Ladder } from '../../../src/study/rules/ladder.js';
import type { Touch } from '../../../src/study/rules/threshold.js';
import { nextFilament } from '../../../src/study/rules/up-down.js';

/** Runs for the tests, written as a technician writes them: responses, and the filaments beside them. */

export function preset(id: string): Ladder {
  const ladder = LADDER_PRESETS[id];
  if (ladder === undefined) throw new Error(`no preset ${id}`);
  return ladder;
}

export const PRESETS = Object.keys(LADDER_PRESETS).map(preset);

export function touchesOf(run: string, filaments: string): Touch[] {
  const labels = filaments.split(' ');
  return Array.from(run).map((response, i) => ({
    filament: labels[i] ?? '',
    response: response as Touch['response'],
  }));
}

const anyLadder = fc.constantFrom(...PRESETS);

/** A ladder and touches in it that follow no rule at all. */
export const anyTouches = anyLadder.chain((ladder) =>
  fc.tuple(
    fc.constant(ladder),
    fc.array(
      fc.record({
        filament: fc.constantFrom(...ladder.filaments.map(({ label }) => label)),
        response: fc.constantFrom<Touch['response']>('O', 'X', '?'),
      }),
      { maxLength: 14 },
    ),
  ),
);

/** A ladder and a run applied filament by filament as the rule says, to completion. */
export const ruledRun = fc
  .tuple(anyLadder, fc.infiniteStream(fc.constantFrom<Touch['response']>('O', 'X', '?', 'O', 'X')))
  .map(([ladder, responses]): [Ladder, Touch[]] => [ladder, follow(ladder, responses)]);

export function follow(ladder: Ladder, responses: Iterable<Touch['response']>): Touch[] {
  const touches: Touch[] = [];
  for (const response of responses) {
    const { next } = nextFilament(ladder, touches);
    if (next === null) break;
    touches.push({ filament: next, response });
  }
  return touches;
}

/** All mixed runs of a table: one to four first responses, and any second part of one to five, either way up. */
export function tabulatedRuns(): string[] {
  const runs: string[] = [];
  for (const [first, other] of [
    ['O', 'X'],
    ['X', 'O'],
  ]) {
    for (let length = 0; length <= 4; length++) {
      for (let bits = 0; bits < 2 ** length; bits++) {
        const rest = bits
          .toString(2)
          .padStart(length, '0')
          .slice(length === 0 ? 1 : 0);
        const second = other + rest.replace(/0/g, 'O').replace(/1/g, 'X');
        for (let m = 1; m <= 4; m++) runs.push((first ?? '').repeat(m) + second);
      }
    }
  }
  return runs;
}
