import { instantMs } from '../study/instant.js';
import { Refusal, refuse } from '../study/refusal.js';
import { View } from '../study/projections/projection.js';
import { studyAt, type Study } from '../study/study.js';

/** The two coordinates of a read, as text from a query or a command line. */
export interface AsOf {
  /** What was known then: a tree size, or a recorded time, which resolves to one. The latest size if left out. */
  readonly at?: string | undefined;
  /** What had happened by then, with all corrections known at `at`. */
  readonly until?: string | undefined;
}

const TREE_SIZE = /^(0|[1-9][0-9]{0,15})$/;

/** The study at these coordinates, for one animal if `subject` is given. */
export function viewAsOf(study: Study, { at, until }: AsOf, subject?: string): View | Refusal {
  const size = treeSizeAt(study, at);
  if (size instanceof Refusal) return size;
  const untilMs = until === undefined ? Infinity : instantMs(until);
  if (untilMs === undefined) return untilInvalid();
  return new View(studyAt(study, size), untilMs, subject);
}

/** Refuses coordinates that no study can have, whatever its size. */
export function checkAsOf({ at, until }: AsOf): Refusal | undefined {
  if (at !== undefined && !TREE_SIZE.test(at) && instantMs(at) === undefined) return atInvalid();
  if (until !== undefined && instantMs(until) === undefined) return untilInvalid();
  return undefined;
}

function atInvalid(): Refusal {
  const message = 'at must be a tree size, or an instant with its offset, such as 2026-03-02T09:15:00+01:00.';
  return refuse('at-invalid', message, 'at');
}

function untilInvalid(): Refusal {
  const message = 'until must be an instant with its offset, such as 2026-03-02T09:15:00+01:00.';
  return refuse('until-invalid', message, 'until');
}

export function treeSizeAt(study: Study, at: string | undefined): number | Refusal {
  if (at === undefined) return study.size;
  if (TREE_SIZE.test(at)) {
    const size = Number(at);
    if (size <= study.size) return size;
    return refuse(
      'at-beyond-head',
      `There is no tree size ${at}: ${study.code} holds ${study.size} records.`,
      'at',
    );
  }
  const ms = instantMs(at);
  if (ms === undefined) return atInvalid();
  return countRecordedBy(study, ms);
}

/** How many records were recorded by an instant. Binary search, since recorded times never decrease. */
function countRecordedBy(study: Study, ms: number): number {
  let [low, high] = [0, study.size];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const recorded = instantMs(study.records.at(middle)?.record.recordedtime ?? '') ?? 0;
    if (recorded <= ms) low = middle + 1;
    else high = middle;
  }
  return low;
}
