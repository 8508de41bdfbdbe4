import { hoursInWords } from '../../study/instant.js';
import type { JSX } from 'preact';
import type { Drawing } from '../../exports/figures/drawing.js';
import type { GivenDose } from '../../study/projections/dose-titration.projection.js';
import { numberText } from '../words/phrase.js';
import { Figure } from './figure.js';
import { Flags, Mark } from './flags.js';
import { RecordLink, RecordLinks } from './links.js';
import { Table } from './table.js';
import { When } from './when.js';

/** Every dose of an animal: on the rungs of the protocol, and as a table. */
export function Doses({
  doses,
  ladder,
}: {
  readonly doses: readonly GivenDose[];
  readonly ladder: Drawing | undefined;
}): JSX.Element {
  return (
    <section>
      <h2>{titleOf(doses)}</h2>
      {ladder && (
        <Figure drawing={ladder}>In order; the levels are the doses that the protocol plans.</Figure>
      )}
      <Table
        label="Doses"
        rows={doses}
        none="No dose has been given."
        columns={[
          { head: 'Record', cell: ({ record }) => <RecordLink number={record} /> },
          { head: 'When', as: 'text', cell: ({ occurredAt }) => <When at={occurredAt} day /> },
          { head: 'Dose', as: 'number', cell: ({ dose }) => dose },
          {
            head: 'µg/kg',
            as: 'number',
            cell: ({ microgramPerKg }) => (microgramPerKg === null ? '' : numberText(microgramPerKg, 1)),
          },
          { head: 'Purpose', cell: ({ purpose }) => purpose },
          {
            head: 'Since the last',
            as: 'number',
            cell: ({ washoutHours }) => (washoutHours === null ? '' : hoursInWords(washoutHours)),
          },
          {
            head: 'Side effects',
            cell: ({ sideEffects }) => (sideEffects === null ? 'not scored' : sideEffects ? 'yes' : 'no'),
          },
          {
            head: 'Effective alone',
            cell: ({ effective, verdict }) => (
              <Mark holds={effective} yes="yes" no="no" borderline={verdict.borderline} />
            ),
          },
          {
            head: 'Rests on',
            as: 'wide',
            cell: ({ verdict, flags }) => (
              <>
                <RecordLinks numbers={verdict.evidence} />
                <Flags flags={flags} />
              </>
            ),
          },
        ]}
      />
    </section>
  );
}

function titleOf(doses: readonly GivenDose[]): string {
  const substances = [...new Set(doses.map(({ substance }) => substance))];
  return substances.length === 0 ? 'Doses' : `Doses of ${substances.join(', ')}`;
}
