import type { JSX } from 'preact';
import type { CodeMap, Format } from '../welfare/forms/code-map.js';
import type { ReturnPreview, SaidOf } from '../welfare/returns/preview.js';
import { counted } from './words/phrase.js';
import { Choices, type Options } from './parts/choices.js';
import { FirstAnimals } from './parts/few.js';
import { Table } from './parts/table.js';

/** No more lines side by side. */
const LINES = 5;

/** What this study adds to the yearly return, and what is missing for it. */
export function Preview({
  format,
  formats,
  codes,
  years,
  year,
  preview,
}: {
  readonly format: Format;
  readonly formats: Options<Format>;
  readonly codes: CodeMap;
  readonly years: readonly number[];
  readonly year: number | undefined;
  readonly preview: ReturnPreview | undefined;
}): JSX.Element {
  return (
    <section id="return">
      <h2>Yearly return, a preview</h2>
      {preview === undefined ? (
        <p class="none">No use has ended yet. A use is reported in the year in which it ends.</p>
      ) : (
        <>
          <Choices
            page="/welfare"
            label="Which return"
            choices={[
              {
                name: 'year',
                label: 'Year',
                chosen: `${year}`,
                options: years.map((one) => [`${one}`, `${one}`]),
              },
              { name: 'format', label: 'Form', chosen: format, options: formats },
            ]}
          />
          <p>
            {counted(preview.uses, 'use')} of this study ended in {year} and{' '}
            {preview.uses === 1 ? 'is' : 'are'} counted. The return is made of all studies of the ledger, by{' '}
            <code>study-ledger welfare return</code>.
          </p>
          <h3>What is missing</h3>
          <Findings head="Missing" rows={preview.gaps} none="Nothing: every use can be reported." />
          <h3>What is inconsistent</h3>
          <Findings
            head="Inconsistent"
            rows={preview.inconsistent}
            none="Nothing in the records of this study. The return itself also compares microchips over all studies."
          />
          {format === 'de' && (
            <p>
              The German return also asks for animals that were bred and killed unused. A person states those
              that were never enrolled: <code>study-ledger welfare return --killed-unused</code>.
            </p>
          )}
          {preview.lines.length > 0 && <Lines {...preview} />}
          <p class="quiet">Codes: {codes.standing}.</p>
        </>
      )}
    </section>
  );
}

function Findings({
  head,
  rows,
  none,
}: {
  readonly head: string;
  readonly rows: readonly SaidOf[];
  readonly none: string;
}): JSX.Element {
  return (
    <Table
      label={`${head} for the return`}
      rows={rows}
      none={none}
      columns={[
        { head, as: 'text', cell: ({ text }) => text },
        { head: 'Uses', as: 'number', cell: ({ subjects }) => subjects.length },
        { head: 'Which', as: 'text', cell: ({ subjects }) => <FirstAnimals ids={subjects} /> },
      ]}
    />
  );
}

/** The form turned on its side: a column a line, so that it can be read without scrolling. */
function Lines({ columns, lines }: Pick<ReturnPreview, 'columns' | 'lines'>): JSX.Element {
  const shown = lines.slice(0, LINES);
  const asked = columns
    .map((name, index) => ({ name, values: shown.map((cells) => cells[index] ?? '') }))
    .filter(({ values }) => values.some((value) => value !== ''));
  return (
    <>
      <h3>
        {counted(lines.length, 'line')} of the form{lines.length > LINES && `, the first ${LINES}`}
      </h3>
      <Table
        label="Lines of the form"
        dense
        rows={asked}
        columns={[
          { head: 'Column', cell: ({ name }) => name },
          ...shown.map((_, index) => ({
            head: `Line ${index + 1}`,
            as: 'wide' as const,
            cell: ({ values }: (typeof asked)[number]) => values[index] || <span class="quiet">empty</span>,
          })),
        ]}
      />
    </>
  );
}
