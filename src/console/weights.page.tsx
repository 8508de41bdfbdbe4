import type { JSX } from 'preact';
import { recordBodyWeight } from '../study/commands/record-body-weight.command.js';
import type { CommandDefinition } from '../study/commands/common/command.js';
import { formatQuantity } from '../study/quantity.js';
import { errorsOf, refuse, refuseAll, Refusal, type FieldError } from '../study/refusal.js';
import { weighingLimits, type WeighingLimits } from '../study/welfare/weigh.js';
import { weighingsOf } from '../study/welfare/weights.js';
import { latestWeight, protocolNow, type LatestWeight } from './bench/animal-at-bench.js';
import { livingAnimals } from './bench/choose-animal.js';
import { whileOpen } from './bench/closed-study.js';
import { choosePage } from './choose.js';
import { WeightSpark } from './figures/weight-spark.js';
import { errorInWords } from './forms/error-words.js';
import { readForm } from './forms/read-form.js';
import type { BenchAsked, MainProps, SentCommand } from './page.js';
import { Pager, type Shown } from './parts/choices.js';
import { RecordLink, StudyLink } from './parts/links.js';
import { daysAgoInWords } from './words/waiting.js';
import { isNumberAlone, NUMBER_ALONE } from './words/weighed.js';

/** One animal of the round. */
interface Row {
  readonly animal: string;
  readonly id: string;
  readonly grams: readonly number[];
  readonly latest: LatestWeight | undefined;
  readonly limits: WeighingLimits;
  /** What was typed and not recorded. */
  readonly typed: string;
  readonly reason: string;
  readonly errors: readonly FieldError[];
}

interface Round {
  readonly code: string;
  readonly rows: readonly Row[];
  readonly shown: Shown;
}

/** Animals of a page, each with its curve. */
const ROWS = 100;

/** A round of all animals: a weight each, every one a record of its own. */
export const weightsPage = whileOpen<Round>(
  {
    path: '/studies/:code/bench/weights',
    parameters: ['recorded', 'page'],
    title: () => 'Weights',
    script: 'enter',
    *answer(asked) {
      const protocol = protocolNow(asked);
      if (protocol instanceof Refusal) return protocol;
      const { study } = asked.view;
      const animals = livingAnimals(asked);
      const shown = choosePage(asked.query, animals.length, ROWS);
      if (shown instanceof Refusal) return shown;
      const here = animals.slice(shown.from, shown.until);
      // Whoever died meanwhile, or left, is refused by name, and what was typed stays.
      const others = animalsIn(asked.posted?.pairs ?? new URLSearchParams(), 'weight').filter(
        (animal) => !here.includes(animal),
      );
      const rows: Row[] = [];
      for (const animal of [...others, ...here]) {
        const history = study.subjects.get(animal)?.facts.toArray() ?? [];
        rows.push({
          animal,
          grams: weighingsOf(history).map(({ grams }) => grams),
          latest: latestWeight(history, asked),
          limits: weighingLimits(history, protocol, asked.nowMs),
          ...typedIn(asked, animal),
        });
        yield;
      }
      return { code: study.code, rows, shown };
    },
    send(pairs, asked) {
      const numbers = animalsIn(pairs, 'reason').flatMap((animal) => numberForReason(pairs, animal) ?? []);
      if (numbers.length > 0) return refuseAll(numbers);
      const [first, ...others] = animalsIn(pairs, 'weight').map((animal) => weighingIn(pairs, asked, animal));
      if (!first) return undefined;
      const next = `/studies/${asked.view.study.code}/bench/weights`;
      return { commands: [first, ...others], isEach: true, next: () => next };
    },
    main: Main,
  },
  { title: 'Weights', commands: ['RecordBodyWeight'] },
);

/** A row that was recorded is begun anew; one that was refused, alone or with the whole form, shows what was typed. */
function typedIn(
  { posted, newId }: BenchAsked,
  animal: string,
): Pick<Row, 'id' | 'typed' | 'reason' | 'errors'> {
  const id = posted?.pairs.get(`${animal}.id`);
  const refusal = posted?.refusals ? posted.refusals.get(id ?? '') : posted?.refusal;
  if (!posted || !id || !refusal) return { id: newId(), typed: '', reason: '', errors: [] };
  const [typed, reason] = ['weight', 'reason'].map((name) => posted.pairs.get(`${animal}.${name}`) ?? '');
  const errors = errorsOf(refusal).filter(
    ({ field }) => posted.refusals !== undefined || field === `${animal}.reason`,
  );
  return { id, typed: typed!, reason: reason!, errors };
}

/** A reason that is a number was typed for the next animal: nothing is recorded with it. */
function numberForReason(pairs: URLSearchParams, animal: string): Refusal | undefined {
  const reason = pairs.get(`${animal}.reason`)?.trim() ?? '';
  if (!isNumberAlone(reason)) return undefined;
  const detail = `The reason of ${animal} is “${reason.slice(0, 40)}”: ${NUMBER_ALONE}. No row was recorded.`;
  return refuse('field-invalid', detail, `${animal}.reason`);
}

/** Those for which something was typed into a field. */
function animalsIn(pairs: URLSearchParams, field: 'weight' | 'reason'): string[] {
  return [...pairs]
    .filter(([name, value]) => name.endsWith(`.${field}`) && value.trim() !== '')
    .map(([name]) => name.slice(0, -field.length - 1));
}

function weighingIn(pairs: URLSearchParams, asked: BenchAsked, animal: string): SentCommand {
  const grams = pairs.get(`${animal}.weight`)?.trim() ?? '';
  const own = new URLSearchParams({
    subject: animal,
    'data.weight.value': grams,
    'data.weight.unit': 'g',
    reason: pairs.get(`${animal}.reason`) ?? '',
  });
  const definition = recordBodyWeight as unknown as CommandDefinition;
  const body = readForm(definition, own, asked.inZone);
  return { id: pairs.get(`${animal}.id`) ?? '', definition, study: asked.view.study.code, body };
}

function Main({ answer: { code, rows, shown }, query }: MainProps<Round>): JSX.Element {
  return (
    <section class="bench round">
      <p class="back">
        <StudyLink to="/bench">Bench</StudyLink>
      </p>
      <h1>Weights</h1>
      {rows.length === 0 ? (
        <p>No animal of this study is alive.</p>
      ) : (
        <form
          class="enter"
          method="post"
          action={`/studies/${code}/bench/weights${shown.from === 0 ? '' : `?page=${query['page']}`}`}
          data-round={`/studies/${code}/bench/enter`}
        >
          <ol class="round">
            {rows.map((row, index) => (
              <RowFields row={row} isFirst={index === 0} />
            ))}
          </ol>
          <p class="quiet" data-count="" />
          <button class="send">Record all that are filled in</button>
        </form>
      )}
      <Pager to="/bench/weights" query={query} what="animal" shown={shown} />
    </section>
  );
}

function RowFields({ row, isFirst }: { readonly row: Row; readonly isFirst: boolean }): JSX.Element {
  const { animal, id, grams, latest, limits, typed, reason, errors } = row;
  return (
    <li data-weigh={JSON.stringify(limits)} data-animal={animal}>
      <input type="hidden" name={`${animal}.id`} value={id} />
      <label for={`w-${animal}`}>{animal}</label>
      <span class="quantity">
        <input
          id={`w-${animal}`}
          name={`${animal}.weight`}
          value={typed}
          inputMode="decimal"
          autoComplete="off"
          autofocus={isFirst}
          aria-describedby={`j-${animal}`}
          {...(errors.length > 0 && { 'aria-invalid': 'true' as const })}
        />
        <span>g</span>
      </span>
      <span class="spark">
        <WeightSpark grams={grams} limits={limits} />
      </span>
      <span class="last quiet">
        {latest ? (
          <>
            {formatQuantity(latest.weight)}, {daysAgoInWords(latest.daysAgo)} (
            <RecordLink number={latest.record} />)
          </>
        ) : (
          'no weight yet'
        )}
      </span>
      <output id={`j-${animal}`} class="judged" data-judged="" />
      <label class="why" data-why="">
        Reason, if it is needed
        <input name={`${animal}.reason`} value={reason} autoComplete="off" />
      </label>
      {errors.map((error) => (
        <p class="refused">{errorInWords(error)}</p>
      ))}
    </li>
  );
}
