import { seenInWords } from '../../study/welfare/endpoints.js';
import type { JSX } from 'preact';
import { drawWeights } from '../figures/weights.js';
import type { WelfareRecord } from '../../study/projections/welfare.projection.js';
import { numberText } from '../words/phrase.js';
import { Figure } from './figure.js';
import { RecordLink, RecordLinks } from './links.js';
import { Facts } from './table.js';

/** What an animal went through: weight, scores, endpoints, severity. */
export function Burden({ welfare }: { readonly welfare: WelfareRecord }): JSX.Element {
  const { weights, scores, endpoints, adverseEvents, proposedSeverity, use } = welfare;
  const lightest = most(weights, ({ lossPercent }) => lossPercent);
  const worst = most(scores, ({ total }) => total);
  const assessed = use.severity.actual;
  return (
    <section>
      <h2>Welfare</h2>
      {weights.length > 1 && (
        <Figure drawing={drawWeights(welfare.subject, weights)}>
          Body weight, weighing by weighing. The dashed line is the heaviest weight until then.
        </Figure>
      )}
      <Facts
        facts={[
          [
            'Greatest loss of weight',
            lightest && lightest.lossPercent > 0 && (
              <>
                {numberText(lightest.lossPercent, 1)} % below the heaviest until then (
                <RecordLink number={lightest.record} />)
              </>
            ),
          ],
          [
            'Highest welfare score',
            worst && (
              <>
                {worst.total}, the highest of {scores.length} (<RecordLink number={worst.record} />)
              </>
            ),
          ],
          [
            'Adverse events',
            adverseEvents.length > 0 &&
              adverseEvents.map(({ record, severity, expected, description }) => (
                <div>
                  {severity}, {expected ? 'expected' : 'unexpected'}: {description} (
                  <RecordLink number={record} />)
                </div>
              )),
          ],
          [
            'Humane endpoints',
            endpoints.length === 0
              ? 'none reached'
              : endpoints.map(({ id, record, decision, ...seen }) => (
                  <div>
                    {id.replaceAll('-', ' ')}: {seenInWords(seen)} (<RecordLink number={record} />
                    ),{' '}
                    {decision ? (
                      <>
                        decided: {decision.decision.replaceAll('-', ' ')} (
                        <RecordLink number={decision.record} />)
                      </>
                    ) : (
                      <strong>not decided</strong>
                    )}
                  </div>
                )),
          ],
          [
            'Severity proposed by the records',
            proposedSeverity && (
              <>
                {proposedSeverity.severity} (<RecordLinks numbers={proposedSeverity.evidence} />)
              </>
            ),
          ],
          [
            'Severity as assessed',
            assessed && (
              <>
                {assessed.severity.replaceAll('-', ' ')} (<RecordLink number={assessed.record} />)
              </>
            ),
          ],
        ]}
      />
    </section>
  );
}

function most<T>(list: readonly T[], value: (one: T) => number): T | undefined {
  return list.reduce<T | undefined>(
    (best, one) => (best === undefined || value(one) > value(best) ? one : best),
    undefined,
  );
}
