import { factsOf } from '../../../study/study.js';
import { RecordLink } from '../../parts/links.js';
import type { Aside, AsideAsked } from '../aside.js';
import { WeightTrend } from './weight.js';

/** What was reported of the animal before, and how it stands. */
export function eventAside({ asked, animal, history }: AsideAsked): Aside {
  const events = factsOf(history, 'AdverseEventReported').slice(-3).reverse();
  return {
    Told: () => (
      <>
        {events.map(({ holder, time, data }) => (
          <p class="quiet">
            {time.slice(0, 10)}: {data.description} ({data.severity}, <RecordLink number={holder} />)
          </p>
        ))}
        <WeightTrend asked={asked} animal={animal} history={history} />
      </>
    ),
  };
}
