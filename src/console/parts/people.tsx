import type { ComponentChildren, JSX } from 'preact';
import type { RedactionRequest } from '../../lab/people/people.js';
import { CommandForm, Pick } from './command-form.js';
import { RecordLink } from './links.js';
import type { GrantTold, PasskeyTold, TokenTold } from './person-told.js';
import { Table } from './table.js';
import { Standing } from './watched.js';
import { When } from './when.js';
import { IDENTITY_CHECKS, REVOCATION_CAUSES, ROLE_CAUSES } from '../words/roles.js';

/** The roles of a person, those that ended last. `act` is what can be done with one that is in force. */
export function Grants({
  grants,
  act,
}: {
  readonly grants: readonly GrantTold[];
  readonly act?: ((grant: GrantTold) => ComponentChildren) | undefined;
}): JSX.Element {
  return (
    <Table
      label="Roles"
      rows={inForceFirst(grants)}
      none="No role was given. Without a role, a person can neither record nor read."
      columns={[
        { head: 'Role', cell: ({ role }) => role },
        {
          head: 'For',
          cell: ({ study }) =>
            study === undefined ? 'the facility' : <a href={`/studies/${study}`}>{study}</a>,
        },
        {
          head: 'State',
          as: 'wide',
          cell: ({ state, conflict }) => (
            <>
              <Standing stands={state === 'in force' ? 'holds' : 'open'}>{state}</Standing>
              {conflict !== undefined && <div class="quiet">conflicts: {conflict.replaceAll('-', ' ')}</div>}
            </>
          ),
        },
        { head: 'From', cell: ({ from }) => from && <When at={from} /> },
        { head: 'Until', cell: ({ until }) => until && <When at={until} /> },
        { head: 'Lab record', cell: ({ number }) => <RecordLink number={number} /> },
        ...(act
          ? [{ head: 'Change', as: 'wide' as const, cell: (grant: GrantTold) => isHeld(grant) && act(grant) }]
          : []),
      ]}
    />
  );
}

function isHeld({ state }: GrantTold): boolean {
  return state === 'in force' || state === 'not yet';
}

function inForceFirst(grants: readonly GrantTold[]): GrantTold[] {
  return [...grants].sort((a, b) => Number(isHeld(b)) - Number(isHeld(a)));
}

/** Passkeys, each with what can be done about it. */
export function Passkeys({
  passkeys,
  act,
}: {
  readonly passkeys: readonly PasskeyTold[];
  readonly act?: ((passkey: PasskeyTold) => ComponentChildren) | undefined;
}): JSX.Element {
  const isLabelled = passkeys.some(({ label }) => label !== undefined);
  return (
    <Table
      label="Passkeys"
      rows={passkeys}
      none="No passkey is enrolled."
      columns={[
        { head: 'Lab record', cell: ({ number }) => <RecordLink number={number} /> },
        ...(isLabelled
          ? [{ head: 'Label', as: 'wide' as const, cell: ({ label }: PasskeyTold) => label }]
          : []),
        { head: 'Kind', as: 'wide', cell: ({ kind }) => kind },
        { head: 'Enrolled', as: 'wide', cell: ({ enrolled }) => <When at={enrolled} /> },
        { head: 'State', as: 'wide', cell: (passkey) => <PasskeyState passkey={passkey} /> },
        ...(act ? [{ head: 'Change', as: 'text' as const, cell: act }] : []),
      ]}
    />
  );
}

function PasskeyState({
  passkey: { state, confirmed, revoked, isRecovery },
}: {
  readonly passkey: PasskeyTold;
}): JSX.Element {
  return (
    <>
      <Standing stands={state === 'confirmed' ? 'holds' : 'open'}>
        {state === 'waits' ? 'waits for its confirmation' : state}
      </Standing>
      {confirmed && !revoked && (
        <div class="quiet">
          by {confirmed.by} (<RecordLink number={confirmed.number} />
          ), {confirmed.identity.replaceAll('-', ' ')}
        </div>
      )}
      {revoked && (
        <div class="quiet">
          by {revoked.by} (<RecordLink number={revoked.number} />)
        </div>
      )}
      {isRecovery && <div class="quiet">enrolled by a recovery link: it ended the earlier ones</div>}
    </>
  );
}

/** Passkeys that their holders cannot confirm; nothing where there is none. */
export function WaitingPasskeys({ waits }: { readonly waits: readonly PasskeyTold[] }): JSX.Element | null {
  if (waits.length === 0) return null;
  return (
    <section id="waits" class="waits">
      <h2>Passkeys that wait for a confirmation</h2>
      <p>
        Make sure that it is this person who enrolled the passkey before you confirm it. The person who handed
        out the link cannot confirm it, unless there is nobody else.
      </p>
      <Table
        label="Passkeys that wait"
        rows={waits}
        columns={[
          { head: 'Person', cell: ({ person }) => person },
          { head: 'Kind', as: 'wide', cell: ({ kind }) => kind },
          { head: 'Enrolled', as: 'wide', cell: ({ enrolled }) => <When at={enrolled} /> },
          { head: 'Link by', cell: ({ offeredBy }) => offeredBy },
          { head: 'Confirm', as: 'text', cell: (passkey) => <ConfirmForm passkey={passkey} /> },
        ]}
      />
    </section>
  );
}

/** Erasures that somebody else asked for; nothing where there is none. */
export function WaitingErasures({
  requests,
}: {
  readonly requests: readonly RedactionRequest[];
}): JSX.Element | null {
  if (requests.length === 0) return null;
  return (
    <section id="erasures" class="waits">
      <h2>Erasures that wait for a second person</h2>
      <Table
        label="Erasures that wait"
        rows={requests}
        columns={[
          { head: 'Asked for', cell: ({ number }) => <RecordLink number={number} /> },
          { head: 'By', cell: ({ by }) => by },
          {
            head: 'What',
            as: 'wide',
            cell: ({ asked: { stream, number, pointer } }) =>
              `${pointer.replace('/data/', 'the ')} in ${stream} record ${number}`,
          },
          {
            head: 'Confirm',
            cell: ({ number }) => (
              <CommandForm
                command="redact-field"
                label={`Erase what lab record #${number} names`}
                fixed={{ request: number }}
                send="Erase"
                isGrave
              />
            ),
          },
        ]}
      />
    </section>
  );
}

/** Confirms that a passkey is that of its holder, with how that was checked. */
export function ConfirmForm({ passkey: { number, person } }: { readonly passkey: PasskeyTold }): JSX.Element {
  return (
    <CommandForm
      command="confirm-credential"
      label={`Confirm the passkey of ${person}`}
      fixed={{ credential: number }}
      send="Confirm"
    >
      <Pick name="identity" label={`Who ${person} is was checked`} options={IDENTITY_CHECKS} />
    </CommandForm>
  );
}

export function RevokeForm({
  what,
  number,
  of,
}: {
  readonly what: 'credential' | 'token' | 'grant';
  readonly number: number;
  /** `the role director`. */
  readonly of: string;
}): JSX.Element {
  const command = { credential: 'revoke-credential', token: 'revoke-token', grant: 'revoke-role' }[what];
  return (
    <CommandForm command={command} label={`Revoke ${of}`} fixed={{ [what]: number }} send="Revoke" isGrave>
      <Pick name="cause" label="because" options={what === 'grant' ? ROLE_CAUSES : REVOCATION_CAUSES} />
    </CommandForm>
  );
}

export function Tokens({
  tokens,
  act,
}: {
  readonly tokens: readonly TokenTold[];
  readonly act?: ((token: TokenTold) => ComponentChildren) | undefined;
}): JSX.Element {
  return (
    <Table
      label="Tokens"
      rows={tokens}
      none="No token was issued."
      columns={[
        { head: 'Lab record', cell: ({ number }) => <RecordLink number={number} /> },
        { head: 'Program', as: 'wide', cell: ({ label }) => label ?? 'not shown' },
        { head: 'May act as', as: 'wide', cell: ({ roles }) => roles.join(', ').replaceAll('-', ' ') },
        { head: 'For', cell: ({ study }) => study ?? 'the facility' },
        {
          head: 'State',
          as: 'wide',
          cell: ({ state, until }) => (
            <>
              <Standing stands={state === 'in force' ? 'holds' : 'open'}>{state}</Standing>
              <div class="quiet">
                until <When at={until} />
              </div>
            </>
          ),
        },
        ...(act
          ? [
              {
                head: 'Change',
                as: 'wide' as const,
                cell: (token: TokenTold) => token.state === 'in force' && act(token),
              },
            ]
          : []),
      ]}
    />
  );
}
