import type { JSX } from 'preact';
import { refuse } from '../study/refusal.js';
import { benchPage, type BenchAsked, type MainProps } from './page.js';
import { Label, OnlyHere, Print, cageCard, isBlindedIn, type CageCard, type CardsOf } from './parts/label.js';
import { StudyLink } from './parts/links.js';

/** The card of one cage, to be printed. */
export const labelPage = benchPage<CageCard>({
  path: '/studies/:code/animals/:animal/label',
  title: ({ answer }) => `Label, ${answer.animal}`,
  *answer(asked) {
    const { study } = asked.view;
    const id = asked.params['animal'] ?? '';
    const subject = study.subjects.get(id);
    yield;
    if (!subject?.enrolled)
      return refuse('subject-unknown', `There is no animal ${id.slice(0, 60)} in ${study.code}.`, 'subject');
    return cageCard(subject, cardsOf(asked));
  },
  main: Main,
});

/** What the cards of a study have in common. */
export function cardsOf({ view: { study, protocols }, lab, origin }: BenchAsked): CardsOf {
  return {
    study,
    protocol: protocols.versions.at(-1)?.protocol,
    origin,
    simulated: lab.simulated,
    isBlinded: isBlindedIn(study),
  };
}

function Main({ answer: card }: MainProps<CageCard>): JSX.Element {
  return (
    <div class="labels">
      <h1>Label of {card.animal}</h1>
      <p class="print-not">
        <Print /> Print it at full size: 85 × 54 mm. The code opens the animal at the bench.{' '}
        <StudyLink to={`/bench/animals/${card.animal}`}>{`${card.animal} at the bench`}</StudyLink>{' '}
        <StudyLink to="/labels">All labels</StudyLink>
      </p>
      <OnlyHere address={card.address} />
      <Label card={card} />
    </div>
  );
}
