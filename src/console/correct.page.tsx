import type { JSX } from 'preact';
import { flagsInWords } from './words/flags.js';
import type { Phrase } from './words/phrase.js';
import { sentence } from './words/sentence.js';
import type { Statement } from '../study/commands/common/state-in-full.js';
import { stateInFull, statementOf } from '../study/commands/common/state-in-full.js';
import type { CommandDefinition } from '../study/commands/common/command.js';
import type { Change } from '../study/projections/member-changes.js';
import { Refusal, type FieldError } from '../study/refusal.js';
import { Instant, Reason } from '../study/schema.js';
import type { Steps } from '../study/steps.js';
import { correctable } from './bench/changeable.js';
import {
  CORRECT_RECORD,
  bodyOf,
  changedMeanwhile,
  changesOf,
  errorsInForm,
  foreseeCorrection,
  type ForeseenCorrection,
  readCorrection,
  type Correcting,
} from './bench/correction.js';
import { refuseCorrecting } from './bench/may-correct.js';
import { offeredFor } from './bench/offered.js';
import { CommandFields, ErrorSummary } from './forms/command-fields.js';
import { FormContext, type FormState } from './forms/form-context.js';
import { SchemaField } from './forms/schema-field.js';
import { benchPage, type BenchAsked, type MainProps } from './page.js';
import { Changes, memberInWords } from './parts/changes.js';
import { RecordLink, StudyLink } from './parts/links.js';
import { RestingFacts, restingOn, type Resting } from './parts/rests-on.js';
import { Said } from './parts/said.js';

interface CorrectAnswer {
  readonly code: string;
  readonly number: number;
  /** Why the reader may not. */
  readonly barred: string | undefined;
  readonly holder: number;
  readonly definition: CommandDefinition;
  readonly said: readonly Phrase[];
  readonly shown: Statement;
  readonly reason: string | undefined;
  readonly form: FormState;
  readonly id: string;
  readonly resting: Resting;
  readonly changes: readonly Change[];
  readonly foreseen: ForeseenCorrection | undefined;
  /** What others changed since the form was begun, and on which record that was. */
  readonly meanwhile: { readonly record: number; readonly changes: readonly Change[] } | undefined;
}

/**
 * Corrects a record by the form of the command that stated it, filled with what holds. What would change is shown before it is
 * recorded: a form that was sent is shown again with before and after, and recorded when it is sent once more as it was shown.
 */
export const correctPage = benchPage<CorrectAnswer>({
  path: '/studies/:code/records/:number/correct',
  title: ({ params }) => `Correct #${params['number']}`,
  script: 'correct',
  *answer(asked) {
    const { view, lab, params, posted } = asked;
    const number = Number(params['number']);
    const found = correctable(view.study, number);
    if (found instanceof Refusal) return found;
    const { fact, definition } = found;
    const barred = refuseCorrecting(asked, CORRECT_RECORD, {
      target: { number: fact.number },
      replaces: { number: fact.holder },
    });
    const correcting = posted && readCorrection(found, posted.pairs, asked);
    const judged = yield* judge(correcting, asked);
    const held = statementOf(fact, definition);
    return {
      code: view.study.code,
      number: fact.number,
      barred: barred?.message,
      holder: fact.holder,
      definition,
      said: sentence(view, view.study.records.at(fact.holder)!),
      shown: correcting ? stateInFull(held, correcting.changes) : held,
      reason: posted?.pairs.get('reason') ?? undefined,
      form: {
        errors: judged.errors,
        offered: offeredFor(view, lab, definition),
        inZone: asked.inZone,
        longer: posted?.pairs.get('longer') ?? undefined,
      },
      id: posted?.pairs.get('id') ?? asked.newId(),
      resting: yield* restingOn(view, fact.number),
      changes: correcting ? changesOf(correcting) : [],
      foreseen: judged.foreseen,
      meanwhile:
        correcting && correcting.begunOn.record !== fact.holder
          ? { record: correcting.begunOn.record, changes: changedMeanwhile(correcting) }
          : undefined,
    };
  },
  send(pairs, asked) {
    const { code } = asked.view.study;
    const command = { id: pairs.get('id') ?? '', definition: CORRECT_RECORD, study: code };
    // Given up: whatever has become of the record.
    if (pairs.has('discard'))
      return {
        commands: [{ ...command, body: {} }],
        next: ([receipt]) => `/studies/${code}/records/${receipt?.records[0]?.number}`,
      };
    const found = correctable(asked.view.study, Number(asked.params['number']));
    if (found instanceof Refusal) return found;
    const correcting = readCorrection(found, pairs, asked);
    const isAsShown =
      pairs.get('seen') === seenOf(changesOf({ ...correcting, held: correcting.begunOn.statement }));
    if (!isAsShown || !pairs.has('confirm')) return undefined;
    return {
      commands: [{ ...command, body: bodyOf(correcting) }],
      next: ([receipt]) => `/studies/${code}/records/${receipt?.records[0]?.number ?? found.fact.number}`,
    };
  },
  main: Main,
});

interface JudgedForm {
  readonly errors: readonly FieldError[];
  readonly foreseen: ForeseenCorrection | undefined;
}

function* judge(correcting: Correcting | undefined, asked: BenchAsked): Steps<JudgedForm> {
  const { posted } = asked;
  if (!correcting || posted?.pairs.has('longer')) return { errors: [], foreseen: undefined };
  // What others were quicker with is told by itself, and the changes are judged anew.
  if (posted?.refusal && posted.refusal.code !== 'not-in-force')
    return { errors: errorsInForm(posted.refusal), foreseen: undefined };
  const foreseen = yield* foreseeCorrection(correcting, asked);
  return foreseen instanceof Refusal
    ? { errors: errorsInForm(foreseen), foreseen: undefined }
    : { errors: [], foreseen };
}

/** What was shown as before and after, so that nothing else is recorded. */
function seenOf(changes: readonly Change[]): string {
  return JSON.stringify(changes);
}

function Main({ answer }: MainProps<CorrectAnswer>): JSX.Element {
  const {
    code,
    number,
    barred,
    holder,
    definition,
    said,
    shown,
    reason,
    form,
    id,
    resting,
    changes,
    foreseen,
    meanwhile,
  } = answer;
  return (
    <FormContext.Provider value={form}>
      <section class="bench">
        <p class="back">
          <StudyLink to={`/records/${number}`}>{`#${number}`}</StudyLink>
        </p>
        <h1>{`Correct #${number}`}</h1>
        <p class="lead">
          <Said phrases={said} />
          {holder !== number && (
            <>
              {' '}
              It was corrected: <RecordLink number={holder} /> holds now.
            </>
          )}
        </p>
        {meanwhile && <Meanwhile meanwhile={meanwhile} holder={holder} />}
        <ErrorSummary />
        {barred !== undefined ? (
          <p class="refused">{barred}</p>
        ) : (
          <form
            class="enter"
            method="post"
            action={`/studies/${code}/records/${number}/correct`}
            data-correct={`Correction of #${number}`}
          >
            <input type="hidden" name="id" value={id} />
            <input type="hidden" name="replaces" value={String(holder)} />
            {foreseen && <Preview changes={changes} foreseen={foreseen} />}
            <CommandFields
              definition={definition}
              body={{ subject: shown.subject, data: shown.data }}
              without={['occurredAt', 'reason']}
            />
            <SchemaField
              schema={Instant}
              name="occurredAt"
              value={shown.occurredAt}
              isDue
              label="When it happened"
              help="On the clock of the laboratory; a time of another zone has its offset."
            />
            <SchemaField
              schema={Reason}
              name="reason"
              value={reason}
              isDue
              help="What was wrong, and how you know."
            />
            <button class={foreseen ? undefined : 'send'}>
              {foreseen ? 'Show the changes again' : 'Show what changes'}
            </button>
          </form>
        )}
        <section>
          <h2>What rests on it</h2>
          {resting.verdicts.length + resting.cites.length === 0 ? (
            <p class="none">No verdict and no later record rests on it.</p>
          ) : (
            <RestingFacts {...resting} />
          )}
        </section>
      </section>
    </FormContext.Provider>
  );
}

/** Before and after, with what would be irregular and what would be answered otherwise. */
function Preview({
  changes,
  foreseen: { flags = [], verdicts = [], endpoints },
}: {
  readonly changes: readonly Change[];
  readonly foreseen: ForeseenCorrection;
}): JSX.Element {
  const told = flagsInWords(flags, {});
  return (
    <section class="preview" aria-label="What changes">
      <h2>What changes</h2>
      <Changes changes={changes} />
      {told.length > 0 && <p>{told.join(' ')}</p>}
      {verdicts.length + endpoints.length > 0 ? (
        <ul>
          {endpoints.map(({ subject, description, isReached }) => (
            <li>
              {`${subject}, humane endpoint (${description}): `}
              <del>{isReached ? 'not reached' : 'reached'}</del>{' '}
              <ins>{isReached ? 'reached' : 'not reached'}</ins>
            </li>
          ))}
          {verdicts.map(({ subject, question, before, after }) => (
            <li>
              {`${subject}, ${question}: `}
              <del>{before}</del> <ins>{after}</ins>
            </li>
          ))}
        </ul>
      ) : (
        <p class="quiet">No verdict and no humane endpoint changes.</p>
      )}
      <input type="hidden" name="seen" value={seenOf(changes)} />
      <button class="send" name="confirm" value="true" autofocus>
        Record the correction
      </button>
    </section>
  );
}

/** Somebody else was quicker: both values, and the way on from what holds now. */
function Meanwhile({
  meanwhile: { record, changes },
  holder,
}: {
  readonly meanwhile: NonNullable<CorrectAnswer['meanwhile']>;
  readonly holder: number;
}): JSX.Element {
  return (
    <section class="wrong" role="alert" aria-label="Corrected meanwhile">
      <h2>Corrected meanwhile</h2>
      <p>
        You began on <RecordLink number={record} />. <RecordLink number={holder} /> was recorded since and
        holds now
        {changes.length > 0 &&
          `; it changed ${changes.map(({ field }) => memberInWords(field.replace(/^data\./, ''))).join(', ')}`}
        . Nothing of yours was recorded. The form below has what holds now, with your changes in it.
      </p>
      {changes.length > 0 && <Changes changes={changes} />}
    </section>
  );
}
