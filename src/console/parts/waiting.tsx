import type { JSX } from 'preact';
import type { Waiting } from '../../study/projections/waiting.js';
import { seenInWords } from '../../study/welfare/endpoints.js';
import { counted } from '../words/phrase.js';
import { AnimalLink, RecordLink, RecordLinks } from './links.js';
import { When } from './when.js';

export function isWaiting({ endpoints, deviations, late }: Waiting): boolean {
  return endpoints.length + deviations.length + late.length > 0;
}

/** What a study waits for, by who acts; nothing where nobody has to. */
export function WaitingFor({
  waiting: { endpoints, deviations, late },
}: {
  readonly waiting: Waiting;
}): JSX.Element {
  return (
    <>
      {endpoints.length > 0 && (
        <>
          <h3>The study director or the veterinarian decides</h3>
          <ul>
            {endpoints.map(({ subject, id, record, occurredAt, ...seen }) => (
              <li>
                <AnimalLink id={subject} /> reached the humane endpoint {id.replaceAll('-', ' ')}:{' '}
                {seenInWords(seen)} (
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
    </>
  );
}
