import type { ComponentChildren, JSX } from 'preact';
import { useContext } from 'preact/hooks';
import { addressOfTask } from './task-address.js';
import { whoDecides } from './who-decides.js';
import type { DueGroup, DueNow, Shown } from './due-now.js';
import { counted } from '../words/phrase.js';
import type { Task } from '../../study/due/task.js';
import { dueText } from '../words/due.js';
import { RecordLink, StudyHref, StudyLink } from '../parts/links.js';
import { Clock, Day } from '../parts/when.js';

const HEADINGS: Readonly<Record<Shown, string>> = {
  overdue: 'Overdue',
  due: 'Due now',
  later: 'Later today',
  open: 'Next steps, for which the protocol sets no time',
};

/** No more animals in one group; the others are found by name. */
const MOST = 60;

/** What is due, overdue first. What there is nothing of is left out. On its own page an animal is not named. */
export function DueSections({
  due,
  nowMs,
  own = false,
}: {
  readonly due: readonly DueNow[];
  readonly nowMs: number;
  readonly own?: boolean;
}): JSX.Element {
  return (
    <>
      {due.map(({ standing, timed, groups }) =>
        timed.length + groups.length === 0 ? null : (
          <section class={`due ${standing}`}>
            <h2>{HEADINGS[standing]}</h2>
            {timed.length + (own ? groups.length : 0) > 0 && (
              <ul class="tasks">
                {timed.map((one) => (
                  <li>
                    <TaskLink task={one.task} name={own ? undefined : one.task.animal}>
                      <Clock at={one.at} />,{' '}
                      <span data-due={one.atMs} role="timer">
                        {dueText(one.atMs, nowMs)}
                      </span>
                    </TaskLink>
                  </li>
                ))}
                {own &&
                  groups.map(({ tasks: [one], since }) => (
                    <li>
                      <TaskLink task={one!.task}>{since !== undefined && <Day at={since} />}</TaskLink>
                    </li>
                  ))}
              </ul>
            )}
            {!own && groups.map((group) => <Group group={group} />)}
          </section>
        ),
      )}
    </>
  );
}

/** One tap begins it. The script of the page keeps the time that is left. */
function TaskLink({
  task,
  name,
  children,
}: {
  readonly task: Task;
  readonly name?: string | undefined;
  /** When it is due. */
  readonly children: ComponentChildren;
}): JSX.Element {
  const { to, query } = addressOfTask(task);
  return (
    <a class="task" href={useContext(StudyHref)(to, query)}>
      {name !== undefined && (
        <>
          <strong>{name}</strong>{' '}
        </>
      )}
      <span>{task.what}</span> <span class="at">{children}</span>
      <small>
        {task.why} {whoDecides(task.command)}
      </small>
    </a>
  );
}

function Group({ group: { what, why, since, tasks } }: { readonly group: DueGroup }): JSX.Element {
  return (
    <div class="batch">
      <h3>
        {what} {tasks.length > 1 && <span class="quiet">{counted(tasks.length, 'animal')}</span>}
      </h3>
      <p class="quiet">
        {why
          .split(/#(\d+)/)
          .map((part, index) => (index % 2 === 1 ? <RecordLink number={Number(part)} /> : part))}{' '}
        {whoDecides(tasks[0]!.task.command)}
        {since !== undefined && (
          <>
            {' '}
            Since <Day at={since} />.
          </>
        )}
      </p>
      <ul class="chips">
        {tasks.slice(0, MOST).map(({ task }) => {
          const { to, query } = addressOfTask(task);
          return (
            <li>
              <StudyLink to={to} query={query}>
                {task.animal}
              </StudyLink>
            </li>
          );
        })}
      </ul>
      {tasks.length > 1 && tasks[0]!.task.command === 'RecordBodyWeight' && (
        <p>
          <StudyLink to="/bench/weights">Weigh one after another</StudyLink>
        </p>
      )}
      {tasks.length > MOST && (
        <p class="quiet">{counted(tasks.length - MOST, 'animal')} more: find each by its name above.</p>
      )}
    </div>
  );
}
