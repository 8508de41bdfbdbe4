import type { JSX } from 'preact';
import { useContext } from 'preact/hooks';
import {
  qualityAssurance,
  type Inspection,
  type InspectionReport,
  type QualityAssurance,
} from '../study/projections/quality-assurance.projection.js';
import { closureOf, signaturesOf } from '../study/study.js';
import { addressOfAct } from './parts/act-address.js';
import { studyPage, type MainProps } from './page.js';
import { FileHref, RecordLink, RecordLinks, StudyLink } from './parts/links.js';
import { RecordedLine, recordedIn, type Recorded } from './parts/recorded.js';
import { SignatureTable, Standing, isBroken, type SignatureLine } from './parts/signatures.js';
import { Table } from './parts/table.js';
import { signatureLines } from './signature-lines.js';
import { dateInWords } from './words/dates.js';
import { counted } from './words/phrase.js';

interface QualityAnswer extends QualityAssurance {
  readonly code: string;
  readonly isArchived: boolean;
  readonly recorded: Recorded | undefined;
  /** Over inspections, each checked now. */
  readonly signatures: readonly SignatureLine[];
}

/** Inspections by quality assurance with their reports, and the statement that follows. What was found is not here. */
export const qualityPage = studyPage<QualityAnswer>({
  path: '/studies/:code/quality',
  name: 'Quality',
  parameters: ['recorded'],
  title: () => 'Quality assurance',
  *answer(view, { query }, lab) {
    const quality = yield* qualityAssurance.steps(view);
    const over = new Set(
      quality.inspections.flatMap(({ signatures }) => signatures.map(({ record }) => record)),
    );
    const applied = signaturesOf(view.study).filter(({ record }) => over.has(record));
    return {
      ...quality,
      code: view.study.code,
      isArchived: closureOf(view.study).state === 'archived',
      recorded: recordedIn({ view, query }),
      signatures: yield* signatureLines(view, lab, applied),
    };
  },
  main: Main,
});

function Main({ answer }: MainProps<QualityAnswer>): JSX.Element {
  const { code, recorded, inspections, unreported, isArchived } = answer;
  return (
    <>
      <h1>Quality assurance</h1>
      <RecordedLine recorded={recorded} />
      <p class="lead">
        {inspections.length === 0
          ? 'No inspection is recorded.'
          : `${counted(inspections.length, 'inspection')}, ${unreported.length === 0 ? 'all reported to the study director and to management' : `${unreported.length} not yet reported to both`}.`}
      </p>
      {!isArchived && (
        <p>
          <StudyLink to="/bench/enter/record-inspection" query={{ next: `/studies/${code}/quality` }}>
            Record an inspection
          </StudyLink>
        </p>
      )}
      <section>
        <h2>Inspections</h2>
        <Table
          label="Inspections"
          rows={inspections}
          none="Quality assurance records each inspection here, with the day on which it was reported."
          columns={[
            { head: 'Record', cell: ({ record }) => <RecordLink number={record} /> },
            { head: 'Phase', cell: ({ phase }) => phase, as: 'wide' },
            { head: 'Inspected', cell: ({ on }) => dateInWords(on) },
            { head: 'By', cell: ({ inspector }) => inspector },
            {
              head: 'To the director',
              cell: (one) => <Reported {...one} to="director" code={code} />,
              as: 'wide',
            },
            {
              head: 'To management',
              cell: (one) => <Reported {...one} to="management" code={code} />,
              as: 'wide',
            },
            { head: 'Findings', cell: (one) => <FindingsLink {...one} code={code} />, as: 'wide' },
            {
              head: 'Signature',
              cell: (one) => <Signed {...one} code={code} all={answer.signatures} />,
              as: 'wide',
            },
          ]}
        />
        <p class="quiet">
          The findings are kept beside the log and shown to quality assurance only. The record holds a digest
          of them. Files and bundles have the days and the digest.
        </p>
      </section>
      <section>
        <h2>Signatures</h2>
        <SignatureTable
          lines={answer.signatures}
          label="Signatures over inspections"
          none="None of the inspections is signed."
        />
      </section>
      <Statement {...answer} />
    </>
  );
}

function Reported({
  record,
  reported,
  to,
  code,
}: Inspection & { readonly to: 'director' | 'management'; readonly code: string }): JSX.Element {
  const report: InspectionReport | null = reported[to];
  if (report)
    return (
      <>
        {dateInWords(report.on)} (<RecordLink number={report.record} />)
      </>
    );
  return (
    <>
      not yet:{' '}
      <StudyLink
        to="/bench/enter/report-inspection"
        query={{ 'data.target.number': `${record}`, 'data.to': to, next: `/studies/${code}/quality` }}
      >
        {`report #${record}`}
      </StudyLink>
    </>
  );
}

/** Where it is not signed, the way to it; else how its signature stands, as checked now. */
function Signed({
  record,
  signatures,
  code,
  all,
}: Inspection & { readonly code: string; readonly all: readonly SignatureLine[] }): JSX.Element {
  const last = all.findLast((line) => signatures.some((one) => one.record === line.record));
  if (last) return <Standing line={last} />;
  const { to, query } = addressOfAct({ next: { sign: 'inspected' }, record }, `/studies/${code}/quality`);
  return (
    <>
      not yet:{' '}
      <StudyLink to={to} query={query}>
        {`sign #${record}`}
      </StudyLink>
    </>
  );
}

function FindingsLink({ record, findings, code }: Inspection & { readonly code: string }): JSX.Element {
  if (findings === null) return <>none kept</>;
  return <a href={`/studies/${code}/findings/${record}`}>{`Findings of #${record}`}</a>;
}

function Statement({ inspections, unreported, unsigned, signatures }: QualityAnswer): JSX.Element {
  const href = useContext(FileHref);
  const broken = signatures.filter(isBroken).map(({ record }) => record);
  return (
    <section>
      <h2>Statement</h2>
      <p>
        The statement of quality assurance is made from these records: the phases, the days on which they were
        inspected, and the days on which that was reported.
      </p>
      {inspections.length > 0 && unreported.length + unsigned.length + broken.length > 0 && (
        <ul>
          {unreported.length > 0 && (
            <li>{`It is not complete: ${counted(unreported.length, 'inspection')} not reported to both.`}</li>
          )}
          {unsigned.length > 0 && (
            <li>{`${counted(unsigned.length, 'inspection')} not signed by quality assurance.`}</li>
          )}
          {broken.length > 0 && (
            <li>
              <strong>✕</strong> Signatures that do not check: <RecordLinks numbers={broken} />.
            </li>
          )}
        </ul>
      )}
      <p>
        <a href={href('quality-statement.html')}>Statement to read</a> ·{' '}
        <a href={href('quality-statement.pdf')}>Statement for paper</a>
      </p>
    </section>
  );
}
