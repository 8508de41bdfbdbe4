import { countPassing } from '../bisect.js';
import { localDay, utcInstant } from '../instant.js';
import type { Protocol } from '../protocol.js';
import type { Fact } from '../study.js';
import type { Course } from './course.js';
import { isSurgery, type Use } from './animal-use.js';

const DAY_MS = 86_400_000;

/** One check of the monitoring plan, as far as its time has come: how often it was due, and where it is missing. */
export interface Check {
  readonly id: string;
  readonly check: 'welfare-score' | 'body-weight';
  readonly due: number;
  readonly done: number;
  /** Days, as the laboratory's calendar has them, in which one was due and none was made. */
  readonly missed: readonly { readonly from: string; readonly to: string }[];
}

/**
 * Monitoring due against monitoring done. A rule counts whole spans of its days, from the day after enrolment (or after
 * an operation) to the day before the end; a span without a check is missed. The calendar day is the one in the record's
 * own time, so a late entry counts for the day it speaks of.
 */
export function monitoringOf(course: Course, { end, version }: Use, nowMs: number): Check[] {
  const rules = version?.protocol.welfare.monitoring ?? [];
  const enrolled = course.of('SubjectEnrolled')[0];
  if (rules.length === 0 || !enrolled) return [];
  const until = localDay(end?.time ?? utcInstant(nowMs));
  const surgeries = course.facts.filter(isSurgery).map(({ time }) => localDay(time));
  const days = {
    'welfare-score': daysOf(course.of('WelfareScored')),
    'body-weight': daysOf(course.of('BodyWeightRecorded')),
  };
  return rules.map(({ id, check, everyDays, afterSurgeryDays }) => {
    const { due, missed } =
      afterSurgeryDays === undefined
        ? missedAlways(localDay(enrolled.time) + 1, until, everyDays, days[check])
        : missedAfter(surgeries, until, everyDays, afterSurgeryDays, days[check]);
    const count = missed.reduce((sum, { spans }) => sum + spans, 0);
    const dates = missed.map(({ from, spans }) => ({
      from: dateOf(from),
      to: dateOf(from + spans * everyDays - 1),
    }));
    return { id, check, due, done: due - count, missed: dates };
  });
}

/** Consecutive spans without a check, as one stretch: a study may be left open for years. */
interface Stretch {
  readonly from: number;
  readonly spans: number;
}

interface Missed {
  readonly due: number;
  readonly missed: readonly Stretch[];
}

function missedAlways(from: number, until: number, everyDays: number, days: readonly number[]): Missed {
  const due = Math.max(0, Math.floor((until - from) / everyDays));
  const seen = new Set<number>();
  for (const day of days) {
    const span = Math.floor((day - from) / everyDays);
    if (span >= 0 && span < due) seen.add(span);
  }
  const missed: Stretch[] = [];
  let next = 0;
  for (const span of [...[...seen].sort((a, b) => a - b), due]) {
    if (span > next) missed.push({ from: from + next * everyDays, spans: span - next });
    next = span + 1;
  }
  return { due, missed };
}

function missedAfter(
  surgeries: readonly number[],
  until: number,
  everyDays: number,
  through: number,
  days: readonly number[],
): Missed {
  const starts = startsAfter(surgeries, until, everyDays, through);
  const sorted = days.toSorted((a, b) => a - b);
  const missed = starts
    .filter(
      (start) => !((sorted[countPassing(sorted, (day) => day < start)] ?? Infinity) < start + everyDays),
    )
    .map((from) => ({ from, spans: 1 }));
  return { due: starts.length, missed };
}

/** The first days of the spans that end before a day. */
function startsAfter(
  surgeries: readonly number[],
  until: number,
  everyDays: number,
  through: number,
): number[] {
  const starts = new Set<number>();
  for (const surgery of surgeries) {
    const last = Math.min(until - 1, surgery + through);
    for (let day = surgery + 1; day + everyDays - 1 <= last; day += everyDays) starts.add(day);
  }
  return [...starts].sort((a, b) => a - b);
}

/** The span in which a check of the monitoring plan is due next, in days of the calendar. */
export interface NextCheck {
  readonly rule: Rule;
  readonly first: number;
  readonly last: number;
  /** The last day of the plan: of a check after an operation, where no span follows. */
  readonly end: number;
  /** The check before; undefined where none was made. */
  readonly before: Fact | undefined;
}

type Rule = NonNullable<Protocol['welfare']['monitoring']>[number];

/**
 * For each rule the first span after the last check. Those before it that nobody checked are missed: a check today does
 * not make up for them.
 */
export function nextChecksOf(course: Course, { end, version }: Use): NextCheck[] {
  const enrolled = course.of('SubjectEnrolled')[0];
  if (!enrolled || end) return [];
  const surgeries = course.facts.filter(isSurgery).map(({ time }) => localDay(time));
  return (version?.protocol.welfare.monitoring ?? []).flatMap((rule): NextCheck[] => {
    const { check, everyDays, afterSurgeryDays } = rule;
    const before = course.of(check === 'body-weight' ? 'BodyWeightRecorded' : 'WelfareScored').at(-1);
    const checked = before ? localDay(before.time) : -Infinity;
    const through = (first: number): number => first + everyDays - 1;
    if (afterSurgeryDays === undefined) {
      const from = localDay(enrolled.time) + 1;
      const first = checked < from ? from : from + (Math.floor((checked - from) / everyDays) + 1) * everyDays;
      return [{ rule, first, last: through(first), end: Infinity, before }];
    }
    const starts = startsAfter(surgeries, Infinity, everyDays, afterSurgeryDays);
    const first = starts.find((start) => start > checked);
    return first === undefined
      ? []
      : [{ rule, first, last: through(first), end: through(starts.at(-1)!), before }];
  });
}

function daysOf(facts: readonly Fact[]): number[] {
  return facts.map(({ time }) => localDay(time));
}

function dateOf(day: number): string {
  return utcInstant(day * DAY_MS).slice(0, 10);
}
