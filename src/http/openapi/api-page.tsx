import type { ComponentChildren, JSX } from 'preact';
import { Frame, type FrameProps } from '../../console/parts/frame.js';
import { ledgerNavigation, renderDocument } from '../../console/render.js';
import { SENT_TO_LAB } from '../../lab/commands/catalogue.js';
import type { LabDefinition } from '../../lab/commands/common/lab-command.js';
import { CATALOGUE, routeOf } from '../../study/catalogue.js';
import type { CommandDefinition } from '../../study/commands/common/command.js';
import { dataClassOf, fieldsOf } from '../../study/commands/common/fields.js';
import { FILES } from '../../exports/files.js';
import { PROJECTIONS } from '../../study/projections/catalogue.js';
import { Codes, FieldTerm, ParameterTerm, Term } from './api-terms.js';
import { VERSION } from '../../shared/version.js';
import { refusalsOf } from '../../study/commands/common/refusals-of.js';
import { ANY_COMMAND } from '../platform/problems.js';
import { COMMAND_PATH, SITE } from '../routes/all-routes.js';
import { LAB_COMMAND_PATH } from '../routes/people-routes.js';
import type { ReadRoute } from '../routes/read-route.js';
import { READS } from '../routes/read-routes.js';

const STUDY = 'KET-01';

const PHASES: Readonly<Record<CommandDefinition['phase'], string>> = {
  study: 'The study',
  animal: 'The animal',
  surgery: 'Surgery',
  measurement: 'Measurement',
  treatment: 'Treatment',
  welfare: 'Welfare',
  record: 'The record itself',
};

/** The description of the interface for people: the content of the OpenAPI document as a page. */
export function apiPage(
  origin: string,
  ledger: Pick<FrameProps, 'facility' | 'simulated' | 'icon' | 'style'>,
): string {
  return renderDocument(
    <Frame
      who={null}
      {...ledger}
      version={VERSION}
      title="Interface for programs"
      path={SITE.docs.path}
      navigation={ledgerNavigation(SITE.docs.path)}
      scripts={[]}
      main={<Main origin={origin} />}
    />,
  );
}

function Main({ origin }: { readonly origin: string }): JSX.Element {
  const phases = [...new Set(CATALOGUE.map(({ phase }) => phase))];
  return (
    <>
      <h1>Interface for programs</h1>
      <p class="lead">
        Every command appends records; every read is computed from them. For programs:{' '}
        <a href={SITE.openapi.path}>openapi.json</a> · <a href={SITE.health.path}>health</a>
      </p>
      <Contents phases={phases} />
      <Introduction />
      {phases.map((phase) => (
        <section aria-labelledby={phase}>
          <h2 id={phase}>{PHASES[phase]}</h2>
          {ofPhase(phase).map((definition) => (
            <Command definition={definition} origin={origin} />
          ))}
        </section>
      ))}
      <section aria-labelledby="people">
        <h2 id="people">People</h2>
        <p class="prose">
          These take a passkey that was signed in within five minutes, so people send them on a page, and no
          program does.
        </p>
        {SENT_TO_LAB.map((definition) => (
          <LabEntry definition={definition} />
        ))}
      </section>
      <section aria-labelledby="reads">
        <h2 id="reads">Reads</h2>
        {Object.entries(READS).map(([name, read]) => (
          <Reading name={name} read={read} origin={origin} />
        ))}
      </section>
    </>
  );
}

function ofPhase(phase: CommandDefinition['phase']): CommandDefinition[] {
  return CATALOGUE.filter((definition) => definition.phase === phase);
}

function Contents({ phases }: { readonly phases: readonly CommandDefinition['phase'][] }): JSX.Element {
  return (
    <nav class="contents" aria-label="Contents">
      <ul>
        {phases.map((phase) => (
          <li>
            <a href={`#${phase}`}>{PHASES[phase]}</a>
          </li>
        ))}
        <li>
          <a href="#people">People</a>
        </li>
        <li>
          <a href="#reads">Reads</a>
        </li>
      </ul>
    </nav>
  );
}

function Introduction(): JSX.Element {
  return (
    <section class="prose" aria-labelledby="how">
      <h2 id="how">How it works</h2>
      <p>
        A command is a POST of JSON to{' '}
        <code>{COMMAND_PATH.replace(':code', STUDY).replace(':command', '…')}</code>. The answer is a receipt:
        the record numbers with their leaf hashes, the tree size and the root.
      </p>
      <p>
        Send each command under an id of its own, a UUID in the header <code>Idempotency-Key</code>. Sent
        again under the same id, it is answered with the same receipt and recorded once. Without the header an
        id is made and returned.
      </p>
      <p>
        A “no” is a problem document (RFC 9457) with a stable <code>code</code>, and a <code>detail</code>{' '}
        that says what to do; <code>errors</code> lists everything that is wrong with the form of a command.
        Any command can be answered <Codes codes={[...new Set(ANY_COMMAND)]} />.
      </p>
      <p>
        A program acts for a person by a token, which the person hands out: send it as{' '}
        <code>Authorization: Bearer …</code>. Where the person holds several roles, <code>Acting-Role</code>{' '}
        names the one to record in. In a simulated ledger without people everybody acts as{' '}
        <code>development-identity</code>.
      </p>
    </section>
  );
}

/** Closed until somebody wants to know more: the page is a list of what can be asked. */
function Entry({
  id,
  summary,
  address,
  children,
}: {
  readonly id: string;
  readonly summary: string;
  readonly address: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <article aria-labelledby={id}>
      <details>
        <summary>
          <h3 id={id}>{summary}</h3> <code>{address}</code>
        </summary>
        {children}
      </details>
    </article>
  );
}

function Command({
  definition,
  origin,
}: {
  readonly definition: CommandDefinition;
  readonly origin: string;
}): JSX.Element {
  const { name, summary, records, example, reasonRequired, command } = definition;
  const route = routeOf(name);
  const path = COMMAND_PATH.replace(':code', STUDY).replace(':command', route);
  const refusals = refusalsOf(definition);
  const json = JSON.stringify(example);
  return (
    <Entry id={route} summary={summary} address={`POST ${path}`}>
      <p class="quiet">
        {name}, records {records}
      </p>
      <h4>Fields</h4>
      <dl class="terms">
        {[...fieldsOf(dataClassOf(command))].map(([key, field]) => (
          <FieldTerm name={`data.${key}`} field={field} />
        ))}
        {[...fieldsOf(command)].map(([key, field]) => (
          <FieldTerm
            name={key}
            field={key === 'reason' && reasonRequired ? { ...field, required: true } : field}
          />
        ))}
      </dl>
      <h4>Example</h4>
      <pre tabIndex={0}>{JSON.stringify(example, null, 2)}</pre>
      <pre
        tabIndex={0}
      >{`curl ${quoted(origin + path)} -H 'Content-Type: application/json' -d ${quoted(json)}`}</pre>
      <h4>Refusals</h4>
      <p>{refusals.length > 0 ? <Codes codes={refusals} /> : 'None of its own'}</p>
    </Entry>
  );
}

function LabEntry({ definition }: { readonly definition: LabDefinition }): JSX.Element {
  const { name, summary, records, example, command, refuses } = definition;
  const route = routeOf(name);
  return (
    <Entry id={route} summary={summary} address={`POST ${LAB_COMMAND_PATH.replace(':command', route)}`}>
      <p class="quiet">
        {name}, records {records}
      </p>
      <h4>Fields</h4>
      <dl class="terms">
        {[...fieldsOf(dataClassOf(command))].map(([key, field]) => (
          <FieldTerm name={`data.${key}`} field={field} />
        ))}
      </dl>
      <h4>Example</h4>
      <pre tabIndex={0}>{JSON.stringify(example, null, 2)}</pre>
      <h4>Refusals</h4>
      <p>{refuses.length > 0 ? <Codes codes={refuses} /> : 'None of its own'}</p>
    </Entry>
  );
}

/** What stands in the place of the variable segments of an address. */
const SEGMENTS = {
  ':code': STUDY,
  ':name': 'responder-status',
  ':number': '57',
  ':file': 'table.csv',
  ':year': '2026',
  ':format': 'eu',
};

function Reading({
  name,
  read: { path, summary, parameters, refusals, body },
  origin,
}: {
  readonly name: string;
  readonly read: ReadRoute;
  readonly origin: string;
}): JSX.Element {
  const example = Object.entries(SEGMENTS).reduce((text, [from, to]) => text.replace(from, to), path);
  const named = path.includes(':name') ? PROJECTIONS : path.includes(':file') ? FILES : [];
  return (
    <Entry id={`read-${name}`} summary={summary} address={`GET ${path}`}>
      {named.length > 0 && (
        <dl class="terms">
          {named.map((one) => (
            <Term name={one.name} words="" description={one.summary} />
          ))}
        </dl>
      )}
      {parameters.length > 0 && (
        <>
          <h4>Parameters</h4>
          <dl class="terms">
            {parameters.map((parameter) => (
              <ParameterTerm name={parameter} />
            ))}
          </dl>
        </>
      )}
      <pre tabIndex={0}>{`curl ${quoted(origin + example)}`}</pre>
      {body && (
        <>
          <p>{body.summary}: a POST of JSON, every part of which may be left out.</p>
          <pre tabIndex={0}>{JSON.stringify(body.example, null, 2)}</pre>
          <p>
            Refusals of it: <Codes codes={body.refusals} />
          </p>
        </>
      )}
      {refusals.length > 0 && (
        <p>
          Refusals: <Codes codes={refusals} />
        </p>
      )}
    </Entry>
  );
}

/** Quotes a text for a shell: within single quotes only the quote itself has a meaning. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
