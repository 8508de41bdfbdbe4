import type { JSX } from 'preact';
import { v7 } from 'uuid';
import { commandNamed } from '../study/catalogue.js';
import { dataClassOf, fieldsOf } from '../study/commands/common/fields.js';
import { errorsOf } from '../study/refusal.js';
import { StudyCode, isPlainObject } from '../study/schema.js';
import { REGISTERING } from '../study/who.js';
import type { Lab } from '../lab/lab.js';
import { proposeGovernance, type GovernanceProposal } from '../lab/people/propose-governance.js';
import { rolesOf } from '../lab/people/standing.js';
import { CommandFields, ErrorSummary } from './forms/command-fields.js';
import { FormContext, type FormState, type Offered } from './forms/form-context.js';
import { readForm } from './forms/read-form.js';
import { SchemaField } from './forms/schema-field.js';
import { ledgerPage, type MainProps } from './page.js';
import { BeginningSelect, beginningsFor, type Beginnings } from './protocol/begin.js';

interface NewStudy {
  readonly id: string;
  readonly code: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly form: FormState;
  readonly beginnings: Beginnings;
  readonly proposal: GovernanceProposal;
}

const REGISTER = commandNamed('RegisterStudy')!;
const FACTS = fieldsOf(dataClassOf(REGISTER.command));
/** What every study has; the rest is folded away. */
const FIRST = ['title', 'director', 'ethicsApproval'] as const;
/** Nobody types a time of day here. */
const zone = (local: string): string => local;

/** Registers a study, and leads on to its protocol. */
export const newStudyPage = ledgerPage<NewStudy>({
  path: '/studies/new',
  readers: { facility: REGISTERING },
  parameters: ['from'],
  title: () => 'Start a study',
  script: 'enter',
  async answer(engine, { query }, reader, posted) {
    const lab = await engine.lab();
    const first = firstValues(lab, reader.person, engine.clock());
    const proposal = proposeGovernance(lab.people, engine.clock(), first['data.director']);
    const pairs =
      posted?.pairs ??
      new URLSearchParams({ ...first, ...(proposal.proposed && { 'data.governance': 'signed' }) });
    return {
      id: pairs.get('id') ?? v7(),
      code: pairs.get('study') ?? '',
      body: readForm(REGISTER, pairs, zone),
      form: {
        errors: errorsOf(posted?.refusal),
        offered: { 'data.director': directorsIn(lab, engine.clock()) },
      },
      beginnings: beginningsFor(lab, reader, undefined, pairs.get('from') ?? query['from'] ?? ''),
      proposal,
    };
  },
  send(pairs) {
    const code = (pairs.get('study') ?? '').trim();
    const from = pairs.get('from') ?? '';
    return {
      commands: [
        {
          id: pairs.get('id') ?? '',
          definition: REGISTER,
          study: code,
          body: readForm(REGISTER, pairs, zone),
        },
      ],
      next: () =>
        `/studies/${code}/protocol?${new URLSearchParams({ ...(from !== '' && { from }), recorded: '0' }).toString()}`,
    };
  },
  main: Main,
});

/** A director registers a study of their own. */
function firstValues(
  { people }: Lab,
  person: string | undefined,
  atMs: number,
): Readonly<Record<string, string>> {
  const isDirector = person !== undefined && rolesOf(people.persons.get(person), atMs).has('director');
  return isDirector ? { 'data.director': person } : {};
}

function directorsIn({ people }: Lab, atMs: number): Offered {
  const directors = [...people.persons.values()].filter((person) => rolesOf(person, atMs).has('director'));
  return {
    values: directors.map(({ id }) => [id, id] as const),
    ...(directors.length > 0 && { isClosed: true }),
  };
}

function Main({ answer: { id, code, body, form, beginnings, proposal } }: MainProps<NewStudy>): JSX.Element {
  const data = isPlainObject(body['data']) ? body['data'] : {};
  return (
    <FormContext.Provider value={form}>
      <section class="bench">
        <h1>Start a study</h1>
        <p>
          First it is registered, then its protocol is written and approved. From then on animals can be
          enrolled.
        </p>
        <ErrorSummary />
        <form class="enter" method="post" action="/studies/new" data-enter="Register a study" data-unkept="">
          <input type="hidden" name="id" value={id} />
          <SchemaField
            schema={StudyCode}
            name="study"
            label="Code of the study"
            value={code}
            isDue
            help="Capitals, digits and hyphens, such as KET-01. It cannot be changed or used again later."
          />
          {FIRST.map((name) => {
            const { schema, description, required } = FACTS.get(name)!;
            return (
              <SchemaField
                schema={schema}
                name={`data.${name}`}
                value={data[name]}
                isDue={required}
                help={description}
              />
            );
          })}
          <Governance proposal={proposal} isChosen={data['governance'] === 'signed'} />
          <CommandFields
            definition={REGISTER}
            body={body}
            without={[...FIRST.map((name) => `data.${name}`), 'data.governance', 'occurredAt', 'reason']}
          />
          <BeginningSelect name="from" beginnings={beginnings} />
          <output class="told" data-told="" />
          <button class="send">Register the study</button>
        </form>
      </section>
    </FormContext.Provider>
  );
}

/** Parts that bear the name of no role. */
const ROLES_FOR =
  ': a second recorder is a technician, director or veterinarian; a reviewer has the role statistician, inspector, management or quality, and records nothing';

/** Proposed where each part can be done by another human. */
function Governance({
  proposal,
  isChosen,
}: {
  readonly proposal: GovernanceProposal;
  readonly isChosen: boolean;
}): JSX.Element {
  return (
    <fieldset class="group">
      <legend>Acts that are signed</legend>
      <label class="tickbox">
        <input type="checkbox" name="data.governance" value="signed" checked={isChosen} />
        <span>Acts of this study hold only once they are signed</span>
      </label>
      <p class="quiet">
        Protocols, changes of the director, acknowledgements, closing and archiving then need a signature by
        passkey, and closing needs a review by somebody who recorded nothing. This cannot be changed later.
      </p>
      <p>
        {proposal.proposed
          ? `Proposed, since each part can be done by another person: ${Object.entries(proposal.persons)
              .map(([part, person]) => `${part} ${person}`)
              .join(', ')}.`
          : `Not proposed: each part takes another person, and nobody is left for ${proposal.missing.join(', ')}. An administrator gives somebody a role for it first${ROLES_FOR}.`}
      </p>
    </fieldset>
  );
}
