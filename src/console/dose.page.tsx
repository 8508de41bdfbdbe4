import type { JSX } from 'preact';
import { formatQuantity } from '../study/quantity.js';
import { Refusal } from '../study/refusal.js';

import { ChooseAnimal, livingAnimals } from './bench/choose-animal.js';
import { closedStudy, whileOpen } from './bench/closed-study.js';
import { formErrors } from './bench/form-errors.js';
import { UnableHere, unableOr, type Unable } from './bench/unable.js';
import { DoseWays } from './bench/dose-ways.js';
import { dosePosted, dosingOf, type Dosing } from './bench/dosing.js';
import { offeredFor } from './bench/offered.js';
import { afterwards } from './enter.page.js';
import { CommandField, CommandFields, ErrorSummary } from './forms/command-fields.js';
import { FormContext, type FormState } from './forms/form-context.js';
import type { BenchAsked } from './page.js';
import { RecordLink, StudyLink } from './parts/links.js';
import { RecordedLine, recordedIn, type Recorded } from './parts/recorded.js';
import { Said } from './parts/said.js';
import { daysAgoInWords, proposalInWords, waitInWords } from './words/waiting.js';

interface Giving {
  readonly code: string;
  readonly dosing: Dosing;
  readonly form: FormState;
  readonly id: string;
  readonly next: string | undefined;
  readonly nowMs: number;
  readonly recorded: Recorded | undefined;
}

/** A dose of ketamine or of any substance: three ways, with what the titration proposes and what it waits for. */
export const dosePage = whileOpen<Giving | Unable | readonly string[]>(
  {
    path: '/studies/:code/bench/dose',
    // Any field can be filled by the address.
    parameters: 'any',
    title: ({ answer }) => ('dosing' in answer ? `Dose: ${answer.dosing.animal}` : 'Dose'),
    script: 'enter',
    *answer(asked) {
      if (asked.query['animal'] === undefined) return livingAnimals(asked);
      const dosing = unableOr(yield* dosingOf(asked), asked.query['animal']);
      if (dosing instanceof Refusal || 'unable' in dosing) return dosing;
      const { posted, query, view, lab } = asked;
      return {
        code: view.study.code,
        dosing,
        form: {
          errors: formErrors(asked, dosing.definition, dosing.body),
          offered: offeredFor(view, lab, dosing.definition),
          inZone: asked.inZone,
          closed: closedStudy(asked),
        },
        id: posted?.pairs.get('id') ?? asked.newId(),
        next: posted?.pairs.get('next') ?? query['next'],
        nowMs: asked.nowMs,
        recorded: recordedIn(asked),
      };
    },
    send(pairs, asked) {
      if (pairs.has('work-out')) return undefined;
      const command = {
        id: pairs.get('id') ?? '',
        study: asked.view.study.code,
        ...dosePosted(asked, pairs),
      };
      return { commands: [command], next: ([receipt]) => after(asked, pairs, receipt?.records[0]?.number) };
    },
    main: ({ answer }) => {
      if ('dosing' in answer) return <DoseForm {...answer} />;
      if ('unable' in answer) return <NoDose {...answer} />;
      return <ChooseAnimal title="Dose" to="/bench/dose" animals={answer} />;
    },
  },
  { title: 'Dose', commands: ['AdministerKetamine', 'AdministerSubstance'] },
);

function NoDose(unable: Unable): JSX.Element {
  return (
    <section class="bench">
      <p class="back">
        <StudyLink to="/bench">Bench</StudyLink>
      </p>
      <h1>Dose</h1>
      <UnableHere {...unable} to="/bench/dose" late={GIVEN_BEFORE} />
    </section>
  );
}

const GIVEN_BEFORE = {
  command: 'administer-ketamine',
  words: 'Enter a dose of ketamine that was given before',
};

function after(asked: BenchAsked, pairs: URLSearchParams, recorded: number | undefined): string {
  return afterwards(asked, pairs.get('next'), recorded, asked.query['animal'] ?? null);
}

/** Asked for by the page itself. */
const OWN = [
  'subject',
  'data.substance',
  'data.dose',
  'data.volume',
  'data.concentration',
  'data.bodyWeight',
];
/** What stands on the vial and in the protocol: it is checked with each dose. */
const VIAL = ['data.purpose', 'data.route', 'data.lot', 'data.expiry', 'data.vehicle', 'data.flush'];

function DoseForm({ code, dosing, form, id, next, nowMs, recorded }: Giving): JSX.Element {
  const {
    animal,
    planned,
    substances,
    definition,
    body,
    proposal,
    waits,
    throughCatheter,
    lacksCatheter,
    flags,
  } = dosing;
  const name = planned.name ?? planned.id;
  const here = `/studies/${code}/bench/dose?${new URLSearchParams({ animal, substance: planned.id })}`;
  return (
    <FormContext.Provider value={form}>
      <section class="bench">
        <p class="back">
          <StudyLink to={`/bench/animals/${animal}`}>{animal}</StudyLink>
        </p>
        <h1>
          Dose of {name}: {animal}
        </h1>
        <RecordedLine recorded={recorded} />
        <ErrorSummary />
        {substances.length > 1 && (
          <nav class="picks" aria-label="Substance">
            {substances.map((one) => (
              <a
                href={`/studies/${code}/bench/dose?${new URLSearchParams({ animal, substance: one.id })}`}
                aria-current={one.id === planned.id ? 'true' : undefined}
              >
                {one.name ?? one.id}
              </a>
            ))}
          </nav>
        )}
        <p>
          <Said phrases={proposalInWords(proposal)} />
        </p>
        {waits.map((wait) => (
          <p class={wait.endsMs > nowMs ? 'wait short' : 'wait'}>
            <Said phrases={waitInWords(wait, nowMs)} />
          </p>
        ))}
        {proposal.dose === undefined && (planned.doses?.length ?? 0) > 0 && (
          <nav class="picks" aria-label="Planned doses">
            {planned.doses!.map((dose) => (
              <a
                href={`${here}&${new URLSearchParams({ 'data.dose.value': dose.value, 'data.dose.unit': dose.unit })}`}
              >
                {formatQuantity(dose)}
              </a>
            ))}
          </nav>
        )}
        <form class="enter" method="post" action={here} data-enter={`Dose of ${name}, ${animal}`}>
          <input type="hidden" name="id" value={id} />
          <input type="hidden" name="subject" value={animal} />
          {definition.name === 'AdministerSubstance' && (
            <input type="hidden" name="data.substance" value={planned.id} />
          )}
          {next !== undefined && <input type="hidden" name="next" value={next} />}
          <Weight dosing={dosing} here={here} />
          <DoseWays dosing={dosing} />
          <button name="work-out" value="yes" class="work-out" formNoValidate>
            Work out the rest
          </button>
          {throughCatheter !== undefined && (
            <p class="quiet">
              Route: the protocol names none, and the animal has an intrathecal catheter (
              <RecordLink number={throughCatheter} />
              ).
            </p>
          )}
          {lacksCatheter && (
            <p class="quiet">
              An intrathecal dose needs a catheter, and {animal} has none on record.{' '}
              <StudyLink to="/bench/enter/implant-catheter" query={{ animal, next: here }}>
                Record its implantation
              </StudyLink>
            </p>
          )}
          <div class="paired">
            {VIAL.map((field) => (
              <CommandField definition={definition} body={body} name={field} />
            ))}
          </div>
          <CommandFields
            definition={definition}
            body={body}
            without={[...OWN, ...VIAL]}
            foreseen={form.errors.length > 0 ? [] : flags}
          />
          <button class="send">Record</button>
        </form>
      </section>
    </FormContext.Provider>
  );
}

/** The weight of today is taken over. An older one is said: a dose is worked out with how heavy the animal is now. */
function Weight({ dosing, here }: { readonly dosing: Dosing; readonly here: string }): JSX.Element {
  const { weight, definition, body, animal } = dosing;
  return (
    <div data-way="weight">
      <CommandField definition={definition} body={body} name="data.bodyWeight" />
      <p class="quiet">
        {weight ? (
          <>
            Last weight: {formatQuantity(weight.weight)}, {daysAgoInWords(weight.daysAgo)} (
            <RecordLink number={weight.record} />
            ).{' '}
          </>
        ) : (
          'No weight is on record. '
        )}
        {weight?.daysAgo !== 0 && (
          <StudyLink to="/bench/enter/record-body-weight" query={{ animal, next: here }}>
            Weigh it first
          </StudyLink>
        )}
      </p>
    </div>
  );
}
