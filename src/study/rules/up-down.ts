import { LadderError, filamentAt, indexOf, type Ladder } from './ladder.js';
import { deriveThreshold, isTooShort, type Threshold, type Touch } from './threshold.js';

/**
 * The up-down rule of Chaplan 1994 (J Neurosci Methods 53:55-63): lighter after a withdrawal, heavier after none; the
 * two responses at the first change are the first of six critical ones, so four more follow.
 */

/** Responses after the first, equal ones that complete a run. */
const CRITICAL_SECOND_PART = 5;

type NextReason =
  | 'start'
  | 'heavier'
  | 'lighter'
  | 'repeat-ambiguous'
  | 'six-critical-responses'
  /** The rule would step beyond the lightest or heaviest filament; before any change that is a bound. */
  | 'end-of-ladder';

export interface NextFilament {
  complete: boolean;
  /** Label of the filament to apply; null once the run is complete. */
  next: string | null;
  reason: NextReason;
  /** From the responses so far. */
  threshold: Threshold;
}

/** Irregular forms of a run; it is scored all the same. */
export type RunFlag =
  | 'ambiguous'
  /** The ladder ended before the six critical responses: fewer stimuli than the rule asks for. */
  | 'end-of-ladder'
  /** The same filament again though the response to it was clear. */
  | 'repeated-filament'
  /** Moved more than one filament. */
  | 'skipped-step'
  | 'stopped-early'
  /** Stimuli after the rule had completed the run. */
  | 'stopped-late'
  /** Equal responses up to an end of the ladder, and too few of them for a bound. */
  | 'too-short'
  /** Moved against the rule, or moved on from an ambiguous touch instead of repeating it. */
  | 'wrong-direction'
  | 'wrong-start';

/** The filament to apply next. A complete run stays complete, whatever is applied afterwards. */
export function nextFilament(ladder: Ladder, touches: readonly Touch[]): NextFilament {
  const threshold = deriveThreshold(ladder, touches);
  const ending = completion(ladder, touches);
  if (ending !== undefined) return { complete: true, next: null, reason: ending.reason, threshold };
  const last = touches.at(-1);
  if (last === undefined) return { complete: false, next: ladder.start, reason: 'start', threshold };
  const next = filamentAt(ladder, indexOf(ladder, last.filament) + prescribedMove(last)).label;
  return { complete: false, next, reason: reasonAfter(last), threshold };
}

/** Sorted codes of how a run departs from the rule; empty for one that followed it to its full number of trials. */
export function runFlags(ladder: Ladder, touches: readonly Touch[]): RunFlag[] {
  const flags = new Set<RunFlag>();
  const [first] = touches;
  if (first !== undefined && first.filament !== ladder.start) flags.add('wrong-start');
  if (touches.some((touch) => touch.response === '?')) flags.add('ambiguous');
  const ending = completion(ladder, touches);
  if (ending === undefined) flags.add('stopped-early');
  else if (ending.touches < touches.length) flags.add('stopped-late');
  else if (ending.reason === 'end-of-ladder' && ending.changed) flags.add('end-of-ladder');
  if (isTooShort(ladder, touches)) flags.add('too-short');
  touches.slice(1).forEach((touch, i) => {
    const before = touches[i] ?? touch;
    const move = indexOf(ladder, touch.filament) - indexOf(ladder, before.filament);
    for (const flag of moveFlags(move, prescribedMove(before))) flags.add(flag);
  });
  return [...flags].sort();
}

/**
 * The touches of a run that was noted as its responses, O and X, and its last filament. Holds where the up-down rule was
 * followed.
 */
export function filamentsFromLast(ladder: Ladder, run: string, last: string): Touch[] {
  if (!/^[OX]+$/.test(run)) {
    throw new LadderError(
      'run-invalid',
      `run "${run}" must be one or more of O (no withdrawal) and X (withdrawal)`,
    );
  }
  let position = indexOf(ladder, last);
  const touches: Touch[] = [];
  for (const response of Array.from(run).reverse() as ('O' | 'X')[]) {
    if (touches.length > 0) position -= prescribedMove({ response });
    const filament = ladder.filaments[position]?.label;
    if (filament === undefined) {
      throw new LadderError(
        'run-leaves-ladder',
        `run ${run} ending at ${last} leaves ladder ${ladder.id} at response ${run.length - touches.length}; ` +
          'check the responses and the last filament, or give the filament of every touch',
      );
    }
    touches.unshift({ filament, response });
  }
  return touches;
}

/** Filaments to move after a touch, heavier counted positive. */
function prescribedMove({ response }: Pick<Touch, 'response'>): -1 | 0 | 1 {
  switch (response) {
    case 'X':
      return -1;
    case 'O':
      return 1;
    case '?':
      return 0;
  }
}

function reasonAfter({ response }: Touch): NextReason {
  switch (response) {
    case 'X':
      return 'lighter';
    case 'O':
      return 'heavier';
    case '?':
      return 'repeat-ambiguous';
  }
}

function moveFlags(move: number, prescribed: number): RunFlag[] {
  if (move === prescribed) return [];
  if (move === 0) return ['repeated-filament'];
  const flags: RunFlag[] = [];
  if (Math.sign(move) !== prescribed) flags.push('wrong-direction');
  if (Math.abs(move) > 1) flags.push('skipped-step');
  return flags;
}

/** After how many touches the rule first completed the run, and why. */
function completion(
  ladder: Ladder,
  touches: readonly Touch[],
): { touches: number; reason: 'six-critical-responses' | 'end-of-ladder'; changed: boolean } | undefined {
  let run = '';
  for (const [i, touch] of touches.entries()) {
    if (touch.response === '?') continue;
    run += touch.response;
    const changed = secondPart(run).length > 0;
    if (secondPart(run).length >= CRITICAL_SECOND_PART) {
      return { touches: i + 1, reason: 'six-critical-responses', changed };
    }
    const beyond = indexOf(ladder, touch.filament) + prescribedMove(touch);
    if (beyond < 0 || beyond >= ladder.filaments.length) {
      return { touches: i + 1, reason: 'end-of-ladder', changed };
    }
  }
  return undefined;
}

/** What follows the first, equal responses. */
function secondPart(run: string): string {
  return run.replace(/^(O+|X+)/, '');
}
