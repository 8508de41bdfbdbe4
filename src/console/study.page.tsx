import { isDirectorAbsent, studyPeople, type PersonOfStudy } from '../lab/people/study-people.js';
import type { JSX } from 'preact';
import { studyFlow, type Flow } from '../study/projections/study-flow.projection.js';
import { studySummary } from '../study/projections/study-summary.js';
import { waitingIn, type Waiting } from '../study/projections/waiting.js';
import { drugIn } from '../study/rules/planned.js';
import { openActs, type OpenAct } from '../study/signatures/open-acts.js';
import type { Closure } from '../study/signatures/closure.js';
import { closureOf, directorsOf, factsOf, isGoverned, signaturesOf } from '../study/study.js';
import { studyPage, type MainProps } from './page.js';
import { Course } from './parts/course.js';
import { RecordLink, StudyLink } from './parts/links.js';
import { Director } from './parts/director.js';
import { Persons } from './parts/persons.js';
import { ProtocolInWords, protocolTold, type ProtocolTold } from './parts/protocol.js';
import { RecordList, recordLine, type RecordLine } from './parts/records.js';
import { OpenActs, SignatureTable, type SignatureLine } from './parts/signatures.js';
import { Facts } from './parts/table.js';
import { WaitingFor, isWaiting } from './parts/waiting.js';
import { When } from './parts/when.js';
import { signatureLines } from './signature-lines.js';
import { counted } from './words/phrase.js';

interface StudyAnswer {
  readonly summary: Summary;
  /** Each from the record on, in order. */
  readonly directors: readonly { readonly director: string; readonly record: number; readonly at: string }[];
  readonly flow: Flow;
  /** What is titrated. */
  readonly drug: string;
  readonly waiting: Waiting;
  readonly protocol: ProtocolTold;
  readonly persons: readonly PersonOfStudy[];
  readonly newest: readonly RecordLine[];
  readonly closure: Closure['state'];
  readonly isGoverned: boolean;
  readonly acts: readonly OpenAct[];
  /** The newest. */
  readonly signatures: readonly SignatureLine[];
  readonly signatureCount: number;
  /** Number of corrections and withdrawals. */
  readonly corrections: number;
}

interface Summary {
  readonly state: string;
  readonly title: string | null;
  readonly director: string | null;
  readonly directorAbsent: boolean;
  readonly ethicsApproval: string | null;
  readonly opened: string | null;
  readonly objective: string | null;
}

const NEWEST = 10;
/** Of the animals of a stage, so that a large study stays one page. */
const MOST_NAMED = 60;

export const studyOverviewPage = studyPage<StudyAnswer>({
  path: '/studies/:code',
  name: 'Study',
  title: ({ answer }) => answer.summary.title ?? 'Study',
  *answer(view, _, lab, moment) {
    const { people } = lab;
    const signatures = signaturesOf(view.study);
    const opened = factsOf(view.study.facts, 'StudyOpened')[0];
    const { records, size } = view.study;
    return {
      summary: {
        ...(studySummary(view) as unknown as Summary),
        opened: opened?.time ?? null,
        objective: opened?.data.objective ?? null,
        directorAbsent: isDirectorAbsent(view.study, people, moment),
      },
      directors: directorsOf(view.study).map((one) => ({
        ...one,
        at: records.at(one.record)!.record.recordedtime,
      })),
      persons: (yield* studyPeople(view.study, people)).persons,
      flow: yield* studyFlow.steps(view),
      drug: drugIn(view.protocols.versions.findLast(({ at }) => at <= view.untilMs)?.protocol),
      waiting: yield* waitingIn(view),
      closure: closureOf(view.study).state,
      isGoverned: isGoverned(view.study),
      acts: openActs(view.study),
      signatures: yield* signatureLines(view, lab, signatures.slice(-NEWEST).reverse()),
      signatureCount: signatures.length,
      protocol: protocolTold(
        view.study,
        view.protocols.versions.filter(({ at }) => at <= view.untilMs),
      ),
      corrections: records
        .toArray()
        .filter(({ record: { type } }) => type === 'RecordCorrected' || type === 'RecordVoided').length,
      newest: Array.from({ length: Math.min(NEWEST, size) }, (_, back) =>
        recordLine(view, records.at(size - 1 - back)!),
      ),
    };
  },
  main: Main,
});

/** Who directed the study from when on: one after the other, without a gap. */
function Directors({ directors }: Pick<StudyAnswer, 'directors'>): JSX.Element {
  return (
    <>
      {directors.map(({ director, record, at }) => (
        <div>
          {director}: <When at={at} /> (<RecordLink number={record} />)
        </div>
      ))}
    </>
  );
}

function Main({ answer, params }: MainProps<StudyAnswer>): JSX.Element {
  const { summary, directors, flow, drug, waiting, protocol, persons, newest, corrections, closure } = answer;
  return (
    <>
      <h1>Overview</h1>
      {summary.objective !== null && <p class="lead">{summary.objective}</p>}
      <Facts
        facts={[
          [
            'State',
            <>
              {summary.state}
              <ActLinks acts={OF_STATE[closure]} />
            </>,
          ],
          [
            'Study director',
            <>
              <Director of={summary} />
              <ActLinks acts={OF_DIRECTOR[closure]} />
            </>,
          ],
          ['Directed from', directors.length > 1 && <Directors directors={directors} />],
          ['Ethics approval', summary.ethicsApproval],
          ['Opened', summary.opened && <When at={summary.opened} />],
          [
            'Corrected or withdrawn',
            corrections > 0 && (
              <StudyLink to="/records" query={{ question: 'corrected' }}>
                {counted(corrections, 'record')}
              </StudyLink>
            ),
          ],
        ]}
      />
      <Waits
        waiting={waiting}
        hasProtocol={protocol.last !== undefined}
        isUnsigned={protocol.unsigned !== undefined}
        acts={answer.acts}
        to={`/studies/${params['code']}/protocol`}
      />
      <Course flow={flow} drug={drug} most={MOST_NAMED} />
      <ProtocolInWords told={protocol} to={`/studies/${params['code']}/protocol`} />
      <section>
        <h2>Persons of this study</h2>
        <Persons persons={persons} />
      </section>
      <Signatures {...answer} />
      <section>
        <h2>Newest records</h2>
        {newest.length === 0 ? (
          <p class="none">Nothing is recorded at this tree size.</p>
        ) : (
          <RecordList lines={newest} />
        )}
      </section>
    </>
  );
}

/** What director and management do next with the study as a whole, by its state: command and words. */
const OF_STATE: Readonly<Record<Closure['state'], ActsInWords>> = {
  open: [['close-study', 'Close the study']],
  closed: [
    ['archive-study', 'Archive the study'],
    ['reopen-study', 'Reopen the study'],
  ],
  archived: [['reopen-study', 'Reopen the study']],
};
const REPLACE = ['replace-director', 'Replace the director'] as const;
const HAND_OVER = [['hand-over-study', 'Hand the study over'], REPLACE] as const;
const OF_DIRECTOR: typeof OF_STATE = { open: HAND_OVER, closed: HAND_OVER, archived: [REPLACE] };

type ActsInWords = readonly (readonly [command: string, words: string])[];

function ActLinks({ acts }: { readonly acts: ActsInWords }): JSX.Element {
  return (
    <>
      {acts.map(([command, words]) => (
        <>
          {' · '}
          <StudyLink to={`/bench/enter/${command}`}>{words}</StudyLink>
        </>
      ))}
    </>
  );
}

function Signatures({
  isGoverned,
  signatures,
  signatureCount,
}: Pick<StudyAnswer, 'isGoverned' | 'signatures' | 'signatureCount'>): JSX.Element | null {
  if (!isGoverned && signatureCount === 0) return null;
  return (
    <section>
      <h2>Signatures</h2>
      <p class="quiet">
        {isGoverned
          ? 'Acts of this study hold only once they are signed: protocols, changes of the director, acknowledgements, witnesses, reviews, closing and archiving.'
          : 'Acts of this study hold from their record on, whether they are signed or not.'}
      </p>
      <SignatureTable lines={signatures} label="Newest signatures" none="Nothing is signed yet." />
      {signatureCount > signatures.length && (
        <p class="quiet">{`${signatureCount - signatures.length} older signatures are listed among the records.`}</p>
      )}
    </section>
  );
}

/** Of the acts that wait: the first ones are listed. */
const MOST_ACTS = 20;

function Waits({
  waiting,
  hasProtocol,
  isUnsigned,
  acts,
  to,
}: {
  readonly waiting: Waiting;
  readonly hasProtocol: boolean;
  readonly isUnsigned: boolean;
  readonly acts: readonly OpenAct[];
  /** Where the protocol is written. */
  readonly to: string;
}): JSX.Element {
  const nothing = hasProtocol && !isWaiting(waiting) && acts.length === 0;
  return (
    <section class="waits">
      <h2>What waits</h2>
      <p>
        <StudyLink to="/bench">Today at the bench</StudyLink>: who is due for what.
      </p>
      {nothing && <p class="none">Nothing waits for anybody.</p>}
      {!hasProtocol && !isUnsigned && (
        <p>
          The study director <a href={to}>writes and approves the protocol</a>. Until then no animal can be
          enrolled.
        </p>
      )}
      {acts.length > 0 && (
        <>
          <h3>{`To be signed or recorded: ${acts.length}`}</h3>
          <OpenActs acts={acts.slice(0, MOST_ACTS)} />
          {acts.length > MOST_ACTS && <p class="quiet">{`${acts.length - MOST_ACTS} more wait.`}</p>}
        </>
      )}
      <WaitingFor waiting={waiting} />
    </section>
  );
}
