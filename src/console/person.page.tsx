import type { JSX } from 'preact';
import { siteInForce } from '../lab/people/standing.js';
import type { Lab, LabRecord } from '../lab/lab.js';
import { labAsOf, recordsAbout } from '../queries/people-log.js';
import type { Numbered } from '../study/record.js';
import { Refusal, refuse } from '../study/refusal.js';
import { ADMINISTRATION } from '../study/who.js';
import { ledgerPage, type MainProps } from './page.js';
import { Flags } from './parts/flags.js';
import { InLab } from './parts/in-lab.js';
import { LabMoment } from './parts/lab-moment.js';
import { RecordLink } from './parts/links.js';
import { ConfirmForm, Grants, Passkeys, RevokeForm, Tokens } from './parts/people.js';
import { ChangeForms, EraseForms, GrantForm, OfferForm, TrainingForm } from './person-forms.js';
import { tellPerson, waitingForOthers, type PersonTold } from './parts/person-told.js';
import { RecordList, type RecordLine } from './parts/records.js';
import { Facts, Table } from './parts/table.js';
import { Day, When } from './parts/when.js';
import { viewerOf, type Viewer } from './viewer.js';
import { labSentence } from './words/lab-sentence.js';

interface PersonAnswer {
  readonly told: PersonTold;
  readonly viewer: Viewer;
  readonly history: readonly RecordLine[];
  /** The lab records that hold a name which nobody has asked to erase. */
  readonly named: readonly number[];
  readonly studies: readonly string[];
  /** Where links lead to. */
  readonly origin: string;
  readonly size: number;
  readonly isPast: boolean;
}

export const personPage = ledgerPage<PersonAnswer>({
  path: '/people/:person',
  readers: { facility: ADMINISTRATION },
  parameters: ['at'],
  title: ({ answer }) => answer.told.id,
  async answer(engine, { params: { person: id = '' }, query: { at } }, reader) {
    const now = await engine.lab();
    const viewer = viewerOf(now, reader, engine.clock());
    const lab = await labAsOf(engine, at);
    if (lab instanceof Refusal) return lab;
    const person = lab.people.persons.get(id);
    if (!person)
      return refuse('person-unknown', `There is no person ${id.slice(0, 60)} at this tree size.`, 'person');
    const isPast = lab.size < now.size;
    const holderOf = (number: number): string => lab.people.holders.get(number) ?? 'somebody';
    const records = await recordsAbout(engine, id, lab);
    return {
      told: tellPerson(lab, person, isPast ? lab.recordedMs : engine.clock(), (name) =>
        engine.disclosures.open(name),
      ),
      viewer,
      history: records.map((record) => historyLine(record, holderOf)).reverse(),
      named: records
        .filter(({ number, record }) => holdsName(record, number, lab))
        .map(({ number }) => number),
      studies: [...lab.studies.keys()],
      origin: siteInForce(lab.people)?.origin ?? '',
      size: lab.size,
      isPast,
    };
  },
  main: Main,
});

function holdsName({ type }: LabRecord, number: number, { people }: Lab): boolean {
  const asked = [...people.redactions.values()].some(
    ({ asked: { stream, number: other } }) => stream === 'lab' && other === number,
  );
  return (type === 'PersonRegistered' || type === 'PersonRenamed') && !asked;
}

function historyLine(
  { number, record }: Numbered<LabRecord>,
  holderOf: (number: number) => string,
): RecordLine {
  return {
    number,
    at: record.time,
    recordedAt: record.recordedtime,
    actor: record.actor,
    role: record.actorrole,
    phrases: labSentence(record, holderOf) ?? [],
    flags: [],
    reason: undefined,
    supersededBy: undefined,
  };
}

function Main({ answer }: MainProps<PersonAnswer>): JSX.Element {
  const { told, viewer, history, size, isPast } = answer;
  const canChange = viewer.isAdministrator && !isPast && !told.deactivated;
  return (
    <InLab>
      <div class="heading">
        <h1>{told.id}</h1>
        <LabMoment path={`/people/${told.id}`} size={size} isPast={isPast} />
      </div>
      <Facts
        facts={[
          ['Name', told.name],
          [
            'Registered',
            <>
              by lab record <RecordLink number={told.number} />
            </>,
          ],
          [
            'Also known as',
            told.sameAs.length > 0 &&
              told.sameAs.map((id) => (
                <>
                  <a href={`/people/${id}`}>{id}</a>{' '}
                </>
              )),
          ],
          ['Marked', told.hasRoleConflict && <Flags flags={['role-conflict']} />],
          [
            'Deactivated',
            told.deactivated && (
              <>
                <When at={told.deactivated.at} /> by <RecordLink number={told.deactivated.number} />: nothing
                that was given to {told.id} holds any more
              </>
            ),
          ],
        ]}
      />
      <section id="roles">
        <h2>Roles</h2>
        <Grants
          grants={told.grants}
          act={
            canChange
              ? ({ number, role }) => (
                  <RevokeForm what="grant" number={number} of={`the role ${role} of ${told.id}`} />
                )
              : undefined
          }
        />
        {canChange && <GrantForm told={told} studies={answer.studies} />}
      </section>
      <section id="passkeys">
        <h2>Passkeys</h2>
        <PersonPasskeys answer={answer} canChange={canChange} />
        {canChange && <OfferForm told={told} origin={answer.origin} />}
      </section>
      <Training told={told} canChange={canChange} />
      {told.tokens.length > 0 && (
        <section id="tokens">
          <h2>Tokens</h2>
          <Tokens
            tokens={told.tokens}
            act={
              canChange
                ? ({ number }) => (
                    <RevokeForm what="token" number={number} of={`token #${number} of ${told.id}`} />
                  )
                : undefined
            }
          />
        </section>
      )}
      <section id="history">
        <h2>History</h2>
        <RecordList lines={history} />
      </section>
      {viewer.isAdministrator && !isPast && (
        <section id="change">
          <h2>Change</h2>
          {canChange && <ChangeForms told={told} />}
          <EraseForms told={told} named={answer.named} />
        </section>
      )}
    </InLab>
  );
}

function PersonPasskeys({
  answer: { told, viewer, isPast },
  canChange,
}: {
  readonly answer: PersonAnswer;
  readonly canChange: boolean;
}): JSX.Element {
  const canConfirm = viewer.isConfirmed && !isPast && viewer.person?.id !== told.id;
  const waits = canConfirm ? waitingForOthers(told) : [];
  return (
    <Passkeys
      passkeys={told.passkeys}
      act={
        waits.length > 0 || canChange
          ? (passkey) => (
              <>
                {waits.includes(passkey) && <ConfirmForm passkey={passkey} />}
                {canChange && passkey.state !== 'revoked' && (
                  <RevokeForm
                    what="credential"
                    number={passkey.number}
                    of={`passkey #${passkey.number} of ${told.id}`}
                  />
                )}
              </>
            )
          : undefined
      }
    />
  );
}

function Training({
  told,
  canChange,
}: {
  readonly told: PersonTold;
  readonly canChange: boolean;
}): JSX.Element {
  return (
    <section id="training">
      <h2>Training</h2>
      <Table
        label="Training"
        rows={told.training}
        none="No training is recorded."
        columns={[
          { head: 'Procedures', as: 'text', cell: ({ procedures }) => procedures.join(', ') },
          { head: 'Since', cell: ({ on }) => <Day at={on} /> },
          { head: 'Until', cell: ({ until }) => until && <Day at={until} /> },
          { head: 'Lab record', cell: ({ number }) => <RecordLink number={number} /> },
        ]}
      />
      {canChange && <TrainingForm told={told} />}
    </section>
  );
}
