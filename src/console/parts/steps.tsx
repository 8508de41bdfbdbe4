import type { JSX } from 'preact';
import { useContext } from 'preact/hooks';
import type { VerdictStep } from '../../study/projections/verdict-steps.js';
import { countText } from '../words/phrase.js';
import { RecordLink, StepHref } from './links.js';
import { When } from './when.js';

/** The records that changed a verdict, one by one; each leads to the page as it was known just after that record. */
export function Steps({ steps }: { readonly steps: readonly VerdictStep[] }): JSX.Element {
  const href = useContext(StepHref);
  return (
    <section class="stepper" id="steps">
      <h2>How the verdicts came about</h2>
      {steps.length === 0 ? (
        <p class="none">No record has settled a verdict yet.</p>
      ) : (
        <ol>
          {steps.map(({ record, occurredAt, changes }) => (
            <li>
              <RecordLink number={record} />
              <ul>
                {changes.map(({ question, from, to }) => (
                  <li>
                    {question}: <del>{from}</del> → <ins>{to}</ins>
                  </li>
                ))}
              </ul>
              <p>
                <When at={occurredAt} /> · <a href={href(record + 1)}>as known at {countText(record + 1)}</a>
              </p>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
