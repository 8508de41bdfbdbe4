import type { JSX } from 'preact';
import { useContext } from 'preact/hooks';
import { utcInstant } from '../../study/instant.js';
import type { Lane, MarkKind, Stretch, Timeline, TimelineMark } from '../../study/projections/timeline.js';
import { dateInWords, dayOfStudy } from '../words/dates.js';
import { counted, countText } from '../words/phrase.js';
import type { Shown } from './choices.js';
import { AnimalLink, LinksContext, StudyLink } from './links.js';
import { Table, type Column } from './table.js';
import { FirstDay } from './when.js';

/** Each kind of mark: the class that draws its shape, short since a page holds thousands, and what it is called. */
const KINDS: Readonly<Record<MarkKind, readonly [shape: string, one: string, many: string]>> = {
  animal: ['a', 'enrolment, exclusion or end', 'enrolments, exclusions or ends'],
  operation: ['o', 'operation', 'operations'],
  threshold: ['t', 'withdrawal threshold', 'withdrawal thresholds'],
  stimulation: ['u', 'stimulation or motor threshold', 'stimulations or motor thresholds'],
  dose: ['d', 'dose', 'doses'],
  weight: ['w', 'body weight', 'body weights'],
  score: ['s', 'welfare or side effect score', 'welfare or side effect scores'],
  event: ['e', 'adverse event or intervention', 'adverse events or interventions'],
  decision: ['k', 'decision or assessment', 'decisions or assessments'],
  correction: ['c', 'correction or withdrawal', 'corrections or withdrawals'],
};

const ORDER = Object.keys(KINDS) as MarkKind[];

/** What the shapes of the marks stand for, as far as there are such marks. */
export function Legend({
  timeline: { lanes },
  summed,
}: {
  readonly timeline: Timeline;
  readonly summed: boolean;
}): JSX.Element {
  if (summed)
    return (
      <p class="key">
        Each number says how many facts there are of that animal in that time, shaded more for more; “×” says
        how many of them are corrections or withdrawals. The facts of one animal are shown one by one behind
        “facts”.
      </p>
    );
  const seen = new Set(lanes.flatMap(({ marks }) => [...marks.values()].flat().map(({ kind }) => kind)));
  return (
    <ul class="legend">
      {ORDER.filter((kind) => seen.has(kind)).map((kind) => (
        <li>
          <span class={KINDS[kind][0]} /> {KINDS[kind][1]}
        </li>
      ))}
    </ul>
  );
}

/** A lane an animal, days across. It scrolls within itself, and the animals stay in sight. */
export function Lanes({
  timeline: { lanes, stretches },
  shown,
  summed,
}: {
  readonly timeline: Timeline;
  readonly shown: Shown;
  readonly summed: boolean;
}): JSX.Element {
  const rows = lanes.slice(shown.from, shown.until);
  return (
    <div class={summed ? 'timeline summed' : 'timeline'}>
      <Table<Lane>
        label="Timeline"
        dense
        rows={rows}
        columns={[
          { head: 'Animal', cell: ({ subject }) => <LaneName subject={subject} summed={summed} /> },
          ...stretches.map((stretch): Column<Lane> => {
            const { first, idle } = stretch;
            if (idle) return { head: idleText(stretch), as: 'idle', cell: () => null };
            const most = Math.max(...rows.map(({ marks }) => marks.get(first)?.length ?? 0));
            return {
              head: headText(stretch),
              ...(!summed && most > 2 && { as: most > 6 ? 'many' : 'few' }),
              cell: ({ marks }) => <Cell marks={marks.get(first)} summed={summed} />,
            };
          }),
        ]}
      />
    </div>
  );
}

function LaneName({
  subject,
  summed,
}: {
  readonly subject: string | null;
  readonly summed: boolean;
}): JSX.Element {
  if (subject === null) return <>the study</>;
  return (
    <>
      <AnimalLink id={subject} />
      {summed && (
        <>
          {' '}
          <StudyLink to="/timeline" query={{ animal: subject }}>
            facts
          </StudyLink>
        </>
      )}
    </>
  );
}

function Cell({
  marks,
  summed,
}: {
  readonly marks: readonly TimelineMark[] | undefined;
  readonly summed: boolean;
}): JSX.Element | null {
  const links = useContext(LinksContext);
  if (!marks) return null;
  if (summed) {
    const corrections = marks.filter(({ kind }) => kind === 'correction').length;
    const shade = marks.length > 12 ? 'z' : marks.length > 4 ? 'y' : 'x';
    return (
      <b class={shade}>
        {marks.length}
        {corrections > 0 && ` ×${corrections}`}
      </b>
    );
  }
  return (
    <>
      {marks.map(({ record, kind }) => (
        <a class={KINDS[kind][0]} href={links.record(record)}>
          #{record}
        </a>
      ))}
    </>
  );
}

/** The same in words: what happened on each day. */
export function DayByDay({ timeline: { stretches, lanes } }: { readonly timeline: Timeline }): JSX.Element {
  const firstDay = useContext(FirstDay);
  const days = stretches.filter(({ idle }) => !idle);
  return (
    <section id="days">
      <h2>Day by day</h2>
      <Table
        label="Day by day"
        dense
        rows={days}
        columns={[
          { head: 'Day', cell: (stretch) => stretchText(stretch) },
          {
            head: 'Day of the study',
            as: 'number',
            cell: ({ first }) => firstDay !== undefined && dayOfStudy(instantOf(first), firstDay),
          },
          { head: 'Animals', as: 'number', cell: ({ first }) => animalsOn(lanes, first) },
          { head: 'What', as: 'text', cell: ({ first }) => whatOn(lanes, first) },
        ]}
      />
    </section>
  );
}

function animalsOn(lanes: readonly Lane[], first: number): number {
  return lanes.filter(({ subject, marks }) => subject !== null && marks.has(first)).length;
}

/** `26 body weights, 3 operations` */
function whatOn(lanes: readonly Lane[], first: number): string {
  const counts = new Map<MarkKind, number>();
  for (const { marks } of lanes)
    for (const { kind } of marks.get(first) ?? []) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return ORDER.filter((kind) => counts.has(kind))
    .map((kind) => counted(counts.get(kind)!, KINDS[kind][1], KINDS[kind][2]))
    .join(', ');
}

const DAY_MS = 86_400_000;

/** The beginning of a day that is counted since 1970. */
export function instantOf(day: number): string {
  return utcInstant(day * DAY_MS);
}

/** `Tue 24 Feb 2026`, or `24 Feb 2026 to 2 Mar 2026` for a longer one. */
function stretchText({ first, last }: Stretch): string {
  const begin = dateInWords(instantOf(first));
  if (first === last) return begin;
  return `${begin.slice(4)} to ${dateInWords(instantOf(last)).slice(4)}`;
}

/** `Tue 24 Feb`, or `from 24 Feb`: the table below has the years. */
function headText({ first, last }: Stretch): string {
  const begin = dateInWords(instantOf(first)).slice(0, -5);
  return first === last ? begin : `from ${begin.slice(4)}`;
}

function idleText({ first, last }: Stretch): string {
  return `${countText(last - first + 1)} d idle`;
}
