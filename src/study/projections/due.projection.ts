import { checkTasks, endpointTasks, severityTasks } from '../due/care.js';
import type { Charted } from '../due/charted.js';
import { modelTasks } from '../due/model.js';
import { readingTasks } from '../due/readings.js';
import { stimulationTasks } from '../due/stimulation.js';
import { standingAt, type Task } from '../due/task.js';
import { titrationTasks } from '../due/titration.js';
import { instantMs } from '../instant.js';
import { chartOf } from '../rules/chart.js';
import type { Steps } from '../steps.js';
import { openActs, type OpenAct } from '../signatures/open-acts.js';
import { closureOf, isGoverned, type Fact, type Protocols, type Subject } from '../study.js';
import { useOf } from '../welfare/animal-use.js';
import { Course } from '../welfare/course.js';
import { defineProjection, type View } from './projection.js';

/**
 * What each animal waits for, and in a study whose acts are signed, what waits for whom. It knows no clock: whoever asks compares the times with
 * theirs (`standingAt`).
 */
export const due = defineProjection(
  'due',
  'What each animal waits for by the protocol: readings, doses, checks, decisions; from when, due when, overdue when, and why',
  function* (view): Steps<{ tasks: Task[]; acts?: OpenAct[] }> {
    const tasks: Task[] = [];
    // Nobody looks at a state before its last record was written.
    const earliestMs = Math.min(view.study.recordedMs, view.untilMs);
    const { closed } = closureOf(view.study);
    const isClosed = closed !== undefined && closed.at <= view.untilMs;
    for (const { id, history } of view.animals()) {
      const asked = yield* tasksOf(view, id, history);
      tasks.push(
        ...asked.filter(
          (task) => standingAt(task, earliestMs) !== 'past' && (!isClosed || AFTER_CLOSE.has(task.kind)),
        ),
      );
    }
    const isWhole = view.untilMs === Infinity && view.has(undefined);
    return {
      tasks: tasks.sort(byTime),
      ...(isWhole && isGoverned(view.study) && { acts: openActs(view.study) }),
    };
  },
);

const AFTER_CLOSE: ReadonlySet<Task['kind']> = new Set(['endpoint', 'severity']);

/** By when they are due, or can be begun. */
function byTime(one: Task, other: Task): number {
  return timeOf(one) - timeOf(other) || (one.animal < other.animal ? -1 : one.animal > other.animal ? 1 : 0);
}

function timeOf({ due: at, from }: Task): number {
  return instantMs(at ?? from) ?? 0;
}

/** Of each animal as it is now: a page that is asked again after a record finds the others here. */
const known = new WeakMap<
  Subject,
  { readonly under: Protocols['versions']; readonly tasks: readonly Task[] }
>();

function* tasksOf(view: View, id: string, history: readonly Fact[]): Steps<readonly Task[]> {
  const { protocols, study, untilMs } = view;
  const subject = study.subjects.get(id);
  const isNow = subject !== undefined && untilMs === Infinity;
  const found = isNow ? known.get(subject) : undefined;
  if (found?.under === protocols.versions) return found.tasks;
  const tasks = yield* findTasks(view, id, history);
  if (isNow) known.set(subject, { under: protocols.versions, tasks });
  return tasks;
}

function* findTasks({ protocols, untilMs }: View, id: string, history: readonly Fact[]): Steps<Task[]> {
  const protocol = protocols.inForceAt(untilMs)?.protocol;
  const course = new Course(history);
  const [enrolled] = course.of('SubjectEnrolled');
  yield;
  if (!protocol || !enrolled) return [];
  const endpoints = endpointTasks(id, course, protocols);
  yield;
  if (useOf(course, protocols).end) return [...endpoints, ...severityTasks(id, course, protocols)];
  const checks = checkTasks(id, course, protocols);
  yield;
  if (course.of('SubjectExcluded').length > 0) return [...endpoints, ...checks];
  const animal: Charted = { id, enrolled, course, chart: yield* chartOf(history, protocols), protocol };
  const procedures = [modelTasks, readingTasks, stimulationTasks, titrationTasks] as const;
  const found: Task[] = [];
  for (const procedure of procedures) {
    found.push(...procedure(animal));
    yield;
  }
  return [...endpoints, ...checks, ...found];
}
