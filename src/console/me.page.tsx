import type { JSX } from 'preact';
import { TOKEN_ROLES, type TokenRole } from '../lab/people/facts.js';
import type { Lab } from '../lab/lab.js';
import type { Person, RedactionRequest } from '../lab/people/people.js';
import { siteInForce } from '../lab/people/standing.js';
import { utcInstant } from '../study/instant.js';
import type { Role } from '../study/who.js';
import { LOCAL_PATH } from './local-path.js';
import { ledgerPage, type MainProps } from './page.js';
import { OwnAttestation } from './parts/attestation.js';
import { CommandForm, Field, Pick, Several } from './parts/command-form.js';
import { Flags } from './parts/flags.js';
import { InLab } from './parts/in-lab.js';
import { Grants, Passkeys, RevokeForm, Tokens, WaitingErasures, WaitingPasskeys } from './parts/people.js';
import { WaitingSite, tellSite, type SiteTold } from './parts/site.js';
import {
  tellPerson,
  erasuresFor,
  waitingFor,
  type PasskeyTold,
  type PersonTold,
} from './parts/person-told.js';
import { Facts } from './parts/table.js';
import { When } from './parts/when.js';
import { viewerOf } from './viewer.js';

interface Me {
  /** Undefined where nobody is signed in. */
  readonly me: PersonTold | undefined;
  readonly method: string;
  readonly signedIn: string | undefined;
  readonly ends: string | undefined;
  /** The passkey of this session, where it is confirmed: it confirms a newer one of the same person. */
  readonly usedPasskey: number | undefined;
  readonly isConfirmed: boolean;
  readonly tokenRoles: readonly TokenRole[];
  readonly studies: readonly string[];
  readonly issuer: string | undefined;
  /** Passkeys of others, for whoever has a role and so may confirm them. */
  readonly waits: readonly PasskeyTold[];
  readonly erasures: readonly RedactionRequest[];
  readonly site: SiteTold;
  readonly mayConfirm: boolean;
  readonly attestation: Person['attestation'];
  /** Where one came from to state that one’s signature binds. */
  readonly next: string | undefined;
}

/** One’s own page. Its sections stand together, since nobody else has them, although the file is long. */
export const mePage = ledgerPage<Me>({
  path: '/me',
  readers: 'oneself',
  parameters: ['next'],
  title: () => 'Me',
  async answer(engine, { query: { next } }, reader) {
    const lab = await engine.lab();
    const atMs = engine.clock();
    const viewer = viewerOf(lab, reader, atMs);
    const { person, roles, isConfirmed } = viewer;
    const me = person && tellPerson(lab, person, atMs, (commitment) => engine.disclosures.open(commitment));
    return {
      me,
      method: reader.by?.method ?? '',
      signedIn: reader.by && utcInstant(reader.by.signedInMs),
      ends: reader.endsMs === undefined ? undefined : utcInstant(reader.endsMs),
      usedPasskey: isConfirmed ? reader.by?.credential : undefined,
      isConfirmed,
      tokenRoles: TOKEN_ROLES.filter((role) => me && heldFor(role, me, roles)),
      studies: [...lab.studies.keys()],
      waits:
        me && isConfirmed && me.grants.some(({ state }) => state === 'in force')
          ? waitingHere(lab, me.id, atMs)
          : [],
      erasures: isConfirmed ? erasuresFor(me?.id, lab.people) : [],
      issuer: siteInForce(lab.people)?.oidc?.issuer,
      site: tellSite(lab.people),
      mayConfirm: isConfirmed && me?.grants.some(({ state }) => state === 'in force') === true,
      attestation: me && lab.people.persons.get(me.id)?.attestation,
      next: next !== undefined && LOCAL_PATH.test(next) ? next : undefined,
    };
  },
  main: Main,
});

function waitingHere(lab: Lab, person: string, atMs: number): PasskeyTold[] {
  const everybody = [...lab.people.persons.values()].map((one) => tellPerson(lab, one, atMs, undefined));
  return waitingFor(person, everybody);
}

/** Whether a token of this role would give anything. */
function heldFor(role: TokenRole, { grants }: PersonTold, roles: ReadonlySet<Role>): boolean {
  if (role === 'metrics') return roles.has('administrator');
  const needed: string = role === 'director-records' ? 'director' : role;
  return grants.some((grant) => grant.role === needed && grant.state === 'in force');
}

function Main({ answer }: MainProps<Me>): JSX.Element {
  const { me, isConfirmed } = answer;
  if (!me)
    return (
      <>
        <h1>Nobody is signed in</h1>
        <p>
          <a href="/sign-in?next=/me">Sign in</a> to see your roles and passkeys.
        </p>
      </>
    );
  return (
    <InLab>
      <h1>{me.id}</h1>
      <Facts
        facts={[
          ['Name', me.name],
          ['Also known as', me.sameAs.join(', ')],
          ['Marked', me.hasRoleConflict && <Flags flags={['role-conflict']} />],
        ]}
      />
      <WaitingPasskeys waits={answer.waits} />
      <WaitingErasures requests={answer.erasures} />
      {answer.mayConfirm && <WaitingSite site={answer.site} />}
      <section id="roles">
        <h2>Roles</h2>
        <Grants grants={me.grants} />
      </section>
      <OwnPasskeys answer={answer} me={me} />
      {isConfirmed && <OwnAttestation given={answer.attestation} next={answer.next} />}
      {isConfirmed && <Provider answer={answer} me={me} />}
      {isConfirmed && <OwnTokens answer={answer} me={me} />}
      <Session answer={answer} />
    </InLab>
  );
}

function OwnPasskeys({ answer, me }: { readonly answer: Me; readonly me: PersonTold }): JSX.Element {
  const { usedPasskey, isConfirmed } = answer;
  const waits = me.passkeys.filter(({ state }) => state === 'waits');
  return (
    <section id="passkeys">
      <h2>Passkeys</h2>
      {me.passkeys.some(({ isRecovery, state }) => isRecovery && state === 'confirmed') && (
        <p class="superseded">
          <strong>A recovery link was used for you.</strong> The passkeys that you had before ended when the
          new one was confirmed. If that was not you, tell an administrator at once.
        </p>
      )}
      {!isConfirmed && waits.length > 0 && (
        <p class="superseded">
          Your passkey is not confirmed yet. Another person with a role checks who you are and confirms it on
          their own page, Me. Until then it opens this page only.
        </p>
      )}
      <Passkeys
        passkeys={me.passkeys}
        act={(passkey) =>
          isConfirmed && passkey.state !== 'revoked' ? (
            <OwnPasskey passkey={passkey} used={usedPasskey} />
          ) : (
            ''
          )
        }
      />
      {isConfirmed && (
        <p>
          <a href="/enrol">Enrol another passkey</a>{' '}
          <span class="quiet">so that you can still sign in if one is lost</span>
        </p>
      )}
    </section>
  );
}

function OwnPasskey({
  passkey,
  used,
}: {
  readonly passkey: PasskeyTold;
  readonly used: number | undefined;
}): JSX.Element {
  const { number, state } = passkey;
  return (
    <>
      {number === used && <div class="quiet">you are signed in by this one</div>}
      {state === 'waits' && used !== undefined && number !== used && (
        <CommandForm
          command="confirm-credential"
          label={`Confirm passkey #${number}`}
          fixed={{ credential: number, identity: 'own-earlier-credential' }}
          send="Confirm: it is mine"
        />
      )}
      <RevokeForm what="credential" number={number} of={`passkey #${number}`} />
    </>
  );
}

function Provider({
  answer: { issuer },
  me,
}: {
  readonly answer: Me;
  readonly me: PersonTold;
}): JSX.Element | null {
  const links = me.links.filter(({ isRevoked }) => !isRevoked);
  if (issuer === undefined && links.length === 0) return null;
  return (
    <section id="links">
      <h2>Account at the institution</h2>
      {links.length === 0 ? (
        <p>
          No account is linked. With one you sign in to record and read; people and keys still ask for a
          passkey.
        </p>
      ) : (
        <ul>
          {links.map(({ number, issuer: at }) => (
            <li>
              An account at {at} <span class="quiet">(lab record #{number})</span>
            </li>
          ))}
        </ul>
      )}
      {issuer !== undefined && (
        <p>
          <a href="/me/link">Link an account at {issuer}</a>
        </p>
      )}
    </section>
  );
}

function OwnTokens({ answer, me }: { readonly answer: Me; readonly me: PersonTold }): JSX.Element {
  const { tokenRoles, studies } = answer;
  return (
    <section id="tokens">
      <h2>Tokens</h2>
      <p class="quiet">With a token, a program acts for you, within your roles. The token is shown once.</p>
      <Tokens
        tokens={me.tokens}
        act={({ number }) => <RevokeForm what="token" number={number} of={`token #${number}`} />}
      />
      {tokenRoles.length > 0 && (
        <details>
          <summary>Issue a token</summary>
          <CommandForm
            command="issue-token"
            label="Issue a token"
            fixed={{ person: me.id }}
            send="Issue"
            secret={{
              before: '',
              told: 'The token. It is shown only now and is not kept: copy it to where the program reads it.',
            }}
          >
            <Field
              name="label"
              label="Program"
              hint="Such as “import from the balance”."
              required
              maxLength={80}
            />
            <Several
              name="roles"
              label="It may act as"
              options={tokenRoles.map((role) => [role, role.replaceAll('-', ' ')] as const)}
            />
            <Pick
              name="study"
              label="For"
              none="every study"
              options={studies.map((code) => [code, code] as const)}
            />
            <Field
              name="until"
              label="Until"
              type="datetime-local"
              data-as="instant"
              required
              hint="In the time of this device; at most 90 days from now."
            />
          </CommandForm>
        </details>
      )}
    </section>
  );
}

const METHODS: Readonly<Record<string, string>> = {
  passkey: 'by a passkey',
  oidc: 'through the institution: people, keys and tokens ask for a passkey',
  simulated: 'as a simulated person',
  token: 'by a token',
};

function Session({ answer: { method, signedIn, ends } }: { readonly answer: Me }): JSX.Element {
  return (
    <section id="session">
      <h2>Session</h2>
      <Facts
        facts={[
          ['Signed in', METHODS[method]],
          ['Since', signedIn && <When at={signedIn} />],
          [
            'Ends',
            ends && (
              <>
                <When at={ends} />, unless you keep working
              </>
            ),
          ],
        ]}
      />
    </section>
  );
}
