import type { JSX } from 'preact';
import type { CommandDefinition } from '../study/commands/common/command.js';
import { checkVoidable, voidRecord } from '../study/commands/void-record.command.js';
import { errorsOf, refuse } from '../study/refusal.js';
import { Reason, Text } from '../study/schema.js';
import { refuseCorrecting } from './bench/may-correct.js';
import { ErrorSummary } from './forms/command-fields.js';
import { FormContext, type FormState } from './forms/form-context.js';
import { readForm } from './forms/read-form.js';
import { SchemaField } from './forms/schema-field.js';
import { benchPage, type MainProps } from './page.js';
import { StudyLink } from './parts/links.js';
import { RestingFacts, restingOn, type Resting } from './parts/rests-on.js';
import { Said } from './parts/said.js';
import type { Phrase } from './words/phrase.js';
import { sentence } from './words/sentence.js';

interface VoidAnswer {
  readonly code: string;
  readonly number: number;
  /** Why the reader may not. */
  readonly barred: string | undefined;
  readonly leaf: string;
  readonly said: readonly Phrase[];
  /** What holds again when a correction is withdrawn. */
  readonly again: readonly Phrase[] | undefined;
  readonly reason: string;
  readonly comment: string | undefined;
  readonly form: FormState;
  readonly id: string;
  readonly resting: Resting;
}

const VOID_RECORD = voidRecord as unknown as CommandDefinition;

/** Withdraws a record: what it says, what rests on it, and why. */
export const voidPage = benchPage<VoidAnswer>({
  path: '/studies/:code/records/:number/void',
  title: ({ params }) => `Void #${params['number']}`,
  script: 'enter',
  *answer(asked) {
    const { view, params, posted, newId } = asked;
    const { study } = view;
    const number = Number(params['number']);
    const stored = study.records.at(number);
    if (!stored)
      return refuse(
        'record-unknown',
        `There is no record ${params['number']?.slice(0, 20)} among the ${study.size} records of ${study.code}.`,
        'number',
      );
    const unfit = checkVoidable(study, number);
    if (unfit) return unfit;
    const { data } = stored.record;
    const replaced = 'replaces' in data ? study.records.at(data.replaces.number) : undefined;
    return {
      code: study.code,
      number,
      barred: refuseCorrecting(asked, VOID_RECORD, { target: { number } })?.message,
      leaf: stored.leaf,
      said: sentence(view, stored),
      again: replaced && sentence(view, replaced),
      reason: posted?.pairs.get('reason') ?? '',
      comment: posted?.pairs.get('data.comment') ?? undefined,
      form: { errors: errorsOf(posted?.refusal), offered: {} },
      id: posted?.pairs.get('id') ?? newId(),
      resting: yield* restingOn(view, number),
    };
  },
  send(pairs, { view: { study }, params, inZone }) {
    const number = Number(params['number']);
    const { reason, data } = readForm(VOID_RECORD, pairs, inZone) as { reason?: string; data: object };
    const body = {
      ...(reason !== undefined && { reason }),
      data: { ...data, target: { number, leaf: pairs.get('leaf') } },
    };
    return {
      commands: [{ id: pairs.get('id') ?? '', definition: VOID_RECORD, study: study.code, body }],
      next: ([receipt]) => `/studies/${study.code}/records/${receipt?.records[0]?.number ?? number}`,
    };
  },
  main: Main,
});

function Main({ answer }: MainProps<VoidAnswer>): JSX.Element {
  const { code, number, barred, leaf, said, again, reason, comment, form, id, resting } = answer;
  return (
    <FormContext.Provider value={form}>
      <section class="bench">
        <p class="back">
          <StudyLink to={`/records/${number}`}>{`#${number}`}</StudyLink>
        </p>
        <h1>{`Void #${number}`}</h1>
        <p class="lead">
          <Said phrases={said} />
        </p>
        <p>
          {again ? (
            <>
              It corrects another record. Once it is withdrawn, this holds again: <Said phrases={again} />
            </>
          ) : (
            'A withdrawn record stays in the log, is shown struck through and no longer counts. A withdrawal cannot be withdrawn: record anew what should hold.'
          )}
        </p>
        <section>
          <h2>What rests on it</h2>
          {resting.verdicts.length + resting.cites.length === 0 ? (
            <p class="none">No verdict and no later record rests on it.</p>
          ) : (
            <RestingFacts {...resting} />
          )}
        </section>
        <ErrorSummary />
        {barred !== undefined ? (
          <p class="refused">{barred}</p>
        ) : (
          <form
            class="enter"
            method="post"
            action={`/studies/${code}/records/${number}/void`}
            data-enter={`Void #${number}`}
          >
            <input type="hidden" name="id" value={id} />
            <input type="hidden" name="leaf" value={leaf} />
            <SchemaField
              schema={Reason}
              name="reason"
              value={reason}
              isDue
              help="Why it should not have been made."
            />
            <SchemaField schema={Text} name="data.comment" value={comment} isDue={false} label="Comment" />
            <output class="told" data-told="" />
            <button class="send">Void this record</button>
          </form>
        )}
      </section>
    </FormContext.Provider>
  );
}
