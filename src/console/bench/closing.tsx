import type { JSX } from 'preact';
import { waitingIn, type Waiting } from '../../study/projections/waiting.js';
import type { Steps } from '../../study/steps.js';
import type { BenchAsked } from '../page.js';
import { AnimalLink } from '../parts/links.js';
import { WaitingFor } from '../parts/waiting.js';
import type { Aside } from './aside.js';
import { livingAnimals } from './choose-animal.js';

/** Before a study is closed: what that means, the animals that are still in it, and what waits. */
export function* closingAside(asked: BenchAsked): Steps<Aside> {
  const waiting = yield* waitingIn(asked.view);
  const animals = livingAnimals(asked);
  return { Told: () => <Closing animals={animals} waiting={waiting} /> };
}

function Closing({
  animals,
  waiting,
}: {
  readonly animals: readonly string[];
  readonly waiting: Waiting;
}): JSX.Element {
  return (
    <section class="closing">
      <p class="wait short">
        A closed study takes no new measurements, doses or checks: only corrections, and what happened before
        the closing and was found later. Its director can reopen it with a reason.
      </p>
      {animals.length > 0 && (
        <>
          <h2>
            {animals.length === 1 ? '1 animal is' : `${animals.length} animals are`} alive and in the study
          </h2>
          <p>
            {animals.map((id, index) => (
              <>
                {index > 0 && ', '}
                <AnimalLink id={id} />
              </>
            ))}
            . How each ended is recorded before the study is closed.
          </p>
        </>
      )}
      <WaitingFor waiting={waiting} />
    </section>
  );
}
