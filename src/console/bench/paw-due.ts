import { minutesBetween } from '../../study/instant.js';
import { factsOf, type Fact } from '../../study/study.js';
import type { Paw } from './run.js';
import { OTHER_PAW } from './run-words.js';

/** Both paws are measured one after the other: runs that lie further apart are of two occasions. */
const ONE_OCCASION_MINUTES = 120;

/** What runs of one occasion have in common. */
export interface RunPlace {
  readonly session?: number | undefined;
  readonly minute?: number | undefined;
}

/** Runs of one occasion, at most one of each paw. */
type Occasion = readonly Fact<'ThresholdRecorded'>[];

/** The occasions at which an animal was measured at a place, in their order. A paw that is measured again begins a new one. */
function occasionsOf(history: readonly Fact[], { session, minute }: RunPlace): Occasion[] {
  const occasions: Occasion[] = [];
  for (const run of factsOf(history, 'ThresholdRecorded')) {
    if (run.data.session !== session || run.data.minute !== minute) continue;
    const last = occasions.at(-1)?.at(-1);
    const goesOn =
      last !== undefined &&
      minutesBetween(last.at, run.at) <= ONE_OCCASION_MINUTES &&
      occasions.at(-1)!.every(({ data }) => data.paw !== run.data.paw);
    if (goesOn) occasions.push([...occasions.pop()!, run]);
    else occasions.push([run]);
  }
  return occasions;
}

/** The paw that has no run of the occasion of a run; undefined where both have one. */
export function pawMissing(history: readonly Fact[], run: Fact<'ThresholdRecorded'>): Paw | undefined {
  const occasion = occasionsOf(history, run.data).find((runs) => runs.includes(run));
  return occasion?.length === 2 ? undefined : OTHER_PAW[run.data.paw];
}

/** Whether the other paw can no longer be measured at the occasion of a run. */
export function isOver(run: Fact<'ThresholdRecorded'>, nowMs: number): boolean {
  return minutesBetween(run.at, nowMs) > ONE_OCCASION_MINUTES;
}

/** The paw that is measured next: the one that is missing of an occasion that has just begun, or else the ipsilateral one. */
export function pawDue(history: readonly Fact[], place: RunPlace, nowMs: number): Paw {
  const [first, second] = occasionsOf(history, place).at(-1) ?? [];
  return !first || second || isOver(first, nowMs) ? 'ipsilateral' : OTHER_PAW[first.data.paw];
}
