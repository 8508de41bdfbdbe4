import type { JSX } from 'preact';
import { commandAt, routeOf } from '../study/catalogue.js';
import type { CommandDefinition } from '../study/commands/common/command.js';
import { isTakenIn } from '../study/commands/common/check-study.js';
import { fieldsOf } from '../study/commands/common/fields.js';
import { refuse } from '../study/refusal.js';
import type { Aside } from './bench/aside.js';
import { signingAfter } from './bench/acts-for.js';
import { asideOf } from './bench/asides.js';
import { targetAside } from './bench/asides/target.js';
import { StudyIsClosed, closedStudy } from './bench/closed-study.js';
import { closingAside } from './bench/closing.js';
import { formErrors } from './bench/form-errors.js';
import { lacksCheck } from './bench/lacks-check.js';
import { lacksTime } from './bench/lacks-time.js';
import { nextWithout } from './bench/next-animal.js';
import { offeredFor } from './bench/offered.js';
import { mergeValues, nextIdentifier, prefilled } from './bench/prefilled.js';
import { CommandFields, ErrorSummary } from './forms/command-fields.js';
import { FormContext, type FormState } from './forms/form-context.js';
import { readForm } from './forms/read-form.js';
import type { View } from '../study/projections/projection.js';
import { benchPage, type BenchAsked, type MainProps } from './page.js';
import { RecordedLine, recordedIn, type Recorded } from './parts/recorded.js';
import { StudyLink } from './parts/links.js';
import { closureOf, type Study } from '../study/study.js';

interface Entering {
  readonly code: string;
  readonly animals: Study['subjects'];
  readonly definition: CommandDefinition;
  readonly body: Readonly<Record<string, unknown>>;
  readonly form: FormState;
  readonly aside: Aside;
  readonly id: string;
  readonly next: string | undefined;
  /** Whether it was done before, so that its time is due. */
  readonly isBefore: boolean;
  /** The animal of the address, where it is one of the study: the form does not ask for it again. */
  readonly of: string | undefined;
  /** The animal for which the same is entered next. */
  readonly nextAnimal: string | undefined;
  readonly recorded: Recorded | undefined;
  /** Whether the study takes it, closed or archived as it may be. */
  readonly isTaken: boolean;
}

/** The form of any command, made from its fields. */
export const enterPage = benchPage<Entering>({
  path: '/studies/:code/bench/enter/:command',
  // Any field can be filled by the address: a task of today's list says the paw, the session and the minute.
  parameters: 'any',
  title: ({ answer }) => answer.definition.summary,
  script: 'enter',
  *answer(asked) {
    const { params, query, view, lab, posted } = asked;
    const definition = commandAt(params['command'] ?? '');
    if (!definition)
      return refuse('command-unknown', 'There is no such command: see the list at /api.', 'command');
    yield;
    const { animal, next, before, recorded: _, ...fields } = query;
    const pairs =
      posted?.pairs ?? new URLSearchParams({ ...(animal !== undefined && { subject: animal }), ...fields });
    const typed = readForm(definition, pairs, asked.inZone);
    const isClosing = definition.name === 'CloseStudy';
    const aside = isClosing
      ? yield* closingAside(asked)
      : (asideOf(asked, definition, typed) ?? targetAside(asked, typed));
    const errors = formErrors(asked, definition, typed);
    const isGiven =
      animal !== undefined &&
      view.study.subjects.get(animal)?.enrolled !== undefined &&
      !errors.some(({ field }) => field === 'subject');
    const begun = mergeValues(beginning(view, definition), { data: aside.data ?? {} });
    return {
      code: view.study.code,
      animals: view.study.subjects,
      definition,
      // What was typed is shown as it was typed: what was emptied stays empty.
      body: posted ? typed : mergeValues(begun, typed),
      form: {
        errors,
        offered: { ...offeredFor(view, lab, definition), ...aside.offered },
        inZone: asked.inZone,
        longer: posted?.pairs.get('longer') ?? undefined,
        closed: closedStudy(asked),
      },
      aside,
      id: posted?.pairs.get('id') ?? asked.newId(),
      next: posted?.pairs.get('next') ?? next,
      isBefore: (posted?.pairs.get('before') ?? before) === 'yes',
      of: isGiven ? animal : undefined,
      nextAnimal: isGiven ? nextWithout(asked, animal, definition.records) : undefined,
      recorded: recordedIn(asked),
      // What was typed stays in sight, whatever became of the study meanwhile.
      isTaken: posted !== undefined || isTakenIn(closureOf(view.study).state, definition),
    };
  },
  send(pairs, asked) {
    const definition = commandAt(asked.params['command'] ?? '');
    if (!definition || pairs.has('longer')) return undefined;
    const lacking = lacksTime(pairs);
    if (lacking) return lacking;
    const { code } = asked.view.study;
    const body = readForm(definition, pairs, asked.inZone);
    const id = pairs.get('id') ?? '';
    // A dry run says what is odd, and refuses nothing for it; what is discarded is not recorded.
    const unchecked =
      pairs.has('dryRun') || pairs.has('discard') ? undefined : lacksCheck(asked, { id, definition, body });
    if (unchecked) return unchecked;
    return {
      commands: [{ id, definition, study: code, body }],
      next: ([receipt]) => {
        const other = nextWithout(asked, pairs.get('subject')?.trim() ?? '', definition.records);
        const ofOther =
          other === undefined || isEnrolment(definition)
            ? ''
            : `?${new URLSearchParams({ animal: other }).toString()}`;
        const again = `/studies/${code}/bench/enter/${routeOf(definition.name)}${ofOther}`;
        const number = receipt?.records[0]?.number;
        if (pairs.has('again')) return afterwards(asked, again, number, null);
        const [next, animal] = [pairs.get('next'), pairs.get('subject')];
        const then = afterwards(asked, next, undefined, animal);
        return signingAfter(asked, definition, body, number, then) ?? afterwards(asked, next, number, animal);
      },
    };
  },
  main: Main,
});

function beginning(view: View, definition: CommandDefinition): Record<string, unknown> {
  const subject = isEnrolment(definition) ? nextIdentifier(view.study) : undefined;
  return { ...(subject !== undefined && { subject }), data: prefilled(view, definition) };
}

/** Where one comes when something is recorded: a page of this study, or its own animal's, with the number of the record. */
export function afterwards(
  { view }: Pick<BenchAsked, 'view'>,
  next: string | null,
  recorded: number | undefined,
  animal: string | null,
): string {
  const study = `/studies/${view.study.code}`;
  const path = animal ? `${study}/bench/animals/${encodeURIComponent(animal.trim())}` : `${study}/bench`;
  const address = pageBelow(study, next) ?? new URL(path, HERE);
  if (recorded !== undefined) address.searchParams.set('recorded', String(recorded));
  return `${address.pathname}${address.search}`;
}

const HERE = 'http://here';

/** The address as a browser will read it, which drops tabs and line breaks; undefined where that leads out of the study. */
function pageBelow(study: string, next: string | null): URL | undefined {
  if (next === null || /[\s\\]/.test(next) || !URL.canParse(next, HERE)) return undefined;
  const address = new URL(next, HERE);
  const isBelow = address.origin === HERE && address.pathname.startsWith(`${study}/`);
  return isBelow && !address.pathname.includes('//') ? address : undefined;
}

/** Its animal is not in the study yet. */
function isEnrolment({ name }: CommandDefinition): boolean {
  return name === 'EnrolSubject';
}

/** Another animal is the next one to be entered in the same way. */
function hasSubject({ command }: CommandDefinition): boolean {
  return fieldsOf(command).has('subject');
}

/** What the browser calls the entry while there is no connection. One with a personal text is not kept on the device. */
function keptAs({ summary, personal }: CommandDefinition, animal: string | undefined): string | undefined {
  if (personal.length > 0) return undefined;
  return animal === undefined ? summary : `${summary}, ${animal}`;
}

function Main({ answer }: MainProps<Entering>): JSX.Element {
  const { animals, definition, body, form, of, recorded } = answer;
  const animal = typeof body['subject'] === 'string' ? body['subject'] : undefined;
  return (
    <FormContext.Provider value={form}>
      <section class="bench">
        <p class="back">
          <StudyLink
            to={animal === undefined || !animals.has(animal) ? '/bench' : `/bench/animals/${animal}`}
          >
            Bench
          </StudyLink>
        </p>
        <h1>
          {definition.summary}
          {animal !== undefined && `: ${animal}`}
        </h1>
        {of !== undefined && (
          <p>
            <StudyLink to={`/bench/enter/${routeOf(definition.name)}`}>Choose another animal</StudyLink>
          </p>
        )}
        <RecordedLine recorded={recorded} />
        <ErrorSummary />
        {form.closed && <StudyIsClosed closed={form.closed} />}
        {answer.isTaken && <EntryForm {...answer} />}
      </section>
    </FormContext.Provider>
  );
}

function EntryForm({
  code,
  definition,
  body,
  aside,
  id,
  next,
  isBefore,
  of,
  nextAnimal,
}: Entering): JSX.Element {
  const { Told, Fields, without = [] } = aside;
  const animal = typeof body['subject'] === 'string' ? body['subject'] : undefined;
  return (
    <>
      {Told && <Told />}
      <form
        class="enter"
        method="post"
        action={`/studies/${code}/bench/enter/${routeOf(definition.name)}${of === undefined ? '' : `?animal=${encodeURIComponent(of)}`}`}
        data-enter={keptAs(definition, animal)}
      >
        <input type="hidden" name="id" value={id} />
        {of !== undefined && <input type="hidden" name="subject" value={of} />}
        {next !== undefined && <input type="hidden" name="next" value={next} />}
        {isBefore && <input type="hidden" name="before" value="yes" />}
        {Fields && <Fields body={body} />}
        <CommandFields
          definition={definition}
          body={body}
          without={of === undefined ? without : ['subject', ...without]}
          foreseen={[]}
          isBefore={isBefore}
        />
        <button class="send">Record</button>
        {hasSubject(definition) && (
          <button name="again" value="true">
            Record, and another animal{nextAnimal !== undefined && `: ${nextAnimal}`}
          </button>
        )}
      </form>
    </>
  );
}
