import type { JSX } from 'preact';
import { CATALOGUE } from '../study/catalogue.js';
import { ROLES } from '../study/who.js';
import { CommandForm, Field, Pick, Several, Tick } from './parts/command-form.js';
import type { PersonTold } from './parts/person-told.js';
import { When } from './parts/when.js';
import { CONFLICT_REASONS, DEACTIVATION_CAUSES, LEGAL_BASES, ROLE_MEANINGS } from './words/roles.js';

/** What an administrator does about a person. */

export function GrantForm({
  told,
  studies,
}: {
  readonly told: PersonTold;
  readonly studies: readonly string[];
}): JSX.Element {
  return (
    <details>
      <summary>Give a role</summary>
      <CommandForm
        command="grant-role"
        label={`Give ${told.id} a role`}
        fixed={{ person: told.id }}
        send="Give the role"
      >
        <Pick
          name="role"
          label="Role"
          options={ROLES.map((role) => [role, `${role}: ${ROLE_MEANINGS[role]}`] as const)}
        />
        <Pick
          name="study"
          label="For"
          none="the whole facility"
          options={studies.map((code) => [code, code] as const)}
        />
        <Field
          name="from"
          label="From"
          type="datetime-local"
          data-as="instant"
          hint="At once if it is left empty."
        />
        <Field
          name="until"
          label="Until"
          type="datetime-local"
          data-as="instant"
          hint="Without end if it is left empty."
        />
        <Pick
          name="conflict"
          label="Where it conflicts with another role of the person"
          none="it does not"
          options={CONFLICT_REASONS}
        />
      </CommandForm>
    </details>
  );
}

export function OfferForm({
  told,
  origin,
}: {
  readonly told: PersonTold;
  /** Where the link leads to. */
  readonly origin: string;
}): JSX.Element {
  return (
    <>
      {told.offeredUntil !== undefined && (
        <p>
          A link was handed out and holds until <When at={told.offeredUntil} />. A new one ends it.
        </p>
      )}
      <details>
        <summary>Hand out a link to enrol a passkey</summary>
        <CommandForm
          command="offer-enrolment"
          label={`Hand out a link to ${told.id}`}
          fixed={{ person: told.id }}
          send="Make the link"
          secret={{
            hours: 'hours',
            before: `${origin}/enrol#${told.id}.`,
            told: `The link for ${told.id}. It is shown only now: hand it over yourself, so that nobody else gets it. It works once.`,
          }}
        >
          <Field
            name="hours"
            label="Holds for hours"
            type="number"
            data-as="number"
            min={1}
            max={72}
            value={72}
          />
          <Tick
            name="recovery"
            label="After a loss: once the new passkey is confirmed, the earlier ones end"
          />
        </CommandForm>
      </details>
    </>
  );
}

/** The commands that record a procedure on an animal: what one is trained for. */
const PROCEDURES = CATALOGUE.filter(
  ({ who }) => who.roles.includes('technician') && !who.isOwnOrStudyDirector,
).map(({ name }) => name);

export function TrainingForm({ told }: { readonly told: PersonTold }): JSX.Element {
  return (
    <details>
      <summary>Record training</summary>
      <CommandForm
        command="record-training"
        label={`Record training of ${told.id}`}
        fixed={{ person: told.id }}
        send="Record"
      >
        <Several
          name="procedures"
          label="Procedures"
          options={PROCEDURES.map((name) => [name, procedureInWords(name)] as const)}
        />
        <Field name="on" label="Competent since" type="date" required />
        <Field name="until" label="Last day" type="date" hint="Without end if it is left empty." />
        <Field
          name="evidence"
          label="SHA-256 of the certificate"
          pattern="[0-9a-f]{64}"
          hint="64 hex digits, or empty."
        />
      </CommandForm>
    </details>
  );
}

/** `LigateNerve` → `ligate nerve`. */
function procedureInWords(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/^[A-Z]|(?<= )[A-Z](?=[a-z])/g, (letter) => letter.toLowerCase());
}

/** The name, and the end. */
export function ChangeForms({ told }: { readonly told: PersonTold }): JSX.Element {
  return (
    <>
      <details>
        <summary>Change the name</summary>
        <CommandForm
          command="rename-person"
          label={`Change the name of ${told.id}`}
          fixed={{ person: told.id }}
          send="Change the name"
        >
          <Field name="name" label="Name from now on" required maxLength={200} />
        </CommandForm>
      </details>
      <details>
        <summary>Deactivate {told.id}</summary>
        <p>
          Roles, passkeys, tokens and sessions end at once and for ever. What {told.id} recorded stays. A
          person who returns gets a new id.
        </p>
        <CommandForm
          command="deactivate-person"
          label={`Deactivate ${told.id}`}
          fixed={{ person: told.id }}
          send={`Deactivate ${told.id}`}
          isGrave
        >
          <Pick name="cause" label="because" options={DEACTIVATION_CAUSES} />
        </CommandForm>
      </details>
    </>
  );
}

/** Asks for names to be erased; `named` are the lab records that hold them. */
export function EraseForms({
  told,
  named,
}: {
  readonly told: PersonTold;
  readonly named: readonly number[];
}): JSX.Element | null {
  if (named.length === 0) return null;
  return (
    <details>
      <summary>Erase the name</summary>
      <p>
        A second person confirms. The name is then deleted for ever. The records stay as they are, and every
        proof of them stays valid.
      </p>
      {named.map((number) => (
        <CommandForm
          command="request-redaction"
          label={`Erase the name of ${told.id} in lab record #${number}`}
          fixed={{ stream: 'lab', number, pointer: '/data/name' }}
          send={`Ask to erase the name in #${number}`}
        >
          <Pick name="legalBasis" label="because" options={LEGAL_BASES} />
        </CommandForm>
      ))}
    </details>
  );
}
