import type { JSX } from 'preact';
import { flowDiagram } from '../../exports/figures/flow-diagram.js';
import type { Flow } from '../../study/projections/study-flow.projection.js';
import { stageInWords } from '../words/stages.js';
import { Figure } from './figure.js';
import { AnimalLink, RecordLink, StudyLink } from './links.js';
import { Table } from './table.js';

/** How many animals reached each stage, drawn and as a table, and who was excluded. */
export function Course({
  flow,
  drug,
  most = Infinity,
}: {
  readonly flow: Flow;
  /** What is titrated. */
  readonly drug: string;
  /** No more animals are named for a stage; the page of the animals has all. */
  readonly most?: number;
}): JSX.Element {
  if (flow.stages.every(({ count }) => count === 0))
    return (
      <section>
        <h2>Course of the animals</h2>
        <p class="none">
          No animal is enrolled yet. From the first enrolment on, this section shows how many animals have
          reached which stage.
        </p>
      </section>
    );
  return (
    <section>
      <h2>Course of the animals</h2>
      <Figure drawing={flowDiagram(flow, drug)}>
        Planned deaths are not drawn. The table names the animals.
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
                {subjects.slice(0, most).flatMap((id) => [<AnimalLink id={id} />, ' '])}
                {subjects.length > most && (
                  <StudyLink
                    to="/animals"
                    query={{ stage }}
                  >{`and ${subjects.length - most} more`}</StudyLink>
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
