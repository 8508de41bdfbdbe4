import type { JSX } from 'preact';
import { listAnimals, type AnimalState, type ListedAnimal } from '../study/projections/animal-list.js';
import type { StandingVerdict } from '../study/projections/responder-status.projection.js';
import { studyFlow, type Stage } from '../study/projections/study-flow.projection.js';
import { isPoint } from '../study/rules/interval.js';
import { heaviest, lightest, logForce, type Ladder } from '../study/rules/ladder.js';
import { Refusal } from '../study/refusal.js';
import { choose, choosePage } from './choose.js';
import { studyPage, type MainProps } from './page.js';
import { AnimalTable, type Scales } from './parts/animal-table.js';
import { Choices, Pager, type Options, type Shown } from './parts/choices.js';
import { StudyLink } from './parts/links.js';
import { counted, countText } from './words/phrase.js';
import { stagesInWords } from './words/stages.js';

interface AnimalsAnswer {
  /** All animals of the study, and those that fit the choices. */
  readonly all: number;
  readonly fitting: readonly ListedAnimal[];
  readonly scales: Scales;
  readonly chosen: Chosen;
  readonly shown: Shown;
}

interface Chosen {
  readonly stage: Stage | 'any';
  readonly show: AnimalState | 'any';
  readonly sort: Sort;
  readonly order: 'up' | 'down';
}

/** No more rows on one page. */
const ROWS = 200;

const STAGES: Options<Stage | 'any'> = [['any', 'any'], ...stagesInWords()];
const STATES: Options<AnimalState | 'any'> = [
  ['any', 'any'],
  ['active', 'in the study'],
  ['excluded', 'excluded'],
  ['ended', 'ended'],
];
const SORTS: Options<Sort> = [
  ['animal', 'animal'],
  ['threshold', 'last threshold'],
  ['hypersensitive', 'margin of hypersensitivity'],
  ['stimulation', 'margin of stimulation alone'],
  ['dose', 'sub-effective dose'],
  ['combination', 'margin of dose and stimulation'],
  ['loss', 'loss of weight'],
  ['severity', 'severity'],
];
const ORDERS: Options<'up' | 'down'> = [
  ['up', 'ascending'],
  ['down', 'descending'],
];

type Sort = 'animal' | keyof typeof KEYS;

export const animalsPage = studyPage<AnimalsAnswer>({
  path: '/studies/:code/animals',
  name: 'Animals',
  parameters: ['stage', 'show', 'sort', 'order', 'page'],
  title: () => 'Animals',
  *answer(view, { query }) {
    const stage = choose(query, 'stage', STAGES);
    const show = choose(query, 'show', STATES);
    const sort = choose(query, 'sort', SORTS);
    const order = choose(query, 'order', ORDERS);
    for (const choice of [stage, show, sort, order]) if (choice instanceof Refusal) return choice;
    const chosen = { stage, show, sort, order } as Chosen;
    const animals = yield* listAnimals(view);
    const reached =
      stage === 'any' ? undefined : idsAt((yield* studyFlow.steps(view)).stages, stage as Stage);
    const fitting = animals.filter(
      ({ id, state }) => (show === 'any' || state === show) && (reached?.has(id) ?? true),
    );
    const shown = choosePage(query, fitting.length, ROWS);
    if (shown instanceof Refusal) return shown;
    return {
      all: animals.length,
      fitting: sorted(fitting, chosen),
      scales: scalesOf(animals, view.protocols.versions.at(-1)?.protocol.ladder),
      chosen,
      shown,
    };
  },
  main: Main,
});

function idsAt(stages: readonly { stage: Stage; subjects: readonly string[] }[], wanted: Stage): Set<string> {
  return new Set(stages.find(({ stage }) => stage === wanted)?.subjects);
}

const KEYS = {
  threshold: ({ thresholds }) => thresholds.at(-1) && middleOf(thresholds.at(-1)!),
  hypersensitive: ({ status }) => marginOf(status?.verdicts.hypersensitivity),
  stimulation: ({ status }) => marginOf(status?.verdicts.scs),
  dose: ({ doseSize }) => doseSize,
  combination: ({ status }) => marginOf(status?.verdicts.combination),
  loss: ({ weights }) => weights.at(-1)?.lossPercent,
  severity: ({ severity }) => severity && SEVERITIES.indexOf(severity.word),
} satisfies Record<string, (animal: ListedAnimal) => number | null | undefined>;

const SEVERITIES = ['sub-threshold', 'non-recovery', 'mild', 'moderate', 'severe'];

function marginOf(verdict: StandingVerdict | undefined): number | null | undefined {
  return verdict?.margin;
}

function middleOf({ lower, upper }: { lower: number; upper: number }): number {
  return isPoint({ lower, upper }) || upper === Infinity
    ? lower
    : lower === -Infinity
      ? upper
      : (lower + upper) / 2;
}

/** Animals without a value come last, whichever the order; equal ones stay in the order of their names. */
function sorted(animals: readonly ListedAnimal[], { sort, order }: Chosen): ListedAnimal[] {
  const sign = order === 'up' ? 1 : -1;
  if (sort === 'animal') return sign > 0 ? [...animals] : animals.toReversed();
  const keyed = animals.map((animal) => ({ animal, key: KEYS[sort](animal) ?? undefined }));
  return keyed
    .toSorted((a, b) => {
      if (a.key === undefined || b.key === undefined)
        return Number(a.key === undefined) - Number(b.key === undefined);
      return sign * (a.key - b.key);
    })
    .map(({ animal }) => animal);
}

/** One scale for all animals, so that their curves can be compared. */
function scalesOf(animals: readonly ListedAnimal[], ladder: Ladder | undefined): Scales {
  const shares = animals.flatMap(({ weights }) => weights.map(({ grams }) => grams / weights[0]!.grams));
  return {
    log: ladder ? [logForce(lightest(ladder)), logForce(heaviest(ladder))] : [0, 1],
    weight: shares.reduce(([low, high], one) => [Math.min(low, one), Math.max(high, one)], [0.9, 1.1]),
  };
}

function Main({ answer, query }: MainProps<AnimalsAnswer>): JSX.Element {
  const { all, fitting, scales, chosen, shown } = answer;
  const { stage, show, sort, order } = chosen;
  const rows = fitting.slice(shown.from, shown.until);
  return (
    <>
      <h1>Animals</h1>
      {all === 0 ? (
        <p class="none">
          No animal is enrolled at this tree size. Once a protocol is in force, animals are enrolled at the{' '}
          <StudyLink to="/bench">bench</StudyLink>.
        </p>
      ) : (
        <>
          <p class="lead">
            {fitting.length === all
              ? counted(all, 'animal')
              : `${countText(fitting.length)} of ${counted(all, 'animal')}`}
            .
          </p>
          <Choices
            page="/animals"
            label="Which animals, in which order"
            choices={[
              { name: 'stage', label: 'Reached', chosen: stage, options: STAGES },
              { name: 'show', label: 'State', chosen: show, options: STATES },
              { name: 'sort', label: 'Sorted by', chosen: sort, options: SORTS },
              { name: 'order', label: 'Order', chosen: order, options: ORDERS },
            ]}
          />
          {rows.length === 0 ? (
            <p class="none">
              No animal matches. <StudyLink to="/animals">Show all</StudyLink>
            </p>
          ) : (
            <AnimalTable rows={rows} scales={scales} />
          )}
          <Pager to="/animals" query={query} what="animal" shown={shown} />
        </>
      )}
    </>
  );
}
