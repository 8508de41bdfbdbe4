import type { JSX } from 'preact';
import type { AccessRecord } from '../lab/access.js';
import { accessNewestFirst, type AccessAsked } from '../queries/people-log.js';
import type { Numbered } from '../study/record.js';
import { Refusal } from '../study/refusal.js';
import { ACCESS_READERS } from '../study/who.js';
import { choosePage } from './choose.js';
import { ledgerPage, type MainProps } from './page.js';
import { Pager, type Shown } from './parts/choices.js';
import { InLab } from './parts/in-lab.js';
import { Choice, QueryForm } from './parts/query-form.js';
import { RecordList, type RecordLine } from './parts/records.js';
import { ACCESS_KINDS, accessSentence } from './words/access-sentence.js';
import { counted } from './words/phrase.js';

interface AccessTold {
  readonly shown: Shown;
  readonly lines: readonly RecordLine[];
  readonly persons: readonly string[];
}

/** No more records on one page. */
const ROWS = 200;

export const accessPage = ledgerPage<AccessTold>({
  path: '/access',
  readers: { facility: ACCESS_READERS },
  name: 'Access',
  parameters: ['person', 'kind', 'page'],
  title: () => 'Access log',
  async answer(engine, { query }) {
    const asked: AccessAsked = { actor: query['person'], type: query['kind'] };
    const { count, read } = await accessNewestFirst(engine, asked);
    const shown = choosePage(query, count, ROWS);
    if (shown instanceof Refusal) return shown;
    const { people } = await engine.lab();
    return {
      shown,
      lines: (await read(shown.from, shown.until)).map(lineOf),
      persons: [...people.persons.keys()],
    };
  },
  main: Main,
});

function lineOf({ number, record }: Numbered<AccessRecord>): RecordLine {
  return {
    number,
    at: record.time,
    recordedAt: record.recordedtime,
    actor: record.actor,
    role: record.actorrole,
    phrases: [accessSentence(record)],
    flags: [],
    reason: undefined,
    supersededBy: undefined,
  };
}

function Main({ answer: { shown, lines, persons }, query }: MainProps<AccessTold>): JSX.Element {
  const { page: _page, ...asked } = query;
  return (
    <InLab log="access">
      <h1>Access log</h1>
      <p class="lead">
        The access log lists sign-ins and sign-outs, refused commands, and what was taken out of the ledger.
        Like the log of a study, it cannot be changed unnoticed.
      </p>
      <QueryForm to="/access" label="Which records" class="filters">
        <Choice
          name="person"
          label="Person"
          any="anybody"
          chosen={asked['person']}
          options={persons.map((id) => [id, id] as const)}
        />
        <Choice name="kind" label="Kind" any="any" chosen={asked['kind']} options={ACCESS_KINDS} />
        <button>Show</button>
        {Object.keys(asked).length > 0 && <a href="/access">Show all</a>}
      </QueryForm>
      <section id="list">
        <h2>{counted(shown.count, 'record')}, newest first</h2>
        {shown.count === 0 && (
          <p class="none">
            {Object.keys(asked).length > 0 ? 'No record matches.' : 'Nothing is recorded here yet.'}
          </p>
        )}
        <RecordList lines={lines} />
        <Pager to="/access" query={query} what="record" shown={shown} />
      </section>
    </InLab>
  );
}
