import { DAY, instantMs, localInstant } from '../../study/instant.js';
import { standingAt, type Standing, type Task } from '../../study/due/task.js';

/** A task with its times on the clock of the facility, as it stands now. */
export interface DueTask {
  readonly task: Task;
  readonly standing: Standing;
  /** When it is due, or can be begun where no time is set. */
  readonly at: string;
  readonly atMs: number;
}

/** Tasks that are one thing for several animals: the same check, the same step. */
export interface DueGroup {
  readonly what: string;
  readonly why: string;
  /** The day on which they were due, where that is not today. */
  readonly since: string | undefined;
  readonly tasks: readonly DueTask[];
}

/** What a person at the bench sees of what is due. */
export interface DueNow {
  readonly standing: Shown;
  /** Due to the minute, in order of their times. */
  readonly timed: readonly DueTask[];
  readonly groups: readonly DueGroup[];
}

export type Shown = Exclude<Standing, 'past'>;
const SHOWN: readonly Shown[] = ['overdue', 'due', 'later', 'open'];

export interface Clock {
  readonly nowMs: number;
  /** Of the facility’s time zone from UTC. */
  readonly offsetMinutes: number;
}

/** Overdue first, then what is due, what comes later today, and what can be done where no time is set. */
export function dueNow(tasks: readonly Task[], clock: Clock): DueNow[] {
  const endOfToday = (dayOf(clock.nowMs, clock) + 1) * DAY - clock.offsetMinutes * 60_000;
  const placed = tasks
    .map((task) => place(task, clock))
    .filter(({ standing, atMs }) => standing !== 'later' || atMs < endOfToday);
  return SHOWN.map((standing) => {
    const these = placed.filter((one) => one.standing === standing);
    return {
      standing,
      timed: these.filter(isTimed),
      groups: grouped(
        these.filter((one) => !isTimed(one)),
        clock,
      ),
    };
  });
}

export function place(task: Task, { nowMs, offsetMinutes }: Clock): DueTask {
  const atMs = instantMs(task.due ?? task.from) ?? 0;
  const at = localInstant(atMs, offsetMinutes);
  return { task, standing: standingAt(task, nowMs), at, atMs };
}

/** When the first of the tasks stands otherwise than now, ms; undefined where none will. */
export function nextChange(tasks: readonly Task[], nowMs: number): number | undefined {
  const times = tasks
    .flatMap(({ from, overdueAfter, until }) => [from, overdueAfter, until])
    .flatMap((instant) => (instant === null ? [] : (instantMs(instant) ?? [])))
    .filter((ms) => ms > nowMs);
  // An overdue task is so after its last instant.
  return times.length === 0 ? undefined : Math.min(...times) + 1;
}

/** Whether a task waits for its minute; the others of a day can be done in any order. */
function isTimed({ task }: DueTask): boolean {
  return task.overdueAfter !== null && !task.wholeDay && task.kind !== 'endpoint';
}

function grouped(tasks: readonly DueTask[], clock: Clock): DueGroup[] {
  const today = localInstant(clock.nowMs, clock.offsetMinutes).slice(0, 10);
  const groups = new Map<string, DueGroup & { tasks: DueTask[] }>();
  for (const one of tasks) {
    const { task, at, standing } = one;
    const day = (task.wholeDay ? (task.due ?? task.from) : at).slice(0, 10);
    const since = standing === 'open' || day === today ? undefined : task.wholeDay ? task.due! : at;
    const key = JSON.stringify([task.what, task.why, since?.slice(0, 10)]);
    const group = groups.get(key);
    if (group) group.tasks.push(one);
    else groups.set(key, { what: task.what, why: task.why, since, tasks: [one] });
  }
  return [...groups.values()];
}

function dayOf(ms: number, { offsetMinutes }: Clock): number {
  return Math.floor((ms + offsetMinutes * 60_000) / DAY);
}
