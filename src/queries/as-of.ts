import type { Lab } from '../lab/lab.js';
import type { Moment } from '../lab/people/standing.js';
import { endOf } from '../lab/people/study-people.js';
import type { Engine } from '../recording/engine.js';
import { counted } from '../shared/counted.js';
import { instantMs } from '../study/instant.js';
import { Refusal, refuse } from '../study/refusal.js';
import { takeInTurns } from './in-turns.js';
import { View, type WorkingHours } from '../study/projections/projection.js';
import { studyInSteps, type Study } from '../study/study.js';

/** The two coordinates of a read, as text from a query or a command line. */
export interface AsOf {
  /** What was known then: a tree size, or a recorded time, which resolves to one. The latest size if left out. */
  readonly at?: string | undefined;
  /** What had happened by then, with all corrections known at `at`. */
  readonly until?: string | undefined;
}

const TREE_SIZE = /^(0|[1-9][0-9]{0,15})$/;

export interface ViewOptions {
  readonly subject?: string | undefined;
  readonly hoursOf?: (study: Study) => WorkingHours;
}

/** The study at these coordinates, for one animal if `subject` is given. */
export async function viewAsOf(
  study: Study,
  { at, until }: AsOf,
  { subject, hoursOf }: ViewOptions = {},
): Promise<View | Refusal> {
  const size = treeSizeAt(study, at);
  if (size instanceof Refusal) return size;
  const untilMs = until === undefined ? Infinity : instantMs(until);
  if (untilMs === undefined) return untilInvalid();
  const then = await takeInTurns(studyInSteps(study, size));
  return new View(then, untilMs, subject, hoursOf?.(then));
}

/**
 * How much of the lab counts for an answer: all of it for the present one, and for a state of the past what there was when
 * its last record was made, so that this answer never changes.
 */
export function momentOf(engine: Engine, lab: Lab, { study }: View, { at }: AsOf): Moment {
  return at === undefined ? { labSize: lab.size, atMs: engine.clock() } : endOf(study);
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
      `There is no tree size ${at}: ${study.code} holds ${counted(study.size, 'record')}.`,
      'at',
    );
  }
  const ms = instantMs(at);
  if (ms === undefined) return atInvalid();
  // Recorded times never decrease.
  return study.records.firstIndex(({ record }) => (instantMs(record.recordedtime) ?? 0) > ms);
}
