import type { JSX } from 'preact';
import { flowDiagram } from '../exports/figures/flow-diagram.js';
import { studyFlow, type Flow } from '../study/projections/study-flow.projection.js';
import { studySummary } from '../study/projections/study-summary.js';
import { waitingIn, type Waiting } from '../study/projections/waiting.js';
import { factsOf, type ProtocolVersion } from '../study/study.js';
import { studyPage, type MainProps } from './page.js';
import { Figure } from './parts/figure.js';
import { AnimalLink, RecordLink, RecordLinks, StudyLink } from './parts/links.js';
import { RecordList, recordLine, type RecordLine } from './parts/records.js';
import { Facts, Table } from './parts/table.js';
import { When } from './parts/when.js';
import { protocolDifferences, protocolInWords } from './words/protocol.js';
import { counted } from './words/phrase.js';
import { stageInWords } from './words/stages.js';

interface StudyAnswer {
  readonly summary: Summary;
  readonly flow: Flow;
  readonly waiting: Waiting;
  readonly versions: readonly ProtocolVersion[];
  readonly newest: readonly RecordLine[];
}

interface Summary {
  readonly state: string;
  readonly title: string | null;
  readonly director: string | null;
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
  *answer(view) {
    const opened = factsOf(view.study.facts, 'StudyOpened')[0];
    const { records, size } = view.study;
    return {
      summary: {
        ...(studySummary(view) as unknown as Summary),
        opened: opened?.time ?? null,
        objective: opened?.data.objective ?? null,
      },
      flow: yield* studyFlow.steps(view),
      waiting: yield* waitingIn(view),
      versions: view.protocols.versions.filter(({ at }) => at <= view.untilMs),
      newest: Array.from({ length: Math.min(NEWEST, size) }, (_, back) =>
        recordLine(view, records.at(size - 1 - back)!),
      ),
    };
  },
  main: Main,
});

function Main({ answer }: MainProps<StudyAnswer>): JSX.Element {
  const { summary, flow, waiting, versions, newest } = answer;
  return (
    <>
      <h1>Overview</h1>
      {summary.objective !== null && <p class="lead">{summary.objective}</p>}
      <Facts
        facts={[
          ['State', summary.state],
          ['Study director', summary.director],
          ['Ethics approval', summary.ethicsApproval],
          ['Opened', summary.opened && <When at={summary.opened} />],
        ]}
      />
      <Waits waiting={waiting} hasProtocol={versions.length > 0} />
      <Course flow={flow} />
      <ProtocolInWords versions={versions} />
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

function Waits({
  waiting: { endpoints, deviations, late },
  hasProtocol,
}: {
  readonly waiting: Waiting;
  readonly hasProtocol: boolean;
}): JSX.Element {
  const nothing = hasProtocol && endpoints.length + deviations.length + late.length === 0;
  return (
    <section class="waits">
      <h2>What waits</h2>
      {nothing && <p class="none">Nothing waits for anybody.</p>}
      {!hasProtocol && <p>The study director approves a protocol; until then no animal can be enrolled.</p>}
      {endpoints.length > 0 && (
        <>
          <h3>The study director or the veterinarian decides</h3>
          <ul>
            {endpoints.map(({ subject, id, observed, record, occurredAt }) => (
              <li>
                <AnimalLink id={subject} /> reached the humane endpoint {id.replaceAll('-', ' ')}: {observed}{' '}
                (
                <RecordLink number={record} />, <When at={occurredAt} />)
              </li>
            ))}
          </ul>
        </>
      )}
      {deviations.length + late.length > 0 && (
        <>
          <h3>The study director assesses</h3>
          <ul>
            {deviations.length > 0 && (
              <li>
                {counted(deviations.length, 'deviation')}: <RecordLinks numbers={deviations} />
              </li>
            )}
            {late.length > 0 && (
              <li>
                {counted(late.length, 'late entry', 'late entries')}: <RecordLinks numbers={late} />
              </li>
            )}
          </ul>
        </>
      )}
    </section>
  );
}

function Course({ flow }: { readonly flow: Flow }): JSX.Element {
  return (
    <section>
      <h2>Course of the animals</h2>
      {flow.stages.every(({ count }) => count === 0) && <p class="none">No animal is enrolled yet.</p>}
      <Figure drawing={flowDiagram(flow)}>
        Each number leads to the animals behind it. Deaths as the protocol plans them are not drawn.
      </Figure>
      <Table
        label="Animals by stage"
        rows={flow.stages}
        idOf={({ stage }) => stage}
        columns={[
          { head: 'Stage', cell: ({ stage }) => stageInWords(stage) },
          {
            head: 'Animals',
            as: 'number',
            cell: ({ stage, count }) =>
              count === 0 ? (
                0
              ) : (
                <StudyLink to="/animals" query={{ stage }}>
                  {String(count)}
                </StudyLink>
              ),
          },
          {
            head: 'Which',
            as: 'wide',
            cell: ({ stage, subjects }) => (
              <>
                {subjects.slice(0, MOST_NAMED).flatMap((id) => [<AnimalLink id={id} />, ' '])}
                {subjects.length > MOST_NAMED && (
                  <StudyLink
                    to="/animals"
                    query={{ stage }}
                  >{`and ${subjects.length - MOST_NAMED} more`}</StudyLink>
                )}
              </>
            ),
          },
        ]}
      />
      {flow.exclusions.length > 0 && (
        <>
          <h3>Excluded</h3>
          <ul>
            {flow.exclusions.map(({ subject, record, after, prespecified, criterion, reason }) => (
              <li>
                <AnimalLink id={subject} /> after {stageInWords(after).toLowerCase()}:{' '}
                {criterion?.replaceAll('-', ' ') ?? 'no criterion named'}
                {prespecified ? '' : ', not set beforehand'}
                {reason !== null && `, “${reason}”`} (<RecordLink number={record} />)
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function ProtocolInWords({ versions }: { readonly versions: readonly ProtocolVersion[] }): JSX.Element {
  const [last, before] = [versions.at(-1), versions.at(-2)];
  if (!last) {
    return (
      <section>
        <h2>Protocol</h2>
        <p class="none">
          No protocol is approved. Until one is, no animal can be enrolled and no verdict can be computed.
        </p>
      </section>
    );
  }
  return (
    <section>
      <h2>Protocol, version {last.version}</h2>
      <p>
        {last.protocol.title} (<RecordLink number={last.holder} />)
      </p>
      {before && (
        <>
          <h3>What version {last.version} changed</h3>
          <Table
            label="Changes of the protocol"
            rows={protocolDifferences(before.protocol, last.protocol)}
            none="Nothing that is in words here; the record has every member."
            columns={[
              { head: 'About', cell: ({ about }) => about },
              {
                head: `Version ${before.version}`,
                as: 'wide',
                cell: ({ before: was }) => <del>{was ?? 'nothing'}</del>,
              },
              {
                head: `Version ${last.version}`,
                as: 'wide',
                cell: ({ after }) => <ins>{after ?? 'nothing'}</ins>,
              },
            ]}
          />
        </>
      )}
      <Facts facts={protocolInWords(last.protocol)} />
    </section>
  );
}
