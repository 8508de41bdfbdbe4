import type { JSX } from 'preact';
import { typeInWords } from '../exports/documents/type-in-words.js';
import { HOURS_PATTERN, workingHours } from '../lab/people/working-hours.js';
import type { EventType } from '../study/events/events.js';
import { View } from '../study/projections/projection.js';
import { review, type ReviewAnswer, type ReviewList } from '../study/projections/review.projection.js';
import type { ReviewRow } from '../study/projections/review-lists.js';
import type { Range } from '../study/signatures/reviews.js';
import { Refusal, refuse } from '../study/refusal.js';
import { signaturesOf } from '../study/study.js';
import { addressOfAct } from './parts/act-address.js';
import { choose, choosePage } from './choose.js';
import { signatureLines } from './signature-lines.js';
import { studyPage, type MainProps } from './page.js';
import { Pager, type Shown } from './parts/choices.js';
import { RecordLink, StudyLink } from './parts/links.js';
import { RecordedLine, recordedIn, type Recorded } from './parts/recorded.js';
import { Standing, isBroken, type SignatureLine } from './parts/signatures.js';
import { Choice, QueryForm } from './parts/query-form.js';
import { Table } from './parts/table.js';
import { When } from './parts/when.js';
import { counted } from './words/phrase.js';

interface ReviewPageAnswer extends ReviewAnswer {
  readonly code: string;
  /** Over reviews, each checked now. */
  readonly signatures: readonly SignatureLine[];
  readonly recorded: Recorded | undefined;
  /** The one list that is shown whole, where one is chosen. */
  readonly chosen: { readonly list: ReviewList; readonly shown: Shown } | undefined;
}

/** Of each list, where all are shown. */
const FEW = 8;
/** Of one list, on one page. */
const ROWS = 200;

/** What deserves a look in the trail, what nobody has reviewed yet, and the way to review it. */
export const reviewPage = studyPage<ReviewPageAnswer>({
  path: '/studies/:code/review',
  name: 'Review',
  parameters: ['list', 'page', 'hours', 'weekends', 'recorded'],
  title: () => 'Review',
  *answer(view, { query }, lab) {
    const { study, untilMs } = view;
    if (query['hours'] !== undefined && !new RegExp(HOURS_PATTERN, 'u').test(query['hours']))
      return refuse(
        'choice-unknown',
        `hours: “${query['hours'].slice(0, 40)}” is not a span of hours such as 07-19 or 06:30-22:00.`,
        'hours',
      );
    const weekends = choose(query, 'weekends', WEEKENDS);
    if (weekends instanceof Refusal) return weekends;
    const hours = workingHours(lab.people, study, { hours: query['hours'], weekends });
    const answer = yield* review.steps(new View(study, untilMs, undefined, hours));
    const name = choose(query, 'list', [['', ''], ...answer.lists.map(({ list }) => [list, list] as const)]);
    if (name instanceof Refusal) return name;
    const list = answer.lists.find((one) => one.list === name);
    const shown = choosePage(query, list?.count ?? 0, ROWS);
    if (shown instanceof Refusal) return shown;
    const over = new Set(answer.reviews.map(({ signature }) => signature));
    const signatures = signaturesOf(study).filter(({ record }) => over.has(record));
    return {
      ...answer,
      code: study.code,
      signatures: yield* signatureLines(view, lab, signatures),
      recorded: recordedIn({ view, query }),
      chosen: list && { list, shown },
    };
  },
  main: Main,
});

const WEEKENDS = [
  ['out', 'are out of hours'],
  ['in', 'are working days'],
] as const;

function Main({ answer, query }: MainProps<ReviewPageAnswer>): JSX.Element {
  const { chosen } = answer;
  if (chosen) return <OneList {...chosen} query={query} />;
  const { lists } = answer;
  const [some, none] = [lists.filter(({ count }) => count > 0), lists.filter(({ count }) => count === 0)];
  return (
    <>
      <h1>Review</h1>
      <RecordedLine recorded={answer.recorded} />
      <p class="lead">{summaryOf(answer)}</p>
      <Unreviewed {...answer} />
      <Reviews {...answer} />
      <Hours hours={answer.hours} query={query} />
      {some.map((list) => (
        <section id={list.list}>
          <h2>{`${list.title}: ${list.count}`}</h2>
          <p class="quiet">{list.rule}</p>
          <Rows title={list.title} rows={list.rows.slice(0, FEW)} />
          {list.count > FEW && (
            <p>
              <StudyLink to="/review" query={{ ...query, list: list.list }}>{`All ${list.count}`}</StudyLink>
            </p>
          )}
        </section>
      ))}
      {none.length > 0 && (
        <section>
          <h2>Nothing found</h2>
          <ul>
            {none.map(({ title, rule }) => (
              <li>
                {title}: none. <span class="quiet">{rule}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function summaryOf({ unreviewed, reviews }: ReviewAnswer): string {
  const made =
    reviews.length === 0 ? 'The trail has not been reviewed yet' : counted(reviews.length, 'review');
  return `${made}. ${unreviewed.length === 0 ? 'Every record was reviewed.' : `Not reviewed: ${counted(unreviewed.length, 'range')} of records.`}`;
}

function Unreviewed({ code, unreviewed }: Pick<ReviewPageAnswer, 'code' | 'unreviewed'>): JSX.Element {
  return (
    <section>
      <h2>Not reviewed yet</h2>
      <p class="quiet">
        A range is reviewed by somebody who made none of its records and is not named in one as having taken
        part. Signatures, reviews, witnesses, inspections, acknowledgements and the closing of the study need
        no review.
      </p>
      <Table<Range>
        label="Ranges that nobody has reviewed"
        rows={unreviewed.slice(0, FEW)}
        none="Every record was reviewed."
        columns={[
          {
            head: 'Records',
            cell: ({ from, to }) => (
              <>
                <RecordLink number={from} />
                {from !== to && (
                  <>
                    {' '}
                    to <RecordLink number={to} />
                  </>
                )}
              </>
            ),
          },
          { head: 'How many', cell: ({ from, to }) => to - from + 1, as: 'number' },
          {
            head: 'What to do',
            cell: ({ from, to }) => (
              <StudyLink
                to="/bench/enter/review-trail"
                query={{ 'data.from': `${from}`, 'data.to': `${to}`, next: `/studies/${code}/review` }}
              >
                {from === to ? `Review #${from}` : `Review #${from} to #${to}`}
              </StudyLink>
            ),
          },
        ]}
      />
      {unreviewed.length > FEW && <p class="quiet">{`${unreviewed.length - FEW} more ranges follow.`}</p>}
    </section>
  );
}

function Reviews({
  code,
  reviews,
  signatures,
}: Pick<ReviewPageAnswer, 'code' | 'reviews' | 'signatures'>): JSX.Element {
  return (
    <section>
      <h2>Reviews</h2>
      <Table
        label="Reviews of the trail"
        rows={reviews}
        none="None yet. Look at the lists below, then review the range above."
        columns={[
          { head: 'Review', cell: ({ record }) => <RecordLink number={record} /> },
          {
            head: 'Records',
            cell: ({ from, to }) => (
              <>
                <RecordLink number={from} /> to <RecordLink number={to} />
              </>
            ),
          },
          { head: 'By', cell: ({ reviewer }) => reviewer },
          { head: 'Recorded', cell: ({ recordedAt }) => <When at={recordedAt} /> },
          {
            head: 'Status',
            cell: (one) => <Status {...one} code={code} signatures={signatures} />,
            as: 'wide',
          },
          { head: 'Findings', cell: ({ findings }) => findings, as: 'text' },
        ]}
      />
    </section>
  );
}

function Status({
  code,
  record,
  signature,
  supersededBy,
  signatures,
}: ReviewAnswer['reviews'][number] & Pick<ReviewPageAnswer, 'code' | 'signatures'>): JSX.Element {
  const line = signatures.find((one) => one.record === signature);
  const { to, query } = addressOfAct({ next: { sign: 'reviewed' }, record }, `/studies/${code}/review`);
  return (
    <>
      {line ? (
        <Standing line={line} />
      ) : (
        <>
          not signed: its reviewer{' '}
          <StudyLink to={to} query={query}>
            {`signs #${record}`}
          </StudyLink>{' '}
          as reviewed
        </>
      )}
      {supersededBy !== null && (!line || isBroken(line)) && (
        <strong>
          , superseded by <RecordLink number={supersededBy} />
        </strong>
      )}
    </>
  );
}

/** The hours are a choice of whoever looks. */
function Hours({
  hours,
  query,
}: Pick<ReviewAnswer, 'hours'> & { readonly query: Readonly<Record<string, string>> }): JSX.Element {
  return (
    <section>
      <h2>What deserves a look</h2>
      <QueryForm to="/review" label="Working hours" class="filters">
        <label>
          <span>{`Working hours in ${hours.zone}`}</span>
          <input name="hours" value={query['hours'] ?? `${hours.from}-${hours.to}`} size={12} />
        </label>
        <Choice
          name="weekends"
          label="Weekends"
          any={WEEKENDS[0][1]}
          chosen={query['weekends'] === 'in' ? 'in' : undefined}
          options={WEEKENDS.slice(1)}
        />
        <button>Show</button>
      </QueryForm>
    </section>
  );
}

function OneList({
  list: { list, title, rule, count, rows },
  shown,
  query,
}: NonNullable<ReviewPageAnswer['chosen']> & {
  readonly query: Readonly<Record<string, string>>;
}): JSX.Element {
  const { list: _, page: __, ...rest } = query;
  return (
    <>
      <p class="back">
        <StudyLink to="/review" query={rest}>
          Review
        </StudyLink>
      </p>
      <h1>{`${title}: ${count}`}</h1>
      <p class="quiet">{rule}</p>
      <section id={list}>
        <Rows title={title} rows={rows.slice(shown.from, shown.until)} />
        <Pager to="/review" query={query} what="record" shown={shown} />
      </section>
    </>
  );
}

function Rows({ title, rows }: { readonly title: string; readonly rows: readonly ReviewRow[] }): JSX.Element {
  return (
    <Table
      label={title}
      rows={rows}
      none="None."
      columns={[
        { head: 'Record', cell: ({ record }) => <RecordLink number={record} /> },
        { head: 'What', cell: ({ type }) => typeInWords(type as EventType), as: 'wide' },
        { head: 'By', cell: ({ actor }) => actor },
        { head: 'Recorded', cell: ({ recordedAt }) => <When at={recordedAt} /> },
        { head: 'Why', cell: ({ why }) => whyInWords(why), as: 'text' },
      ]}
    />
  );
}

/** Flags stand before the reason, as codes. */
function whyInWords(why: string): string {
  const [codes = '', ...reason] = why.split(': “');
  const words = /^[a-z-]+(, [a-z-]+)*$/.test(codes) ? codes.replaceAll('-', ' ') : codes;
  return [words, ...reason].join(': “');
}
