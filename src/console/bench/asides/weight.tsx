import type { JSX } from 'preact';
import { formatQuantity } from '../../../study/quantity.js';
import { weighingLimits } from '../../../study/welfare/weigh.js';
import { weighingsOf } from '../../../study/welfare/weights.js';
import { drawWeights } from '../../figures/weights.js';
import { CommandField } from '../../forms/command-fields.js';
import { Figure } from '../../parts/figure.js';
import { RecordLink } from '../../parts/links.js';
import { numberText } from '../../words/phrase.js';
import { daysAgoInWords } from '../../words/waiting.js';
import { latestWeight } from '../animal-at-bench.js';
import type { Aside, AsideAsked } from '../aside.js';

/** The weights so far, and while one is typed what it means. */
export function weightAside({ asked, definition, animal, history, protocol }: AsideAsked): Aside {
  const limits = weighingLimits(history, protocol, asked.nowMs);
  return {
    without: ['subject', 'data.weight'],
    Told: () => <WeightTrend asked={asked} animal={animal} history={history} isOpen />,
    Fields: ({ body }) => (
      <>
        <input type="hidden" name="subject" value={animal} />
        <CommandField definition={definition} body={body} name="data.weight" />
        <output class="judged" data-judging={JSON.stringify(limits)} />
        {limits.heaviest !== null &&
          limits.endpoints.map(({ description, lossPercent }) => (
            <p class="quiet">
              Endpoint at {numberText(limits.heaviest! * (1 - lossPercent / 100), 1)} g or less: {description}
              .
            </p>
          ))}
      </>
    ),
  };
}

/** The last weight, and the trend where there is one. */
export function WeightTrend({
  asked,
  animal,
  history,
  isOpen = false,
}: Pick<AsideAsked, 'asked' | 'animal' | 'history'> & { readonly isOpen?: boolean }): JSX.Element {
  const latest = latestWeight(history, asked);
  const weighings = weighingsOf(history);
  const loss = weighings.at(-1)?.lossPercent ?? 0;
  return (
    <>
      <p class="quiet">
        {latest ? (
          <>
            Last weight {formatQuantity(latest.weight)}, {daysAgoInWords(latest.daysAgo)} (
            <RecordLink number={latest.record} />
            ), {numberText(100 - loss, 1)} % of the heaviest.
          </>
        ) : (
          'No weight is on record.'
        )}
      </p>
      {weighings.length > 1 && (
        <details class="trend" open={isOpen}>
          <summary>Weights so far</summary>
          <Figure drawing={drawWeights(animal, weighings)} />
        </details>
      )}
    </>
  );
}
