import { groupedBy } from '../../study/grouped-by.js';
import { LadderError, type Ladder } from '../../study/rules/ladder.js';
import { deriveThreshold, type Touch } from '../../study/rules/threshold.js';
import { ImportError } from '../import-error.js';

/** Touches that could not be told put back in: each was made with the filament that was then taken again. */
export function repeated(run: readonly Touch['response'][], clear: readonly Touch[]): Touch[] {
  let next = 0;
  return run.map((response) => {
    const touch = clear[Math.min(next, clear.length - 1)] as Touch;
    if (response !== '?') next++;
    return { filament: touch.filament, response };
  });
}

/** The touches that the rule leads to from the ladder’s start. */
export function walked(ladder: Ladder, run: string): Touch[] {
  let position = ladder.filaments.findIndex(({ label }) => label === ladder.start);
  return Array.from(run, (response) => {
    const filament = ladder.filaments[position]?.label;
    if (filament === undefined)
      throw new LadderError(
        'run-leaves-ladder',
        `run ${run} leaves ladder ${ladder.id} from its start as well as from its last filament`,
      );
    position += response === 'X' ? -1 : 1;
    return { filament, response: response as 'O' | 'X' };
  });
}

/** Responses filament by filament in the order that the rule dictates; there is one start from which it uses them all. */
export function inOrder(ladder: Ladder, touches: readonly Touch[]): Touch[] {
  const starts = [
    ladder.start,
    ...ladder.filaments.map(({ label }) => label).filter((label) => label !== ladder.start),
  ];
  const runs = starts.map((start) => followed(ladder, touches, start));
  const [usual, ...others] = runs;
  if (usual) return usual;
  const possible = others.filter((run) => run !== undefined);
  if (possible.length === 1 && possible[0]) return possible[0];
  throw notUpDown(
    'These responses follow from no one run by the up-down rule. Number the touches, as in “1O 3O”.',
  );
}

function followed(ladder: Ladder, touches: readonly Touch[], start: string): Touch[] | undefined {
  const waiting = groupedBy(touches, ({ filament }) => filament);
  let position = ladder.filaments.findIndex(({ label }) => label === start);
  const run: Touch[] = [];
  while (run.length < touches.length) {
    const next = waiting.get(ladder.filaments[position]?.label ?? '')?.shift();
    if (!next) return undefined;
    run.push(next);
    position += prescribed(next.response);
  }
  return run;
}

/**
 * What a sheet of thresholds found by hand, or of filaments applied five times each, looks like. A run that somebody
 * broke off, or began elsewhere, is one all the same.
 */
export function mustBeUpDown(ladder: Ladder, touches: readonly Touch[]): void {
  const places = touches.map(({ filament }) => ladder.filaments.findIndex(({ label }) => label === filament));
  if (tellsNothing(ladder, touches, places)) {
    throw notUpDown(
      'The response never changes, and no end of the ladder is reached: nothing follows from it. Set "irregular": "flag" to take it all the same.',
    );
  }
  let against = 0;
  for (let index = 1; index < touches.length; index++) {
    const move = (places[index] ?? 0) - (places[index - 1] ?? 0);
    if (move !== prescribed((touches[index - 1] as Touch).response)) against++;
  }
  if (against * 2 > touches.length - 1) {
    throw notUpDown(
      'Most touches do not follow the up-down rule: lighter after a withdrawal, heavier after none. Set "irregular": "flag" to take it all the same.',
    );
  }
}

/** Neither a number nor a bound can be computed from it. */
function tellsNothing(ladder: Ladder, touches: readonly Touch[], places: readonly number[]): boolean {
  const isMixed =
    touches.some(({ response }) => response === 'X') && touches.some(({ response }) => response === 'O');
  if (isMixed && new Set(places).size > 1) return false;
  const { status } = deriveThreshold(ladder, touches);
  return status === 'incomplete' || status === 'unsupported';
}

function prescribed(response: Touch['response']): number {
  return response === 'X' ? -1 : response === 'O' ? 1 : 0;
}

export function notUpDown(message: string): ImportError {
  return new ImportError('not-an-up-down-run', message);
}
