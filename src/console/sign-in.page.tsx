import type { JSX } from 'preact';
import { holds, siteInForce } from '../lab/people/standing.js';
import { LOCAL_PATH } from './local-path.js';
import { ledgerPage, type MainProps } from './page.js';
import { Table } from './parts/table.js';
import { roleInWords } from './words/roles.js';

interface SignIn {
  /** Whom the request came from already. */
  readonly person: string | undefined;
  /** The path to go on to. */
  readonly next: string;
  /** Where passkeys are bound to; undefined before there are people. */
  readonly origin: string | undefined;
  readonly hasProvider: boolean;
  /** On a simulated ledger: those that can be played. */
  readonly simulated: readonly { readonly id: string; readonly roles: readonly string[] }[] | undefined;
}

export const signInPage = ledgerPage<SignIn>({
  path: '/sign-in',
  readers: 'anyone',
  parameters: ['next'],
  title: () => 'Sign in',
  script: 'passkeys',
  async answer(engine, { query: { next = '/' } }, { person }) {
    const { people, simulated } = await engine.lab();
    const site = siteInForce(people);
    const atMs = engine.clock();
    const active = [...people.persons.values()].filter(({ deactivated }) => !deactivated);
    return {
      person,
      next: LOCAL_PATH.test(next) ? next : '/',
      origin: site?.origin,
      hasProvider: site?.oidc !== undefined,
      simulated: simulated
        ? active.map(({ id, grants }) => ({
            id,
            roles: grants.filter((grant) => holds(grant, atMs)).map(roleInWords),
          }))
        : undefined,
    };
  },
  main: Main,
});

function Main({ answer }: MainProps<SignIn>): JSX.Element {
  const { person, next, origin, hasProvider, simulated } = answer;
  return (
    <>
      <h1>Sign in</h1>
      {person !== undefined && (
        <p class="lead">
          {person} is signed in. <a href={next}>Go on</a>, or sign in as somebody else:
        </p>
      )}
      <noscript>
        <p class="refused">
          Passkeys need the script of this page, and this browser does not run it. Allow scripts for this
          address.
        </p>
      </noscript>
      <p class="refused" role="alert"></p>
      {simulated && <Simulated people={simulated} next={next} />}
      {origin !== undefined && (
        <section>
          {simulated && <h2>Or with a passkey</h2>}
          <p>
            <button type="button" class="main" data-sign-in="" data-next={next}>
              Sign in with a passkey
            </button>
          </p>
          {hasProvider && (
            <p>
              <a href="/sign-in/oidc">Sign in through your institution</a>
            </p>
          )}
          <p class="quiet">
            Passkeys of this ledger work at <a href={`${origin}/sign-in`}>{origin}</a> only. If you have lost
            yours, ask an administrator for a new link.
          </p>
        </section>
      )}
      {origin === undefined && simulated === undefined && (
        <p>
          This ledger has no people yet. Whoever runs the server registers the first administrator:{' '}
          <code>study-ledger people begin</code>
        </p>
      )}
    </>
  );
}

function Simulated({
  people,
  next,
}: {
  readonly people: NonNullable<SignIn['simulated']>;
  readonly next: string;
}): JSX.Element {
  return (
    <section>
      <h2>Act as a simulated person</h2>
      <p>This ledger is simulated: everything in it may be read without signing in.</p>
      <Table
        label="Simulated people"
        rows={people}
        none="No simulated person is registered."
        columns={[
          { head: 'Person', cell: ({ id }) => id },
          { head: 'Roles', as: 'text', cell: ({ roles }) => roles.join(', ') || 'none' },
          {
            head: '',
            cell: ({ id }) => (
              <button type="button" data-sign-in={id} data-next={next}>
                Act as {id}
              </button>
            ),
          },
        ]}
      />
    </section>
  );
}
