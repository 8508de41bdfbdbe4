import type { JSX } from 'preact';
import { inspectionFindings, type InspectionFindings } from '../queries/inspection-findings.js';
import { Refusal } from '../study/refusal.js';
import { QUALITY } from '../study/who.js';
import { ledgerPage, type MainProps } from './page.js';
import { Facts } from './parts/table.js';
import { When } from './parts/when.js';
import { dateInWords } from './words/dates.js';

interface FindingsAnswer extends InspectionFindings {
  readonly code: string;
}

/** What was found in one inspection, for quality assurance. It is no page of the study: what it shows can be erased. */
export const findingsPage = ledgerPage<FindingsAnswer>({
  path: '/studies/:code/findings/:number',
  readers: { study: QUALITY },
  title: ({ params }) => `Findings of #${params['number']}`,
  async answer(engine, { params: { code = '', number = '' } }) {
    const found = await inspectionFindings(engine, code, /^\d{1,15}$/.test(number) ? Number(number) : -1);
    return found instanceof Refusal ? found : { code, ...found };
  },
  main: Main,
});

function Main({ answer }: MainProps<FindingsAnswer>): JSX.Element {
  const { code, record, phase, on, inspector, recordedAt, findings, supersededBy } = answer;
  return (
    <>
      <p class="back">
        <a href={`/studies/${code}/quality`}>{`Quality assurance of ${code}`}</a>
      </p>
      <h1>{`Findings of #${record}`}</h1>
      <Facts
        facts={[
          ['Phase', phase],
          ['Inspected', dateInWords(on)],
          ['By', inspector],
          ['Recorded', <When at={recordedAt} day />],
          ['Withdrawn', supersededBy !== null && `by #${supersededBy}`],
        ]}
      />
      <section>
        <h2>What was found</h2>
        {findings === null ? (
          <p class="none">{missing(answer)}</p>
        ) : (
          <pre tabIndex={0} aria-label="Findings">
            {findings}
          </pre>
        )}
      </section>
    </>
  );
}

function missing({ digest, erasedBy }: InspectionFindings): string {
  if (digest === null) return 'No findings were given with this inspection.';
  return erasedBy === null
    ? 'The text of the findings is not on this server. A backup of the names may hold it.'
    : `They were erased, as lab record #${erasedBy} says.`;
}
