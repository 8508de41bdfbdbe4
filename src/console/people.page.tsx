import type { JSX } from 'preact';
import type { Lab } from '../lab/lab.js';
import type { RedactionRequest } from '../lab/people/people.js';
import { usableAdministrators, usableCredentials } from '../lab/people/standing.js';
import { labAsOf, lastSignIns } from '../queries/people-log.js';
import { Refusal } from '../study/refusal.js';
import { ADMINISTRATION } from '../study/who.js';
import { ledgerPage, type MainProps } from './page.js';
import { CommandForm, Field, Pick, Tick } from './parts/command-form.js';
import { Flags } from './parts/flags.js';
import { InLab } from './parts/in-lab.js';
import { WaitingErasures, WaitingPasskeys } from './parts/people.js';
import { LabMoment } from './parts/lab-moment.js';
import { tellPerson, erasuresFor, waitingFor, type PersonTold } from './parts/person-told.js';
import { SiteSection, WaitingSite, tellSite, type SiteTold } from './parts/site.js';
import { Table } from './parts/table.js';
import { Standing } from './parts/watched.js';
import { When } from './parts/when.js';
import { viewerOf, type Viewer } from './viewer.js';
import { counted } from './words/phrase.js';
import { LEGAL_BASES, roleInWords } from './words/roles.js';

interface PeopleTold {
  readonly people: readonly PersonTold[];
  readonly viewer: Viewer;
  readonly erasures: readonly RedactionRequest[];
  readonly site: SiteTold;
  readonly studies: readonly string[];
  /** What an administrator should do something about. */
  readonly warnings: readonly string[];
  /** By person; undefined at an earlier tree size. */
  readonly lastSignIns: ReadonlyMap<string, string> | undefined;
  readonly size: number;
  readonly isPast: boolean;
}

export const peoplePage = ledgerPage<PeopleTold>({
  path: '/people',
  readers: { facility: ADMINISTRATION },
  name: 'People',
  parameters: ['at'],
  title: () => 'People',
  async answer(engine, { query: { at } }, reader) {
    const now = await engine.lab();
    const viewer = viewerOf(now, reader, engine.clock());
    const lab = await labAsOf(engine, at);
    if (lab instanceof Refusal) return lab;
    const isPast = lab.size < now.size;
    const atMs = isPast ? lab.recordedMs : engine.clock();
    return {
      people: [...lab.people.persons.values()].map((person) =>
        tellPerson(lab, person, atMs, (name) => engine.disclosures.open(name)),
      ),
      viewer,
      erasures: erasuresFor(viewer.person?.id, lab.people),
      site: tellSite(lab.people),
      studies: [...lab.studies.keys()],
      warnings: isPast || lab.people.begunAt === undefined ? [] : warningsOf(lab, atMs),
      lastSignIns: isPast ? undefined : await lastSignIns(engine),
      size: lab.size,
      isPast,
    };
  },
  main: Main,
});

/** What would lock everybody out, were one thing lost. */
function warningsOf({ people }: Lab, atMs: number): string[] {
  const administrators = usableAdministrators(people, atMs);
  const [only, ...others] = administrators;
  const alone =
    only && others.length === 0
      ? [`${only.id} is the only administrator who can sign in: give the role to a second person.`]
      : [];
  const single = administrators.filter((person) => usableCredentials(people, person).length === 1);
  return [
    ...alone,
    ...single.map(
      ({ id }) =>
        `${id} has one passkey only. Enrol a second one: if the only one is lost, access has to be recovered on the server.`,
    ),
  ];
}

function Main({ answer }: MainProps<PeopleTold>): JSX.Element {
  const { people, viewer, warnings, size, isPast } = answer;
  const isAdministrator = viewer.isAdministrator && !isPast;
  return (
    <InLab>
      <div class="heading">
        <h1>People</h1>
        <LabMoment path="/people" size={size} isPast={isPast} />
      </div>
      {viewer.isAdministrator &&
        warnings.map((warning) => (
          <p class="superseded">
            <strong>{warning}</strong>
          </p>
        ))}
      {isAdministrator && (
        <>
          <WaitingPasskeys waits={waitingFor(viewer.person?.id, people)} />
          <WaitingErasures requests={answer.erasures} />
          <WaitingSite site={answer.site} />
        </>
      )}
      <section id="people">
        <div class="heading">
          <h2>{counted(people.length, 'person', 'people')}</h2>
          {answer.lastSignIns && <a href="/access">Access log</a>}
        </div>
        <Everybody answer={answer} />
      </section>
      {isAdministrator && <Register people={people} />}
      {isAdministrator && <SiteSection site={answer.site} />}
      {isAdministrator && <EraseFindings studies={answer.studies} />}
    </InLab>
  );
}

function Everybody({ answer }: { readonly answer: PeopleTold }): JSX.Element {
  const { people, lastSignIns: last, isPast, size } = answer;
  return (
    <Table
      label="People"
      rows={people}
      none={
        isPast ? (
          'Nobody was registered at this tree size.'
        ) : (
          <>
            Nobody is registered yet. Whoever runs the server begins: <code>study-ledger people begin</code>
          </>
        )
      }
      columns={[
        {
          head: 'Person',
          cell: ({ id }) => <a href={isPast ? `/people/${id}?at=${size}` : `/people/${id}`}>{id}</a>,
        },
        { head: 'Name', as: 'wide', cell: ({ name }) => name },
        {
          head: 'Roles',
          as: 'text',
          cell: ({ grants, hasRoleConflict }) => (
            <>
              {grants
                .filter(({ state }) => state === 'in force')
                .map(roleInWords)
                .join(', ') || <span class="quiet">none</span>}
              {hasRoleConflict && <Flags flags={['role-conflict']} />}
            </>
          ),
        },
        { head: 'State', as: 'wide', cell: (person) => <State person={person} /> },
        ...(last
          ? [
              {
                head: 'Last signed in',
                as: 'wide' as const,
                cell: ({ id }: PersonTold) => {
                  const at = last.get(id);
                  return at === undefined ? <span class="quiet">never</span> : <When at={at} />;
                },
              },
            ]
          : []),
      ]}
    />
  );
}

function State({ person }: { readonly person: PersonTold }): JSX.Element {
  const { deactivated, passkeys, offeredUntil } = person;
  if (deactivated) return <Standing stands="fails">deactivated</Standing>;
  const confirmed = passkeys.filter(({ state }) => state === 'confirmed').length;
  if (confirmed > 0) return <Standing stands="holds">{counted(confirmed, 'passkey')}</Standing>;
  if (passkeys.some(({ state }) => state === 'waits'))
    return <Standing stands="open">passkey waits</Standing>;
  return (
    <Standing stands="open">
      {offeredUntil === undefined ? 'no passkey, no link' : 'link handed out'}
    </Standing>
  );
}

function EraseFindings({ studies }: { readonly studies: readonly string[] }): JSX.Element | null {
  if (studies.length === 0) return null;
  return (
    <details>
      <summary>Erase what an inspection found</summary>
      <p>
        A second person confirms. The text is then deleted here for ever; the record of the inspection, its
        days and its digest stay, and every proof stays valid.
      </p>
      <CommandForm
        command="request-redaction"
        label="Erase what an inspection found"
        fixed={{ pointer: '/data/findings' }}
        send="Ask to erase the findings"
      >
        <Pick name="stream" label="Study" options={studies.map((code) => [`study-${code}`, code] as const)} />
        <Field
          name="number"
          label="Record of the inspection"
          type="number"
          min={0}
          required
          data-as="number"
          hint="Quality assurance knows it."
        />
        <Pick name="legalBasis" label="because" options={LEGAL_BASES} />
      </CommandForm>
    </details>
  );
}

function Register({ people }: { readonly people: readonly PersonTold[] }): JSX.Element {
  return (
    <section id="register">
      <h2>Register a person</h2>
      <p>After that, give a role and hand out a link on the person’s own page.</p>
      <CommandForm command="register-person" label="Register a person" send="Register">
        <Field
          name="person"
          label="Id"
          required
          maxLength={40}
          hint="A pseudonym in small letters, such as tech-1. It stands in every record, and is never given to anybody else."
        />
        <Field
          name="name"
          label="Name"
          required
          maxLength={200}
          hint="Kept beside the log, so that it can be erased. Administrators see it."
        />
        <details>
          <summary>The person has worked here before</summary>
          <Field name="sameIndividual" label="Another id of the same human" list="ids" />
          <datalist id="ids">
            {people.map(({ id }) => (
              <option value={id}>{id}</option>
            ))}
          </datalist>
          <Tick name="confirmOccurrences" label="The id stands in studies, and means this person there" />
        </details>
      </CommandForm>
    </section>
  );
}
