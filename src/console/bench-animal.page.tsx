import type { JSX } from 'preact';
import { canBeDone, type Doable } from '../study/due/can-be-done.js';
import type { Task } from '../study/due/task.js';
import { due } from '../study/projections/due.projection.js';
import { View } from '../study/projections/projection.js';
import type { Protocol } from '../study/protocol.js';
import { refuse } from '../study/refusal.js';
import { localDay, localInstant } from '../study/instant.js';
import { injuredSideOf, isInjury } from '../study/rules/induction.js';
import { isClosed, type Subject } from '../study/study.js';
import { weighingsOf, type Weighing } from '../study/welfare/weights.js';
import { FoundLaterWays, StudyIsClosed, closedStudy } from './bench/closed-study.js';
import type { ClosedStudy } from './bench/closed-told.js';
import { DueSections } from './bench/due-sections.js';
import { dueNow, nextChange, place, type DueNow, type DueTask } from './bench/due-now.js';
import { addressOfTask } from './bench/task-address.js';
import { benchPage, type MainProps } from './page.js';
import { StudyLink } from './parts/links.js';
import { RecordedLine, recordedIn, type Recorded } from './parts/recorded.js';
import { RecordList, recordLine, type RecordLine } from './parts/records.js';
import { Day, When } from './parts/when.js';
import { numberText } from './words/phrase.js';

interface AnimalAtBench {
  readonly id: string;
  readonly is: string;
  readonly isEnrolled: boolean;
  readonly state: string;
  readonly weight: WeightTold | undefined;
  readonly lesion: LesionTold | undefined;
  readonly undecided: readonly Task[];
  readonly due: readonly DueNow[];
  /** What comes on other days, the next first. */
  readonly next: readonly DueTask[];
  readonly doable: readonly Doable[];
  /** A stimulation is planned, and there is no electrode for it. */
  readonly lacksElectrode: boolean;
  readonly lines: readonly RecordLine[];
  readonly nowMs: number;
  /** When something of it stands otherwise, ms. */
  readonly changes: number | undefined;
  readonly recorded: Recorded | undefined;
  readonly closed: ClosedStudy | undefined;
}

interface LesionTold {
  readonly side: string | undefined;
  readonly time: string;
  /** Days since then, on the calendar. */
  readonly day: number;
}

interface WeightTold {
  readonly grams: number;
  readonly at: string;
  readonly lossPercent: number;
  /** The loss at which the first endpoint is reached. */
  readonly endpoint: number | undefined;
}

const [NEWEST, COMING] = [8, 4];

/** One animal in the hand: what is due, what can be done, what was last recorded. */
export const benchAnimalPage = benchPage<AnimalAtBench>({
  path: '/studies/:code/bench/animals/:animal',
  parameters: ['recorded'],
  title: ({ answer }) => `${answer.id}, bench`,
  script: 'today',
  *answer(asked) {
    const { view, params, nowMs, offsetMinutes } = asked;
    const id = params['animal'] ?? '';
    const { study, protocols } = view;
    const subject = study.subjects.get(id);
    if (!subject)
      return refuse('subject-unknown', `There is no animal ${id.slice(0, 60)} in ${study.code}.`, 'subject');
    const own = new View(study, Infinity, id);
    const { tasks } = yield* due.steps(own);
    const history = subject.facts.toArray();
    const protocol = protocols.versions.at(-1)?.protocol;
    const clock = { nowMs, offsetMinutes };
    const now = dueNow(tasks, clock);
    const today = new Set(
      now
        .flatMap(({ timed, groups }) => [...timed, ...groups.flatMap((one) => one.tasks)])
        .map(({ task }) => task),
    );
    const injury = history.find(isInjury);
    const isOver = subject.died !== undefined || subject.fate !== undefined || isClosed(study);
    return {
      id,
      is: identityOf(subject),
      isEnrolled: subject.enrolled !== undefined,
      state: stateOf(subject),
      weight: weightOf(weighingsOf(history).at(-1), protocol),
      lesion: injury && {
        side: injuredSideOf(history),
        time: injury.time,
        day: localDay(localInstant(nowMs, offsetMinutes)) - localDay(injury.time),
      },
      undecided: tasks.filter(({ kind }) => kind === 'endpoint'),
      due: now,
      next: tasks
        .filter((task) => !today.has(task))
        .map((task) => place(task, clock))
        .filter(({ standing }) => standing === 'later')
        // Two checks of one day are one visit.
        .filter((one, index, all) => all.findIndex((other) => saidOf(other) === saidOf(one)) === index)
        .slice(0, COMING),
      doable: protocol && subject.enrolled && !isOver ? canBeDone(history, protocol) : [],
      lacksElectrode:
        protocol?.stimulation !== undefined && !history.some(({ type }) => type === 'ElectrodeImplanted'),
      lines: newestOf(own),
      nowMs,
      changes: nextChange(tasks, nowMs),
      recorded: recordedIn(asked),
      closed: closedStudy(asked),
    };
  },
  main: Main,
});

function identityOf({ enrolled }: Subject): string {
  if (!enrolled) return 'No enrolment of this animal is in force.';
  const { species, strain, sex } = enrolled.data;
  return `${strain} (${species}), ${sex}`;
}

function stateOf({ died, fate, excluded }: Subject): string {
  if (died) return 'dead';
  if (fate) return fate.data.fate.replaceAll('-', ' ');
  return excluded ? 'excluded' : 'in the study';
}

function weightOf(last: Weighing | undefined, protocol: Protocol | undefined): WeightTold | undefined {
  if (!last) return undefined;
  const { grams, occurredAt: at, lossPercent } = last;
  const limits = (protocol?.welfare.endpoints ?? []).flatMap(({ weightLossPercent: loss }) =>
    loss === undefined ? [] : [Number(loss)],
  );
  return { grams, at, lossPercent, endpoint: limits.length > 0 ? Math.min(...limits) : undefined };
}

/** The newest first: what was just recorded is looked for here. */
function newestOf(view: View): RecordLine[] {
  return view
    .records()
    .slice(-NEWEST)
    .reverse()
    .map((stored) => recordLine(view, stored));
}

function Main({ answer }: MainProps<AnimalAtBench>): JSX.Element {
  const {
    id,
    is,
    isEnrolled,
    state,
    weight,
    lesion,
    undecided,
    due: tasks,
    next,
    doable,
    lacksElectrode,
    lines,
    nowMs,
    changes,
    recorded,
    closed,
  } = answer;
  const isNothing = tasks.every(({ timed, groups }) => timed.length + groups.length === 0);
  return (
    <div class="bench">
      <p class="back">
        <StudyLink to="/bench">Today</StudyLink>
      </p>
      <h1>{id}</h1>
      <p class="lead">
        {is}; {state}. <StudyLink to={`/animals/${id}`}>{`All about ${id}`}</StudyLink>
      </p>
      {lesion && (
        <p>
          Lesion{lesion.side !== undefined && ` on the ${lesion.side}`}, <Day at={lesion.time} />: today is
          day {lesion.day} after it.
        </p>
      )}
      <RecordedLine recorded={recorded} />
      {closed && <StudyIsClosed closed={closed} />}
      {undecided.length > 0 && (
        <p class="alarm">
          <span aria-hidden="true">▲</span> A humane endpoint was reached, and nothing is decided.{' '}
          <StudyLink to="/bench/enter/record-body-weight" query={{ animal: id }}>
            Weigh again
          </StudyLink>
        </p>
      )}
      <p>{weight ? <Weight weight={weight} /> : 'No weight is recorded.'}</p>
      <div data-live="due" data-now={nowMs} data-changes={changes}>
        <DueSections due={tasks} nowMs={nowMs} own />
        {isNothing && <p class="none">Nothing is due for {id} today.</p>}
        {next.length > 0 && <Coming next={next} />}
      </div>
      {closed && !closed.archive && <FoundLaterWays closed={closed} animal={id} />}
      <CanBeDone animal={id} doable={doable} lacksElectrode={lacksElectrode} />
      <section data-live="newest">
        <h2>Newest records</h2>
        <RecordList lines={lines} />
      </section>
      {isEnrolled && (
        <p>
          <StudyLink to={`/animals/${id}/label`}>Label of the cage</StudyLink>
        </p>
      )}
    </div>
  );
}

function Weight({
  weight: { grams, at, lossPercent, endpoint },
}: {
  readonly weight: WeightTold;
}): JSX.Element {
  return (
    <>
      Last weight <strong>{numberText(grams, 1)} g</strong>, <When at={at} />:{' '}
      {lossPercent >= 0.05 ? `${numberText(lossPercent, 1)} % below the heaviest` : 'the heaviest so far'}
      {endpoint !== undefined && `; an endpoint is reached at ${endpoint} %`}.
    </>
  );
}

function comingAt({ task, at }: DueTask): string {
  return task.wholeDay ? (task.due ?? task.from) : at;
}

function saidOf(one: DueTask): string {
  return `${one.task.what} ${comingAt(one).slice(0, 10)}`;
}

function Coming({ next }: { readonly next: readonly DueTask[] }): JSX.Element {
  return (
    <section class="due">
      <h2>Next</h2>
      <ul>
        {next.map((one) => (
          <li>
            {one.task.what}: <Day at={comingAt(one)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

const GROUPS: readonly (readonly [Doable['group'], string])[] = [
  ['measure', 'Measure'],
  ['care', 'Care'],
  ['treat', 'Treat'],
  ['operate', 'Operate'],
  ['end', 'Decide and end'],
];

function CanBeDone({
  animal,
  doable,
  lacksElectrode,
}: {
  readonly animal: string;
  readonly doable: readonly Doable[];
  readonly lacksElectrode: boolean;
}): JSX.Element | null {
  if (doable.length === 0) return null;
  return (
    <section>
      <h2>Can be done</h2>
      {GROUPS.map(([group, words]) => {
        const these = doable.filter((one) => one.group === group);
        const isWanting = group === 'treat' && lacksElectrode;
        return these.length === 0 && !isWanting ? null : (
          <>
            <h3>{words}</h3>
            {isWanting && (
              <p class="quiet">
                A stimulation needs an electrode, and {animal} has none on record.{' '}
                <StudyLink to="/bench/enter/implant-electrode" query={{ animal, 'data.action': 'implanted' }}>
                  Record its implantation
                </StudyLink>
              </p>
            )}
            <ul class="acts">
              {these.map(({ what, ...one }) => {
                const { to, query } = addressOfTask({ animal, ...one });
                return (
                  <li>
                    <StudyLink to={to} query={query}>
                      {what}
                    </StudyLink>
                  </li>
                );
              })}
            </ul>
          </>
        );
      })}
    </section>
  );
}
