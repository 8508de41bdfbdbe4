import type { JSX } from 'preact';
import { typeInWords } from '../exports/documents/type-in-words.js';
import { trailRecord } from '../study/projections/audit-trail.projection.js';
import { Refusal } from '../study/refusal.js';
import { choosePage } from './choose.js';
import { studyPage, type MainProps } from './page.js';
import { Pager, type Shown } from './parts/choices.js';
import { Corrections, type CorrectionTold } from './parts/corrected.js';
import { RecordLinks, StudyLink } from './parts/links.js';
import { Choice, QueryForm } from './parts/query-form.js';
import { RecordList, recordLine, type RecordLine } from './parts/records.js';
import { ASKED, findRecords, type Asked, type Found } from './records-asked.js';
import { counted } from './words/phrase.js';
import type { Question } from './words/questions.js';
import { sentence } from './words/sentence.js';

interface RecordsAnswer extends Omit<Found, 'records'> {
  readonly shown: Shown;
  readonly lines: readonly RecordLine[];
  /** In place of `lines`, where the question is what was corrected. */
  readonly corrections: readonly CorrectionTold[] | undefined;
}

/** No more records on one page. */
const ROWS = 200;

/** How many records a question names at once. */
const NAMED = 6;

export const recordsPage = studyPage<RecordsAnswer>({
  path: '/studies/:code/records',
  name: 'Records',
  parameters: [...ASKED, 'page'],
  title: () => 'Records',
  *answer(view, { query }) {
    const found = yield* findRecords(view, query);
    if (found instanceof Refusal) return found;
    const { records, ...rest } = found;
    const shown = choosePage(query, records.length, ROWS);
    if (shown instanceof Refusal) return shown;
    const onPage = records.slice(shown.from, shown.until);
    const isCorrections = found.question?.name === 'corrected';
    return {
      ...rest,
      shown,
      lines: isCorrections ? [] : onPage.map((stored) => recordLine(view, stored)),
      corrections: isCorrections
        ? onPage.map((stored) => ({
            trail: trailRecord(view.study, stored),
            phrases: sentence(view, stored),
          }))
        : undefined,
    };
  },
  main: Main,
});

function Main({ answer, query }: MainProps<RecordsAnswer>): JSX.Element {
  const { page: _page, ...asked } = query;
  const { shown, lines, corrections, question, concerned } = answer;
  const isAll = Object.keys(asked).length === 0;
  return (
    <>
      <h1>Records</h1>
      <Questions concerned={concerned} chosen={question} />
      <Filters answer={answer} asked={asked} />
      <section id="list">
        <div class="heading">
          <h2>{headingOf(shown.count, question, isAll)}</h2>
          {shown.count > 0 && (
            <StudyLink to="/records.csv" query={asked}>
              {`${counted(shown.count, 'record')} as CSV`}
            </StudyLink>
          )}
        </div>
        {question && <p class="quiet">{question.meaning}</p>}
        {shown.count === 0 && <Nothing asked={asked} answer={answer} />}
        {corrections ? <Corrections told={corrections} /> : <RecordList lines={lines} />}
        <Pager to="/records" query={query} what="record" shown={shown} />
      </section>
    </>
  );
}

function headingOf(total: number, question: Question | undefined, isAll: boolean): string {
  if (question) return question.asks;
  return isAll ? `${counted(total, 'record')}, in record order` : counted(total, 'record');
}

function Nothing({ asked, answer }: { readonly asked: Asked; readonly answer: RecordsAnswer }): JSX.Element {
  if (Object.keys(asked).length === 0) return <p class="none">Nothing is recorded at this tree size.</p>;
  const unheard = unheardOf(asked, answer);
  return (
    <p class="none">
      {unheard.length === 0 ? 'No record matches.' : unheard.map((one) => `No record here ${one}. `)}{' '}
      <StudyLink to="/records">Show all records</StudyLink>
    </p>
  );
}

/**
 * Which of the values asked for no record of this tree size has. They are answered and not refused: an address that is
 * good at one tree size is good at all.
 */
function unheardOf(asked: Asked, { actors, animals, types, flags }: RecordsAnswer): string[] {
  const known = [
    [asked.actor, actors, 'is by'],
    [asked.animal, animals, 'is about animal'],
    [asked.type, types, 'is of the kind'],
    [asked.flag, flags, 'has the flag'],
  ] as const;
  return known.flatMap(([value, values, words]) =>
    value === undefined || values.includes(value) ? [] : [`${words} “${value.slice(0, 60)}”`],
  );
}

function Questions({
  concerned,
  chosen,
}: {
  readonly concerned: RecordsAnswer['concerned'];
  readonly chosen: Question | undefined;
}): JSX.Element {
  return (
    <ul class="questions">
      {[...concerned].map(([question, numbers]) => (
        <li class={question === chosen ? 'chosen' : undefined}>
          <span>
            <StudyLink to="/records" query={{ question: question.name }}>
              {question.asks}
            </StudyLink>
          </span>
          <span class={numbers.length === 0 ? 'quiet' : undefined}>
            {numbers.length === 0 ? 'none' : counted(numbers.length, 'record')}
          </span>
          <span class="named">
            <RecordLinks numbers={numbers.slice(0, NAMED)} />
            {numbers.length > NAMED && <span class="quiet"> …</span>}
          </span>
        </li>
      ))}
      <li>
        <a href="/access?kind=CommandRefused">Which attempts were refused?</a>
        <span class="quiet">access log</span>
        <span class="quiet">A refused attempt is no record of the study.</span>
      </li>
    </ul>
  );
}

function Filters({
  answer: { actors, animals, types, flags, question },
  asked,
}: {
  readonly answer: RecordsAnswer;
  readonly asked: Asked;
}): JSX.Element {
  const plain = (values: readonly string[]) => values.map((value) => [value, value] as const);
  return (
    <QueryForm
      to="/records"
      kept={question && { question: question.name }}
      label="Which records"
      class="filters"
    >
      <Choice name="actor" label="Person" any="anybody" chosen={asked.actor} options={plain(actors)} />
      <Choice name="animal" label="Animal" any="any" chosen={asked.animal} options={plain(animals)} />
      <Choice
        name="type"
        label="Kind"
        any="any"
        chosen={asked.type}
        options={types.map((type) => [type, typeInWords(type)] as const)}
      />
      <Choice
        name="flag"
        label="Flag"
        any="any or none"
        chosen={asked.flag}
        options={flags.map((flag) => [flag, flag.replaceAll('-', ' ')] as const)}
      />
      <label>
        <span>Happened from</span>
        <input type="date" name="from" value={asked.from} />
      </label>
      <label>
        <span>Happened until</span>
        <input type="date" name="to" value={asked.to} />
      </label>
      <button>Show</button>
      {Object.keys(asked).length > 0 && <StudyLink to="/records">Show all</StudyLink>}
    </QueryForm>
  );
}
