import type { JSX } from 'preact';
import { useContext } from 'preact/hooks';
import { due } from '../study/projections/due.projection.js';
import { directorOf, isClosed } from '../study/study.js';
import { actsFor } from './bench/acts-for.js';
import { FoundLaterWays, StudyIsClosed, closedStudy } from './bench/closed-study.js';
import type { ClosedStudy } from './bench/closed-told.js';
import { DueSections } from './bench/due-sections.js';
import { livingAnimals } from './bench/choose-animal.js';
import { dueNow, nextChange, type DueNow } from './bench/due-now.js';
import type { OpenAct } from '../study/signatures/open-acts.js';
import { benchPage, type MainProps } from './page.js';
import { RecordLinks, StudyHref, StudyLink } from './parts/links.js';
import { RecordedLine, recordedIn, type Recorded } from './parts/recorded.js';
import { OpenActs } from './parts/signatures.js';
import { Day } from './parts/when.js';
import { localInstant } from '../study/instant.js';
import { brokenIn } from './signature-lines.js';
import { counted } from './words/phrase.js';

interface Today {
  readonly state: 'no-protocol' | 'unsigned' | 'no-animals' | 'closed' | 'ended' | 'open';
  readonly animals: readonly string[];
  readonly due: readonly DueNow[];
  readonly nowMs: number;
  /** When something of it stands otherwise, ms. */
  readonly changes: number | undefined;
  /** The same, on the clock of the facility. */
  readonly now: string;
  /** Whether the reader is who closes the study. */
  readonly closes: boolean;
  readonly simulated: boolean;
  readonly recorded: Recorded | undefined;
  readonly closed: ClosedStudy | undefined;
  /** The records of signatures that do not check now. */
  readonly broken: readonly number[];
  /** What waits for the reader. */
  readonly acts: readonly OpenAct[];
}

/** Of what waits for the reader: the first ones are listed. */
const MOST_ACTS = 10;

/** Who is due for what. */
export const todayPage = benchPage<Today>({
  path: '/studies/:code/bench',
  name: 'Bench',
  parameters: ['recorded'],
  title: () => 'Today',
  script: 'today',
  *answer(asked) {
    const { view, lab, nowMs, offsetMinutes } = asked;
    const { study, protocols } = view;
    const { tasks } = yield* due.steps(view);
    const animals = [...study.subjects.values()].filter(({ enrolled }) => enrolled).map(({ id }) => id);
    const isEnded = animals.length > 0 && livingAnimals(asked).length === 0;
    return {
      state: isClosed(study)
        ? 'closed'
        : protocols.versions.length === 0
          ? protocols.unsigned.length > 0
            ? 'unsigned'
            : 'no-protocol'
          : animals.length === 0
            ? 'no-animals'
            : isEnded
              ? 'ended'
              : 'open',
      animals: animals.sort(),
      due: dueNow(tasks, { nowMs, offsetMinutes }),
      nowMs,
      changes: nextChange(tasks, nowMs),
      now: localInstant(nowMs, offsetMinutes),
      closes: asked.reader.person === undefined || asked.reader.person === directorOf(study),
      simulated: lab.simulated,
      recorded: recordedIn(asked),
      closed: closedStudy(asked),
      broken: yield* brokenIn(view, lab),
      acts: actsFor(asked),
    };
  },
  main: Main,
});

function Main({ answer }: MainProps<Today>): JSX.Element {
  const {
    state,
    animals,
    due: tasks,
    nowMs,
    changes,
    now,
    closes,
    simulated,
    recorded,
    closed,
    broken,
    acts,
  } = answer;
  const isNothing = tasks.every(({ timed, groups }) => timed.length + groups.length === 0);
  return (
    <div class="bench">
      <h1>
        Today{' '}
        <span class="quiet">
          <Day at={now} />
        </span>
      </h1>
      <RecordedLine recorded={recorded} />
      {closed && <StudyIsClosed closed={closed} />}
      {broken.length > 0 && (
        <p class="alarm">
          <strong>✕</strong> Signatures that do not check: <RecordLinks numbers={broken} />. Tell quality
          assurance and whoever runs the ledger.
        </p>
      )}
      <Acts acts={acts} />
      {animals.length > 0 && <FindAnimal animals={animals} />}
      <div data-live="due" data-now={nowMs} data-changes={changes}>
        <DueSections due={tasks} nowMs={nowMs} />
        {(isNothing || state === 'closed' || state === 'ended') && (
          <Nothing state={state} isNothing={isNothing} />
        )}
      </div>
      {closed && !closed.archive && <FoundLaterWays closed={closed} />}
      {simulated && (state === 'closed' || state === 'ended') && (
        <p>
          To try the bench, <a href="/studies/new">start a simulated study</a>.
        </p>
      )}
      {(state === 'open' || state === 'ended') && (
        <nav class="acts" aria-label="Other entries">
          <StudyLink to="/bench/enter/enrol-subject">Enrol an animal</StudyLink>
          <StudyLink to="/bench/weights">Weigh one after another</StudyLink>
          <StudyLink to="/bench/enter/record-deviation">Record a deviation</StudyLink>
          <StudyLink to="/labels">Labels of the cages</StudyLink>
          {closes && <StudyLink to="/bench/enter/close-study">Close the study</StudyLink>}
        </nav>
      )}
    </div>
  );
}

function Acts({ acts }: Pick<Today, 'acts'>): JSX.Element | null {
  const here = useContext(StudyHref)('/bench');
  if (acts.length === 0) return null;
  return (
    <details class="open-acts" open={acts.length <= 3}>
      <summary>{acts.length === 1 ? '1 act waits for you' : `${acts.length} acts wait for you`}</summary>
      <OpenActs acts={acts.slice(0, MOST_ACTS)} next={here} />
      {acts.length > MOST_ACTS && (
        <p class="quiet">
          {`${acts.length - MOST_ACTS} more stand on the page of the `}
          <StudyLink to="">study</StudyLink>.
        </p>
      )}
    </details>
  );
}

/** By name, or by the code on a label: a reader that types sends it like a keyboard. */
function FindAnimal({ animals }: { readonly animals: readonly string[] }): JSX.Element {
  return (
    <search>
      <form class="find" method="get" action={useContext(StudyHref)('/find')}>
        <input type="hidden" name="to" value="bench" />
        <label>
          Animal, or scan its label{' '}
          <input type="search" name="q" required list="animals" autoComplete="off" placeholder={animals[0]} />
        </label>
        <datalist id="animals">
          {animals.map((id) => (
            <option value={id}>{id}</option>
          ))}
        </datalist>
        <button>Open</button>
      </form>
      <p class="quiet">{counted(animals.length, 'animal')}</p>
    </search>
  );
}

/** What to do next where nothing is due, or the study is over. */
function Nothing({ state, isNothing }: Pick<Today, 'state'> & { readonly isNothing: boolean }): JSX.Element {
  switch (state) {
    case 'no-protocol':
      return (
        <p class="none">
          The study has no protocol yet, so nothing can be due. The study director writes and approves{' '}
          <StudyLink to="/protocol">its protocol</StudyLink> first.
        </p>
      );
    case 'unsigned':
      return (
        <p class="none">
          The protocol is recorded and waits for the signature of the study’s director: see{' '}
          <StudyLink to="/protocol">its page</StudyLink>. Nothing is due before it is in force.
        </p>
      );
    case 'no-animals':
      return (
        <p class="none">
          No animal is enrolled. <StudyLink to="/bench/enter/enrol-subject">Enrol the first one</StudyLink>:
          its next steps are then listed here.
        </p>
      );
    case 'closed':
      return <p class="none">The study is closed{isNothing && ': nothing is due any more'}.</p>;
    case 'ended':
      return (
        <p class="none">Every animal of this study is dead or has left it: nothing is measured any more.</p>
      );
    case 'open':
      return (
        <p class="none">
          Nothing is due today. The page of each animal offers everything else that can be recorded.
        </p>
      );
  }
}
