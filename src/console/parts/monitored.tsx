import { seenInWords } from '../../study/welfare/endpoints.js';
import type { JSX } from 'preact';
import type { WelfareRecord } from '../../study/projections/welfare.projection.js';
import { counted, countText } from '../words/phrase.js';
import { FirstAnimals } from './few.js';
import { AnimalLink, RecordLink } from './links.js';
import { Table } from './table.js';
import { When } from './when.js';

/** No more rows of what concerns single animals; the page of an animal has all of its own. */
const ROWS = 50;

type Animals = { readonly animals: readonly WelfareRecord[] };

/** Humane endpoints, those that wait for a decision first. */
export function ReachedEndpoints({ animals }: Animals): JSX.Element {
  const reached = animals
    .flatMap(({ subject, endpoints }) => endpoints.map((endpoint) => ({ subject, ...endpoint })))
    .sort((a, b) => Number(a.decision !== null) - Number(b.decision !== null));
  return (
    <section>
      <h2>Humane endpoints</h2>
      <Table
        label="Humane endpoints"
        rows={reached.slice(0, ROWS)}
        none="None was reached. An endpoint that is reached is listed here, with the decision about it."
        columns={[
          { head: 'Animal', cell: ({ subject }) => <AnimalLink id={subject} /> },
          { head: 'Endpoint', as: 'wide', cell: ({ id }) => id.replaceAll('-', ' ') },
          {
            head: 'Reached',
            as: 'wide',
            cell: ({ record, ...seen }) => (
              <>
                {seenInWords(seen)} <RecordLink number={record} />
              </>
            ),
          },
          { head: 'When', as: 'wide', cell: ({ occurredAt }) => <When at={occurredAt} day /> },
          {
            head: 'Decided',
            as: 'wide',
            cell: ({ decision }) =>
              decision ? (
                <>
                  {decision.decision.replaceAll('-', ' ')} <RecordLink number={decision.record} />
                  {decision.justification !== null && <span class="quiet"> “{decision.justification}”</span>}
                </>
              ) : (
                <strong class="flag">▲ not decided</strong>
              ),
          },
        ]}
      />
      <Rest count={reached.length} />
    </section>
  );
}

export function AdverseEvents({ animals }: Animals): JSX.Element {
  const events = animals
    .flatMap(({ subject, use }) => use.adverseEvents.map((event) => ({ subject, ...event })))
    .sort((a, b) => a.record - b.record);
  return (
    <section>
      <h2>Adverse events</h2>
      <Table
        label="Adverse events"
        rows={events.slice(0, ROWS)}
        none="None was reported."
        columns={[
          { head: 'Animal', cell: ({ subject }) => <AnimalLink id={subject} /> },
          { head: 'Record', cell: ({ record }) => <RecordLink number={record} /> },
          { head: 'When', as: 'wide', cell: ({ on }) => <When at={on} day /> },
          { head: 'Severity', cell: ({ severity }) => severity },
          { head: 'Expected', cell: ({ expected }) => (expected ? 'yes' : 'no') },
          { head: 'What', as: 'text', cell: ({ description }) => description },
          {
            head: 'Reported to',
            as: 'wide',
            cell: ({ reportedTo, expected }) =>
              reportedTo ??
              (expected ? <span class="quiet">not said</span> : <span class="flag">▲ nobody</span>),
          },
        ]}
      />
      <Rest count={events.length} />
    </section>
  );
}

/** Checks of the monitoring plan: due, done, and where they are missing. */
export function Monitoring({ animals }: Animals): JSX.Element {
  const checks = new Map<string, { due: number; done: number; missed: string[] }>();
  for (const { subject, use } of animals) {
    for (const { id, due, done } of use.monitoring.checks) {
      const sum = checks.get(id) ?? { due: 0, done: 0, missed: [] };
      checks.set(id, sum);
      sum.due += due;
      sum.done += done;
      if (done < due) sum.missed.push(subject);
    }
  }
  return (
    <section>
      <h2>Checks</h2>
      <Table
        label="Checks"
        rows={[...checks]}
        none="The protocol plans no checks."
        columns={[
          { head: 'Check', cell: ([id]) => id.replaceAll('-', ' ') },
          { head: 'Due', as: 'number', cell: ([, { due }]) => countText(due) },
          { head: 'Done', as: 'number', cell: ([, { done }]) => countText(done) },
          { head: 'Missed', as: 'number', cell: ([, { due, done }]) => countText(due - done) },
          {
            head: 'Of which animals',
            as: 'text',
            cell: ([, { missed }]) => (missed.length === 0 ? 'none' : <FirstAnimals ids={missed} />),
          },
        ]}
      />
    </section>
  );
}

function Rest({ count }: { readonly count: number }): JSX.Element | null {
  if (count <= ROWS) return null;
  return <p class="quiet">{counted(count - ROWS, 'more')} on the pages of the animals.</p>;
}
