import type { JSX } from 'preact';
import { answerFromView, ask } from '../queries/ask.js';
import { takeInTurns } from '../queries/in-turns.js';
import { ListStudies } from '../queries/queries.js';
import { openActs } from '../study/signatures/open-acts.js';
import { waitingIn, type Waiting } from '../study/projections/waiting.js';
import { ledgerPage, type MainProps } from './page.js';
import { Badge, type Anchored } from './parts/badge.js';
import { FirstSteps } from './parts/first-steps.js';
import { Table } from './parts/table.js';
import { When } from './parts/when.js';
import { REGISTERING } from '../study/who.js';
import { viewerOf } from './viewer.js';
import { counted, countText } from './words/phrase.js';

interface Listed {
  readonly study: string;
  readonly state: string;
  readonly treeSize: number;
  readonly title?: string | null;
  readonly director?: string | null;
  readonly directorAbsent?: boolean;
  readonly animals?: { readonly enrolled: number; readonly excluded: number; readonly euthanised: number };
  readonly lastRecordedAt?: string | null;
  readonly problem?: string;
  readonly anchor?: { readonly state: Anchored['state']; readonly size?: number };
}

interface Row extends Listed {
  readonly species: string;
  readonly waits: readonly string[];
}

interface Studies {
  readonly facility: string;
  /** Whether the reader may register a study. */
  readonly mayRegister: boolean;
  readonly rows: readonly Row[];
}

export const studiesPage = ledgerPage<Studies>({
  path: '/',
  readers: 'signed-in',
  name: 'Studies',
  title: () => 'Studies',
  async answer(engine, _address, reader) {
    const { mayRead } = reader;
    const { facility, studies } = (await ask(engine, new ListStudies())) as unknown as {
      facility: string;
      studies: readonly Listed[];
    };
    const rows: Row[] = [];
    for (const listed of studies) {
      if (!mayRead(listed.study)) continue;
      const open = listed.state !== 'damaged' && listed.state !== 'unfinished';
      const more = open
        ? await answerFromView(engine, listed.study, {}, async (view) => ({
            species: [...new Set(view.animals().map(({ history }) => speciesIn(history)))].join(', '),
            ...(await takeInTurns(waitingIn(view))),
            acts: openActs(view.study).length,
          }))
        : {};
      rows.push({ ...listed, species: (more as { species?: string }).species ?? '', waits: waitsOf(more) });
    }
    const { person, roles } = viewerOf(engine.labNow, reader, engine.clock());
    const mayRegister = person === undefined || REGISTERING.roles.some((role) => roles.has(role));
    return { facility, mayRegister, rows };
  },
  main: Main,
});

function speciesIn(history: readonly { readonly type: string; readonly data: object }[]): string {
  const enrolled = history.find(({ type }) => type === 'SubjectEnrolled');
  return (enrolled?.data as { species?: string } | undefined)?.species ?? 'not said';
}

function waitsOf(more: object): string[] {
  const {
    endpoints = [],
    deviations = [],
    late = [],
    acts = 0,
  } = more as Partial<Waiting> & { acts?: number };
  return [
    ...(acts > 0 ? [`${counted(acts, 'act')} to sign or record`] : []),
    ...(endpoints.length > 0 ? [`${counted(endpoints.length, 'endpoint')} to decide`] : []),
    ...(deviations.length > 0 ? [`${counted(deviations.length, 'deviation')} to assess`] : []),
    ...(late.length > 0 ? [`${counted(late.length, 'late entry', 'late entries')} to assess`] : []),
  ];
}

function Main({ answer: { facility, mayRegister, rows } }: MainProps<Studies>): JSX.Element {
  return (
    <>
      <h1>Studies of {facility}</h1>
      {rows.length === 0 ? <FirstSteps /> : <StudyTable rows={rows} />}
      {rows.length > 0 && mayRegister && (
        <p>
          <a href="/studies/new">Start a study</a>
        </p>
      )}
    </>
  );
}

function StudyCell({ study, state }: Row): JSX.Element {
  return (
    <>
      <a href={`/studies/${study}`}>{study}</a>
      {state === 'open' && (
        <>
          <br />
          <a href={`/studies/${study}/bench`}>Bench</a>
        </>
      )}
    </>
  );
}

function activeOf({ enrolled, excluded, euthanised }: NonNullable<Listed['animals']>): number {
  return Math.max(0, enrolled - excluded - euthanised);
}

function StudyTable({ rows }: { readonly rows: readonly Row[] }): JSX.Element {
  return (
    <Table
      label="Studies"
      rows={rows}
      columns={[
        { head: 'Study', cell: StudyCell },
        {
          head: 'Title',
          as: 'text',
          cell: ({ title, species, director, directorAbsent, problem }) => (
            <>
              {title ?? problem}
              <br />
              <span class="quiet">
                {[species, director && `directed by ${director}${directorAbsent ? ' (director-absent)' : ''}`]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </>
          ),
        },
        { head: 'State', cell: ({ state }) => state },
        { head: 'Enrolled', as: 'number', cell: ({ animals }) => animals?.enrolled },
        { head: 'Active', as: 'number', cell: ({ animals }) => animals && activeOf(animals) },
        {
          head: 'Ended',
          as: 'number',
          cell: ({ animals }) => animals && animals.enrolled - activeOf(animals),
        },
        {
          head: 'Waits for',
          as: 'wide',
          cell: ({ waits }) =>
            waits.length === 0 ? <span class="quiet">nothing</span> : waits.map((one) => <div>{one}</div>),
        },
        { head: 'Records', as: 'number', cell: ({ treeSize }) => countText(treeSize) },
        {
          head: 'Last recorded',
          as: 'wide',
          cell: ({ lastRecordedAt }) => (lastRecordedAt ? <When at={lastRecordedAt} /> : ''),
        },
        {
          head: 'Evidence',
          as: 'wide',
          cell: ({ study, treeSize, anchor, problem }) => (
            <Badge
              size={anchor?.size ?? 0}
              head={treeSize}
              state={anchor?.state ?? 'none'}
              alarm={problem}
              href={`/studies/${study}`}
            />
          ),
        },
      ]}
    />
  );
}
