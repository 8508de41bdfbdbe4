import type { JSX } from 'preact';
import { useContext } from 'preact/hooks';
import { drawAssays, drawCourse, drawDoses } from '../exports/figures/animal-figures.js';
import type { Drawing } from '../exports/figures/drawing.js';
import { doseTitration, type GivenDose } from '../study/projections/dose-titration.projection.js';
import { measurementSeries } from '../study/projections/measurement-series.projection.js';
import { statusOf } from '../study/projections/responder-status.projection.js';
import { thresholdSeries } from '../study/projections/threshold-series.projection.js';
import { verdictSteps, type VerdictStep } from '../study/projections/verdict-steps.js';
import { welfare, type WelfareRecord } from '../study/projections/welfare.projection.js';
import type { View } from '../study/projections/projection.js';
import { instantMs } from '../study/instant.js';
import { refuse } from '../study/refusal.js';
import { factsOf, type Fact } from '../study/study.js';
import { studyPage, type MainProps } from './page.js';
import { Doses } from './parts/doses.js';
import { Figure } from './parts/figure.js';
import { LinksContext, RecordLinks, StudyLink, type Links } from './parts/links.js';
import { RecordList, recordLine, type RecordLine } from './parts/records.js';
import { Said } from './parts/said.js';
import { Steps } from './parts/steps.js';
import { Verdicts, type Judged } from './parts/verdicts.js';
import { Burden } from './parts/burden.js';
import { judgedOf } from './words/judged.js';
import { dateInWords } from './words/dates.js';
import type { Phrase } from './words/phrase.js';
import { counted } from './words/phrase.js';
import { Assays, type MeasuredAssay } from './parts/assays.js';

interface AnimalAnswer {
  readonly id: string;
  readonly identity: readonly Phrase[];
  readonly isEnrolled: boolean;
  /** Its neighbours in order of their names. */
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly judged: readonly Judged[];
  readonly course: { readonly drawing: Drawing; readonly baseline: readonly number[] } | undefined;
  readonly assays: readonly MeasuredAssay[];
  readonly steps: readonly VerdictStep[];
  readonly ladder: Drawing | undefined;
  readonly doses: readonly GivenDose[];
  readonly welfare: WelfareRecord | undefined;
  readonly lines: readonly RecordLine[];
  readonly records: number;
  readonly least: number;
}

/** No more lines on one page; the records page has all. */
const LINES = 200;

export const animalPage = studyPage<AnimalAnswer>({
  path: '/studies/:code/animals/:animal',
  title: ({ answer }) => answer.id,
  least: ({ least }) => least,
  *answer(view, { params }) {
    const id = params['animal'] ?? '';
    const history = view.animals()[0]?.history ?? [];
    const lines = linesOf(view);
    if (lines.length === 0) {
      const message = `There is no animal ${id.slice(0, 60)} in ${view.study.code} at this tree size.`;
      return refuse('subject-unknown', message, 'subject');
    }
    const runs =
      (yield* thresholdSeries.steps(view)).subjects.find(({ subject }) => subject === id)?.runs ?? [];
    const assays =
      (yield* measurementSeries.steps(view)).subjects.find(({ subject }) => subject === id)?.assays ?? [];
    const doses = (yield* doseTitration.steps(view)).subjects[0]?.doses ?? [];
    const course = drawCourse(view, id, history, runs);
    return {
      id,
      identity: identityOf(history),
      isEnrolled: factsOf(history, 'SubjectEnrolled').length > 0,
      ...neighboursOf(view, id),
      judged:
        view.protocols.versions.length === 0
          ? []
          : judgedOf(view, yield* statusOf(view, id, history), history, doses),
      course: course && { drawing: course.drawing, baseline: course.baseline?.evidence() ?? [] },
      assays: drawAssays(view, id, history, assays).map(({ baseline, ...drawn }) => ({
        ...drawn,
        baseline: baseline?.evidence() ?? [],
      })),
      steps: yield* verdictSteps(view, id, history),
      ladder: drawDoses(view, id, history, doses),
      doses,
      welfare: (yield* welfare.steps(view)).subjects[0],
      lines: lines.slice(-LINES),
      records: lines.length,
      least: Math.min(...lines.map(({ number }) => number)) + 1,
    };
  },
  main: Main,
});

function neighboursOf({ study }: View, id: string): Pick<AnimalAnswer, 'before' | 'after'> {
  let [before, after]: (string | undefined)[] = [];
  for (const { id: other } of study.subjects.values()) {
    if (other < id && (before === undefined || other > before)) before = other;
    if (other > id && (after === undefined || other < after)) after = other;
  }
  return { before, after };
}

/** Its records in the order in which things happened. */
function linesOf(view: View): RecordLine[] {
  const at = (time: string): number => instantMs(time) ?? 0;
  return view
    .records()
    .filter(({ record }) => at(record.time) <= view.untilMs)
    .map((stored) => recordLine(view, stored))
    .sort((a, b) => at(a.at) - at(b.at) || a.number - b.number);
}

function identityOf(history: readonly Fact[]): Phrase[] {
  const enrolled = factsOf(history, 'SubjectEnrolled')[0];
  const gone = [...factsOf(history, 'SubjectEuthanised'), ...factsOf(history, 'FateRecorded')][0];
  const excluded = factsOf(history, 'SubjectExcluded')[0];
  if (!enrolled) return ['No enrolment of this animal is in force.'];
  const { species, strain, sex, dateOfBirth, allocation } = enrolled.data;
  return [
    [
      `${strain} (${species})`,
      sex,
      dateOfBirth && `born ${dateInWords(dateOfBirth)}`,
      allocation && `group ${allocation.group}`,
    ]
      .filter(Boolean)
      .join(', '),
    ' (',
    { record: enrolled.holder },
    ').',
    ...(excluded ? [' Excluded (', { record: excluded.holder }, ').'] : []),
    ...(gone ? [' Left the study (', { record: gone.holder }, ').'] : []),
  ];
}

function Main({ answer }: MainProps<AnimalAnswer>): JSX.Element {
  const { id, identity, isEnrolled, before, after, judged, course, steps, ladder, doses, lines, records } =
    answer;
  const links = useContext(LinksContext);
  // In its own records the animal need not lead to itself.
  const elsewhere: Links = {
    record: (number) => links.record(number),
    animal: (other) => (other === id ? undefined : links.animal(other)),
  };
  return (
    <>
      <div class="heading">
        <h1>{id}</h1>
        <nav aria-label="Other animals" class="neighbours">
          {before !== undefined && <StudyLink to={`/animals/${before}`}>{`‹ ${before}`}</StudyLink>}
          {after !== undefined && <StudyLink to={`/animals/${after}`}>{`${after} ›`}</StudyLink>}
        </nav>
      </div>
      <p class="lead">
        <Said phrases={identity} />
        {isEnrolled && (
          <>
            {' '}
            <StudyLink to={`/bench/animals/${id}`}>At the bench</StudyLink>,{' '}
            <StudyLink to={`/animals/${id}/label`}>label of the cage</StudyLink>.
          </>
        )}
      </p>
      <Verdicts judged={judged} />
      {(course !== undefined || answer.assays.length === 0) && (
        <section>
          <h2>Withdrawal threshold</h2>
          {course ? (
            <Figure drawing={course.drawing}>
              Test by test, in order and not to scale in time. The ticks are the filaments of the ladder.
              {course.baseline.length > 0 && (
                <>
                  {' '}
                  Baseline: <RecordLinks numbers={course.baseline} />.
                </>
              )}{' '}
              Each mark leads to its record. The runs are among the records below.
            </Figure>
          ) : (
            <p class="none">No run has been recorded yet.</p>
          )}
        </section>
      )}
      <Assays assays={answer.assays} />
      <Steps steps={steps} />
      <Doses doses={doses} ladder={ladder} />
      {answer.welfare && <Burden welfare={answer.welfare} />}
      <section>
        <h2>{counted(records, 'record')}</h2>
        {records > lines.length && (
          <p>
            The last {lines.length} are shown.{' '}
            <StudyLink to="/records" query={{ animal: id }}>
              All records
            </StudyLink>
          </p>
        )}
        <LinksContext.Provider value={elsewhere}>
          <RecordList lines={lines} />
        </LinksContext.Provider>
      </section>
    </>
  );
}
