import type { JSX } from 'preact';
import type { Drawing } from '../../exports/figures/drawing.js';
import { resultText, type AssaySeries } from '../../study/projections/measurement-series.projection.js';
import { trialsText } from '../../study/rules/measurement.js';
import { Figure } from './figure.js';
import { RecordLink, RecordLinks } from './links.js';
import { Flags } from './flags.js';
import { Table } from './table.js';
import { When } from './when.js';

export interface MeasuredAssay {
  readonly series: AssaySeries;
  readonly drawing: Drawing;
  /** The records of the baseline. */
  readonly baseline: readonly number[];
}

/** Each assay of an animal in its own unit: the figure, and the numbers behind it. */
export function Assays({ assays }: { readonly assays: readonly MeasuredAssay[] }): JSX.Element {
  return (
    <>
      {assays.map(({ series, drawing, baseline }) => (
        <section>
          <h2>{series.title}</h2>
          <Figure drawing={drawing}>
            Test by test, in order and not to scale in time; an increase is {series.increase}.
            {baseline.length > 0 && (
              <>
                {' '}
                Baseline: <RecordLinks numbers={baseline} />.
              </>
            )}
          </Figure>
          <Measurements series={series} />
        </section>
      ))}
    </>
  );
}

function Measurements({ series }: { readonly series: AssaySeries }): JSX.Element {
  const { title, unit, measurements } = series;
  return (
    <Table
      label={title}
      rows={measurements}
      columns={[
        { head: 'Record', cell: ({ record }) => <RecordLink number={record} /> },
        { head: 'When', cell: ({ occurredAt }) => <When at={occurredAt} /> },
        { head: 'Site', cell: ({ site }) => site.replaceAll('-', ' ') },
        {
          head: 'Phase',
          cell: ({ phase, minute }) => (minute === null ? phase : `${phase}, ${minute} min`),
        },
        { head: 'Trials', as: 'wide', cell: ({ trials }) => trialsText(trials) },
        { head: unit === '1' ? 'Result' : `Result, ${unit}`, as: 'number', cell: resultText },
        {
          head: 'Flags',
          as: 'wide',
          cell: ({ flags, supersededBy }) => (
            <>
              {supersededBy !== null && (
                <>
                  superseded by <RecordLink number={supersededBy} />{' '}
                </>
              )}
              <Flags flags={flags} />
            </>
          ),
        },
      ]}
    />
  );
}
