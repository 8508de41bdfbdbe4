import type { JSX } from 'preact';
import type { CommandDefinition } from '../study/commands/common/command.js';
import { checkSignable, signRecords } from '../study/commands/sign-records.command.js';
import { Refusal, errorsOf, refuse } from '../study/refusal.js';
import { recordDigest } from '../recording/signing/digests.js';
import { refuseArchived } from '../study/signatures/meanings.js';
import { MEANINGS, type Meaning } from '../study/signatures/statement.js';
import { afterwards } from './enter.page.js';
import { ErrorSummary } from './forms/command-fields.js';
import { FormContext, type FormState } from './forms/form-context.js';
import { benchPage, type BenchAsked, type MainProps } from './page.js';
import { RecordLink } from './parts/links.js';
import { RecordedLine, recordedIn, type Recorded } from './parts/recorded.js';
import { Choice, QueryForm } from './parts/query-form.js';
import { Said } from './parts/said.js';
import { Table } from './parts/table.js';
import type { Phrase } from './words/phrase.js';
import { DECLARED } from './words/meanings.js';
import { sentence } from './words/sentence.js';

interface SignAnswer {
  readonly code: string;
  readonly asked: Asked;
  readonly records: readonly Signable[];
  /** Those of a range that are not listed. */
  readonly more: number;
  readonly person: string | undefined;
  /** Whether the reader has stated that a signature binds: nobody signs before. */
  readonly isAttested: boolean;
  readonly isSimulated: boolean;
  readonly form: FormState;
  readonly id: string;
  readonly recorded: Recorded | undefined;
}

interface Asked {
  readonly meaning: Meaning;
  readonly records?: readonly number[];
  readonly range?: { readonly from: number; readonly to: number };
}

interface Signable {
  readonly number: number;
  readonly phrases: readonly Phrase[];
  readonly actor: string;
  readonly digest: string;
}

const SIGN_RECORDS = signRecords as unknown as CommandDefinition;
/** Of a range: the records that are listed. */
const LISTED = 50;

/** Records are signed here with a passkey, from the bytes that are shown. */
export const signPage = benchPage<SignAnswer>({
  path: '/studies/:code/sign',
  parameters: ['meaning', 'records', 'from', 'to', 'next', 'recorded'],
  title: () => 'Sign',
  script: 'sign',
  *answer({ view, lab, reader, query, posted, newId }) {
    const { study } = view;
    const asked = readAsked(query);
    if (asked instanceof Refusal) return asked;
    const covered = coveredOf(asked);
    const unfit = checkSignable(study, covered) ?? refuseArchived(study, covered);
    if (unfit) return unfit;
    const numbers = numbersOf(asked);
    const records: Signable[] = [];
    for (const number of numbers.slice(0, LISTED)) {
      const stored = study.records.at(number)!;
      const { record } = stored;
      records.push({
        number,
        phrases: sentence(view, stored),
        actor: record.actor,
        digest: recordDigest(record),
      });
      yield;
    }
    return {
      code: study.code,
      asked,
      records,
      more: numbers.length - records.length,
      person: reader.person,
      isAttested: lab.people.persons.get(reader.person ?? '')?.attestation !== undefined,
      isSimulated: lab.simulated,
      form: { errors: errorsOf(posted?.refusal), offered: {} },
      id: posted?.pairs.get('id') ?? newId(),
      recorded: recordedIn({ view, query }),
    };
  },
  send(pairs, bench: BenchAsked) {
    const {
      view: { study },
      query,
    } = bench;
    const asked = readAsked(query);
    if (asked instanceof Refusal) return asked;
    const id = pairs.get('id') ?? '';
    return {
      commands: [{ id, definition: SIGN_RECORDS, study: study.code, body: { data: asked } }],
      next: ([receipt]) => nextOf(bench, receipt?.records[0]?.number),
    };
  },
  main: Main,
});

function nextOf(bench: BenchAsked, number: number | undefined): string {
  const { code } = bench.view.study;
  const { next } = bench.query;
  if (next !== undefined) return afterwards(bench, next, number, null);
  return number === undefined ? `/studies/${code}` : `/studies/${code}/records/${number}`;
}

function readAsked({ meaning, records, from, to }: Readonly<Record<string, string>>): Asked | Refusal {
  const known = MEANINGS.find((one) => one === (meaning ?? 'authored'));
  if (!known)
    return refuse('choice-unknown', `A signature means one of these: ${MEANINGS.join(', ')}.`, 'meaning');
  const numbers = (records ?? '').split(',').filter((one) => one !== '');
  const all = [...numbers, ...(from === undefined ? [] : [from]), ...(to === undefined ? [] : [to])];
  const wrong = all.find((one) => !/^(0|[1-9]\d{0,8})$/.test(one));
  if (wrong !== undefined || numbers.length > 100)
    return refuse(
      'records-unnamed',
      'The address names up to 100 records by their numbers, as records=4,7, or a range, as from=4&to=7.',
      'records',
    );
  if (from !== undefined && to !== undefined)
    return { meaning: known, range: { from: Number(from), to: Number(to) } };
  return { meaning: known, records: [...new Set(numbers.map(Number))].sort((a, b) => a - b) };
}

function coveredOf({ records = [], range }: Asked): { from: number; to: number }[] {
  return range ? [range] : records.map((number) => ({ from: number, to: number }));
}

function numbersOf({ records = [], range }: Asked): number[] {
  if (!range) return [...records];
  return Array.from({ length: Math.max(0, range.to - range.from + 1) }, (_, index) => range.from + index);
}

/** What another meaning is asked for with. */
function withoutMeaning(query: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(query).filter(([name]) => name !== 'meaning' && name !== 'recorded'),
  );
}

function Main({ answer, query }: MainProps<SignAnswer>): JSX.Element {
  const { code, asked, records, more, person, isAttested, isSimulated, form, id, recorded } = answer;
  const action = `/studies/${code}/sign?${new URLSearchParams(query).toString()}`;
  return (
    <FormContext.Provider value={form}>
      <section class="bench sign">
        <h1>{`Sign as ${asked.meaning}`}</h1>
        <RecordedLine recorded={recorded} />
        <p class="lead">{`I, ${person ?? 'whoever is signed in'}, ${DECLARED[asked.meaning]}.`}</p>
        <Table<Signable>
          label="What is signed"
          rows={records}
          none="No record is named: open this page from the record that is to be signed."
          columns={[
            { head: 'Record', cell: ({ number }) => <RecordLink number={number} /> },
            { head: 'What it says', cell: ({ phrases }) => <Said phrases={phrases} />, as: 'wide' },
            { head: 'By', cell: ({ actor }) => actor },
            { head: 'SHA-256', cell: ({ digest }) => <code>{`${digest.slice(0, 16)}…`}</code> },
          ]}
        />
        {more > 0 && <p class="quiet">{`${more} more records of the range are signed with them.`}</p>}
        <QueryForm to="/sign" kept={withoutMeaning(query)} label="Another meaning">
          <Choice
            name="meaning"
            label="Meaning"
            any="authored"
            chosen={asked.meaning}
            options={MEANINGS.map((meaning) => [meaning, `${meaning}: I ${DECLARED[meaning]}`])}
          />{' '}
          <button>Show</button>
        </QueryForm>
        <ErrorSummary />
        {person === undefined ? (
          <p class="refused">Sign in first: only a person can sign.</p>
        ) : !isAttested ? (
          <p class="refused">
            Before your first signature, state that your electronic signature binds you, on{' '}
            <a href={`/me?${new URLSearchParams({ next: action }).toString()}#attestation`}>your page</a>,
            which leads back to here.
          </p>
        ) : (
          records.length > 0 && (
            <form
              method="post"
              action={action}
              data-sign={JSON.stringify(asked)}
              data-study={code}
              data-next={query['next']}
              data-simulated={isSimulated ? 'yes' : undefined}
            >
              <input type="hidden" name="id" value={id} />
              <section hidden data-shown>
                <h2>The bytes that are signed</h2>
                <p class="quiet">This page decoded them. The passkey signs their SHA-256 (DSSE).</p>
                <dl data-terms />
                <details>
                  <summary>As they are</summary>
                  <pre tabIndex={0} aria-label="Bytes that are signed" data-payload />
                </details>
              </section>
              <p class="refused" role="alert" data-alert />
              {isSimulated ? (
                <>
                  <p>
                    This ledger is simulated: a simulated passkey signs, and the signature proves nothing
                    about a person.
                  </p>
                  <button class="send">Sign with the simulated passkey</button>
                </>
              ) : (
                <>
                  <noscript>
                    <p class="refused">
                      Signing with a passkey needs a script: allow scripts for this address.
                    </p>
                  </noscript>
                  <button class="send" type="button" data-by-passkey disabled>
                    Sign with the passkey
                  </button>
                </>
              )}
            </form>
          )
        )}
        <p class="quiet">
          If a signed record is corrected or withdrawn later, its signature is shown as superseded.
        </p>
      </section>
    </FormContext.Provider>
  );
}
