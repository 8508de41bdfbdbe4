import type { JSX } from 'preact';
import { answerFromView, ask } from '../queries/ask.js';
import { ListStudies } from '../queries/queries.js';
import type { Archive } from '../study/archive.js';
import { attachmentsOf } from '../study/attachments.js';
import { factsOf } from '../study/study.js';
import { substancesOf } from '../study/rules/planned.js';
import { ledgerPage, type MainProps } from './page.js';
import { Table } from './parts/table.js';
import { Day } from './parts/when.js';
import { counted, countText } from './words/phrase.js';

interface Row extends Archive {
  readonly study: string;
  readonly title: string;
  readonly director: string;
  readonly treeSize: number;
  readonly files: number;
  /** When it was archived. */
  readonly since: string;
  /** What the index is searched by, beside code, title and director. */
  readonly about: readonly string[];
  /** Negative once the day has passed. */
  readonly daysLeft: number;
  /** Why it is kept until then, where management said so. */
  readonly why: string | undefined;
}

interface Index {
  readonly asked: string;
  readonly count: number;
  readonly rows: readonly Row[];
}

interface Listed {
  readonly study: string;
  readonly title?: string | null;
  readonly director?: string | null;
  readonly treeSize?: number;
  readonly archive?: Archive;
}

const DAY_MS = 86_400_000;

/** The index of the archive (21 CFR 58.190(e)): which studies are kept, where, until when, and what of them lies elsewhere. */
export const archivePage = ledgerPage<Index>({
  path: '/archive',
  readers: 'signed-in',
  name: 'Archive',
  parameters: ['find'],
  title: () => 'Archive',
  async answer(engine, { query }, { mayRead }) {
    const asked = (query['find'] ?? '').trim();
    const { studies } = (await ask(engine, new ListStudies())) as unknown as { studies: readonly Listed[] };
    const rows: Row[] = [];
    for (const { study, title, director, treeSize = 0, archive } of studies) {
      if (!archive || !mayRead(study)) continue;
      const more = (await answerFromView(engine, study, {}, async ({ study: state, protocols }) => ({
        files: attachmentsOf(state).filter(({ withdrawnBy }) => withdrawnBy === undefined).length,
        since: factsOf(state.facts, 'StudyArchived').at(-1)!.time,
        why: state.records.at(archive.record)!.record.reason,
        about: [
          ...new Set([
            ...[...state.subjects.values()].flatMap(({ facts }) =>
              factsOf(facts, 'SubjectEnrolled').map(({ data }) => data.species),
            ),
            ...protocols.versions.flatMap(({ protocol }) =>
              substancesOf(protocol).map(({ id, name }) => name ?? id),
            ),
          ]),
        ],
      }))) as unknown as Pick<Row, 'files' | 'since' | 'about' | 'why'>;
      const daysLeft = Math.ceil((Date.parse(archive.retainUntil) - engine.clock()) / DAY_MS);
      rows.push({
        study,
        title: title ?? '',
        director: director ?? '',
        treeSize,
        ...archive,
        ...more,
        daysLeft,
      });
    }
    const found = rows.filter((row) => isFound(row, asked.toLowerCase()));
    return { asked, count: rows.length, rows: found.sort((a, b) => (a.study < b.study ? -1 : 1)) };
  },
  main: Main,
});

function isFound({ study, title, director, location, about }: Row, asked: string): boolean {
  return [study, title, director, location, ...about].some((text) => text.toLowerCase().includes(asked));
}

function Main({ answer: { asked, count, rows } }: MainProps<Index>): JSX.Element {
  return (
    <>
      <h1>Archive</h1>
      {count > 0 && (
        <p class="lead">
          {counted(count, 'archived study', 'archived studies')}. Nothing more is recorded in an archived
          study. Its records, pages and files can be read like those of any other study. The column
          “Elsewhere” says where specimens and papers are kept.
        </p>
      )}
      <form method="get" action="/archive" class="filters" aria-label="Which studies">
        <label>
          <span>Code, title, director, species, substance or place</span>
          <input type="search" name="find" value={asked} autoComplete="off" />
        </label>
        <button>Find</button>
        {asked !== '' && <a href="/archive">Show all</a>}
      </form>
      <Table
        label="Archived studies"
        rows={rows}
        none={
          asked === ''
            ? 'No study is archived yet. Management archives a closed study.'
            : 'No archived study matches.'
        }
        columns={[
          {
            head: 'Study',
            as: 'text',
            cell: ({ study, title, director, about }) => (
              <>
                <a href={`/studies/${study}`}>{study}</a> {title}
                <br />
                <span class="quiet">
                  {[...about, director && `directed by ${director}`].filter(Boolean).join(' · ')}
                </span>
              </>
            ),
          },
          { head: 'Elsewhere', as: 'text', cell: ({ location }) => location },
          {
            head: 'In the ledger',
            as: 'wide',
            cell: ({ study, treeSize, files }) => (
              <>
                {countText(treeSize)} records,{' '}
                <a href={`/studies/${study}/files`}>{counted(files, 'file')}</a>
              </>
            ),
          },
          {
            head: 'Archived',
            as: 'wide',
            cell: ({ study, since, record }) => (
              <>
                <Day at={since} /> <a href={`/studies/${study}/records/${record}`}>{`#${record}`}</a>
              </>
            ),
          },
          {
            head: 'Kept at least until',
            as: 'wide',
            cell: ({ retainUntil, why }) => (
              <>
                <Day at={retainUntil} />
                {why !== undefined && <span class="reason"> “{why}”</span>}
              </>
            ),
          },
          {
            head: 'Days left',
            as: 'number',
            cell: ({ daysLeft }) => (daysLeft < 0 ? 'over' : countText(daysLeft)),
          },
        ]}
      />
    </>
  );
}
