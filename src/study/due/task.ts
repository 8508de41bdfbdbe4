import { dayBegins, instantMs, localDay, localInstant, utcOffsetMs } from '../instant.js';
import type { Fact } from '../study.js';

export type TaskKind =
  | 'baseline'
  | 'induction'
  | 'test'
  | 'electrode'
  | 'motor-threshold'
  | 'reference'
  | 'stimulation'
  | 'reading'
  | 'side-effects'
  | 'catheter'
  | 'dose'
  | 'designation'
  | 'check'
  | 'endpoint'
  | 'severity';

/** Something that an animal waits for: by the protocol, or before something that the protocol asks for. Times are instants. */
export interface Task {
  readonly animal: string;
  readonly kind: TaskKind;
  /** In words: “Reading at 30 min”. */
  readonly what: string;
  /** The command that records it, and as much of its data as is known before. */
  readonly command: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** It can be begun from then on. */
  readonly from: string;
  /** When it is due; null where the protocol sets no time. */
  readonly due: string | null;
  /** After it the protocol is not kept; null where it sets no end. */
  readonly overdueAfter: string | null;
  /** From then on nothing is asked for: a reading of another day cannot be made up for. */
  readonly until: string | null;
  /** Whether the times are the beginnings and ends of days. */
  readonly wholeDay: boolean;
  /** The clause of the protocol. */
  readonly why: string;
  /** Records that it rests on. */
  readonly records: readonly number[];
}

/** Times of a task, ms. */
export interface Times {
  readonly from: number;
  readonly due?: number | undefined;
  readonly overdueAfter?: number | undefined;
  readonly until?: number | undefined;
  readonly wholeDay?: boolean;
}

type Said = Pick<Task, 'kind' | 'what' | 'command' | 'why'> & Partial<Pick<Task, 'data' | 'records'>>;

/** @param basis what the times are counted from: they are written with its offset from UTC. */
export function taskOf(animal: string, basis: Pick<Fact, 'time' | 'holder'>, said: Said, times: Times): Task {
  const offset = utcOffsetMs(basis.time) / 60_000;
  const instant = (ms: number | undefined): string | null =>
    ms === undefined || !Number.isFinite(ms) ? null : localInstant(ms, offset);
  return {
    animal,
    data: {},
    records: [basis.holder],
    ...said,
    from: localInstant(times.from, offset),
    due: instant(times.due),
    overdueAfter: instant(times.overdueAfter),
    until: instant(times.until),
    wholeDay: times.wholeDay ?? false,
  };
}

/** The first instant of a calendar day, on the clock of the fact. */
export function beginOfDay({ time }: Fact, day: number): number {
  return dayBegins(day, utcOffsetMs(time));
}

/** The first instant after the calendar day of the fact. */
export function endOfItsDay(fact: Fact): number {
  return beginOfDay(fact, localDay(fact.time) + 1);
}

/**
 * How a task stands at an instant: `open` where it can be done and no time is set, `later` before its time, `past` where it
 * is no longer asked for.
 */
export type Standing = 'overdue' | 'due' | 'open' | 'later' | 'past';

type Timed = Pick<Task, 'from' | 'due' | 'overdueAfter' | 'until'>;

export function standingAt({ from, due, overdueAfter, until }: Timed, nowMs: number): Standing {
  if (until !== null && nowMs >= (instantMs(until) ?? NaN)) return 'past';
  if (nowMs < (instantMs(from) ?? NaN)) return 'later';
  if (overdueAfter !== null && nowMs > (instantMs(overdueAfter) ?? NaN)) return 'overdue';
  return due === null ? 'open' : 'due';
}
