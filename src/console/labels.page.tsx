import type { JSX } from 'preact';
import { localInstant } from '../study/instant.js';
import { Refusal } from '../study/refusal.js';
import type { Subject } from '../study/study.js';
import { choose, choosePage } from './choose.js';
import { cardsOf } from './label.page.js';
import { benchPage, type MainProps } from './page.js';
import { Pager, type Options, type Shown } from './parts/choices.js';
import { Label, OnlyHere, Print, cageCard, type CageCard } from './parts/label.js';
import { StudyLink } from './parts/links.js';
import { Choice, QueryForm } from './parts/query-form.js';
import { counted } from './words/phrase.js';

type Show = 'active' | 'today' | 'all';

interface Labels {
  readonly cards: readonly CageCard[];
  readonly show: Show;
  readonly shown: Shown;
}

const SHOW: Options<Show> = [
  ['active', 'in the study'],
  ['today', 'enrolled today'],
  ['all', 'all'],
];

/** Cards of a page: ten fit on a sheet of A4, and each has a picture of its own of some 4 kB. */
const CARDS = 30;

/** The cards of many cages, ten a sheet. */
export const labelsPage = benchPage<Labels>({
  path: '/studies/:code/labels',
  parameters: ['show', 'page'],
  title: () => 'Labels',
  *answer(asked) {
    const { query, view, nowMs, offsetMinutes } = asked;
    const show = choose(query, 'show', SHOW);
    if (show instanceof Refusal) return show;
    const today = localInstant(nowMs, offsetMinutes).slice(0, 10);
    const fitting = [...view.study.subjects.values()]
      .filter((subject) => isShown(subject, show, today))
      .sort((one, other) => (one.id < other.id ? -1 : 1));
    const shown = choosePage(query, fitting.length, CARDS);
    if (shown instanceof Refusal) return shown;
    yield;
    const cards = cardsOf(asked);
    return { show, shown, cards: fitting.slice(shown.from, shown.until).map((one) => cageCard(one, cards)) };
  },
  main: Main,
});

function isShown({ enrolled, died, fate }: Subject, show: Show, today: string): boolean {
  if (!enrolled) return false;
  if (show === 'all') return true;
  if (died ?? fate) return false;
  return show === 'active' || enrolled.time.slice(0, 10) === today;
}

function Main({ answer: { cards, show, shown }, query }: MainProps<Labels>): JSX.Element {
  return (
    <div class="labels">
      <h1>Labels</h1>
      <QueryForm to="/labels" label="Which animals" class="filters">
        <Choice name="show" label="Animals" any="in the study" chosen={show} options={SHOW.slice(1)} />
        <button>Show</button>
      </QueryForm>
      {cards.length > 0 && (
        <p class="print-not">
          <Print /> {counted(shown.count, 'label')}. Print them at full size: ten cards of 85 × 54 mm on a
          sheet of A4.
        </p>
      )}
      {cards[0] && <OnlyHere address={cards[0].address} />}
      {cards.length === 0 && (
        <p class="none print-not">
          No such animal is enrolled. Enrol one at the <StudyLink to="/bench">bench</StudyLink>, or show all.
        </p>
      )}
      <div class="sheet">
        {cards.map((card) => (
          <Label card={card} />
        ))}
      </div>
      <Pager to="/labels" query={query} what="label" shown={shown} />
    </div>
  );
}
