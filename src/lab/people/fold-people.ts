import { instantMs } from '../../study/instant.js';
import type { Commitment } from '../../tlog/commitment.js';
import type { PeopleEventData, PeopleEventType } from './facts.js';
import { LEDGER_ITSELF, identityKey, placeOf, type People, type Person } from './people.js';

/** What a record says beside its data. */
export interface Said {
  readonly number: number;
  readonly actor: string;
  readonly recordedMs: number;
  readonly commandId: string;
}

type Mutable = {
  -readonly [K in keyof People]: People[K] extends ReadonlyMap<infer A, infer B> ? Map<A, B> : People[K];
};

/** People while records are folded into them; the maps are copied once. */
export class PeopleDraft {
  private readonly draft: Mutable;

  constructor(people: People) {
    this.draft = {
      ...people,
      persons: new Map(people.persons),
      holders: new Map(people.holders),
      taken: new Map(people.taken),
      tokens: new Map(people.tokens),
      redactions: new Map(people.redactions),
      commitments: new Map(people.commitments),
      individuals: new Map(people.individuals),
    };
  }

  get people(): People {
    return { ...this.draft };
  }

  add<T extends PeopleEventType>(type: T, data: PeopleEventData[T], said: Said): void {
    for (const member of ['name', 'label']) {
      const text = (data as { readonly [name: string]: unknown })[member] as Commitment | undefined;
      if (text) this.draft.commitments.set(placeOf(said.number, `/data/${member}`), text['...']);
    }
    (FOLDS[type] as (draft: PeopleDraft, data: PeopleEventData[T], said: Said) => void)(this, data, said);
  }

  change(id: string, changes: Partial<Person> | ((person: Person) => Partial<Person>)): void {
    const person = this.draft.persons.get(id);
    if (!person) return;
    const changed = typeof changes === 'function' ? changes(person) : changes;
    this.draft.persons.set(id, { ...person, ...changed });
  }

  endOffersOf(offerer: string): void {
    for (const { id, offer } of this.draft.persons.values())
      if (offer?.by === offerer) this.change(id, { offer: undefined });
  }

  /** The person to whom a lab record gave something. */
  holder(number: number): string {
    return this.draft.holders.get(number) ?? '';
  }

  edit(edit: (draft: Mutable) => void): void {
    edit(this.draft);
  }
}

type Fold<T extends PeopleEventType> = (draft: PeopleDraft, data: PeopleEventData[T], said: Said) => void;

const FOLDS: { readonly [T in PeopleEventType]: Fold<T> } = {
  SiteConfigured(draft, { origin, rpId, zone, oidc, passkeys }, { number, actor, recordedMs }) {
    const site = { number, by: actor, origin, rpId, zone, oidc, passkeys, configuredMs: recordedMs };
    draft.edit((people) => (people.sites = [...people.sites, site]));
  },
  SiteConfirmed(draft, { site }, { number, actor, recordedMs }) {
    const confirmed = { number, by: actor, atMs: recordedMs };
    draft.edit((people) => {
      people.sites = people.sites.map((one) => (one.number === site ? { ...one, confirmed } : one));
    });
  },
  PersonRegistered(draft, { person: id, name, sameIndividual }, { number }) {
    const nothing = { grants: [], credentials: [], tokens: [], links: [], training: [] };
    draft.edit(({ persons, individuals }) => {
      persons.set(id, { id, number, name, sameIndividual, ...nothing });
      if (sameIndividual === undefined) return;
      const ids = new Set([...(individuals.get(sameIndividual) ?? [sameIndividual]), id]);
      for (const one of ids) individuals.set(one, ids);
    });
  },
  PersonRenamed(draft, { person, name }) {
    draft.change(person, { name });
  },
  EnrolmentOffered(draft, { person, sha256, until, recovery }, { number, actor }) {
    // A newer beginning or recovery ends the older one, whoever it was for.
    if (actor === LEDGER_ITSELF) draft.endOffersOf(LEDGER_ITSELF);
    const offer = { number, by: actor, sha256, untilMs: instantMs(until) ?? 0, recovery };
    draft.change(person, { offer });
  },
  CredentialEnrolled(draft, data, { number, recordedMs, commandId }) {
    const { offer: offered, ...facts } = data;
    draft.change(
      data.person,
      ({ credentials, offer, ...person }) =>
        ({
          ...person,
          credentials: [
            ...credentials,
            {
              ...facts,
              number,
              commandId,
              enrolledMs: recordedMs,
              offer: offered === undefined ? undefined : offer,
            },
          ],
          // Spent.
          offer: offered === undefined ? offer : undefined,
        }) as Partial<Person>,
    );
    draft.edit(({ holders, taken }) => {
      holders.set(number, data.person);
      taken.set(`id ${data.credentialId}`, data.person).set(`key ${data.publicKey}`, data.person);
    });
  },
  CredentialConfirmed(draft, { credential, identity }, { number, actor, recordedMs }) {
    const confirmed = { number, by: actor, atMs: recordedMs, identity };
    draft.change(draft.holder(credential), ({ credentials }) => {
      const recovery = credentials.find((one) => one.number === credential)?.offer?.recovery === true;
      return {
        credentials: credentials.map((one) => {
          if (one.number === credential) return { ...one, confirmed };
          // A recovery ends all others, also one that was enrolled meanwhile.
          const ended = { number, by: actor, atMs: recordedMs };
          return recovery && !one.revoked ? { ...one, revoked: ended } : one;
        }),
      };
    });
    draft.edit((people) => (people.begunAt ??= number));
  },
  AttestationGiven(draft, { text }, { number, actor, recordedMs }) {
    draft.change(actor, { attestation: { number, text, atMs: recordedMs } });
  },
  CredentialRevoked(draft, { credential }, { number, actor, recordedMs }) {
    const revoked = { number, by: actor, atMs: recordedMs };
    draft.change(draft.holder(credential), ({ credentials }) => ({
      credentials: credentials.map((one) => (one.number === credential ? { ...one, revoked } : one)),
    }));
  },
  IdentityLinked(draft, { person, issuer, subject }, { number }) {
    draft.change(person, ({ links }) => ({ links: [...links, { number, issuer, subject }] }));
    draft.edit(({ holders, taken }) => {
      holders.set(number, person);
      taken.set(identityKey(issuer, subject), person);
    });
  },
  TokenIssued(draft, { person, sha256, label, roles, study, until }, { number }) {
    const token = { number, person, sha256, label, roles, study, untilMs: instantMs(until) ?? 0 };
    draft.change(person, ({ tokens }) => ({ tokens: [...tokens, token] }));
    draft.edit(({ holders, tokens }) => {
      holders.set(number, person);
      tokens.set(sha256, number);
    });
  },
  TokenRevoked(draft, { token }, { number }) {
    draft.change(draft.holder(token), ({ tokens }) => ({
      tokens: tokens.map((one) => (one.number === token ? { ...one, revoked: number } : one)),
    }));
  },
  RoleGranted(draft, { person, role, study, from, until, conflict }, { number }) {
    const [fromMs, untilMs] = [from && instantMs(from), until && instantMs(until)] as (number | undefined)[];
    const grant = { number, person, role, study, fromMs, untilMs, conflict };
    draft.change(person, ({ grants }) => ({ grants: [...grants, grant] }));
    draft.edit(({ holders }) => holders.set(number, person));
  },
  RoleRevoked(draft, { grant }, { number }) {
    draft.change(draft.holder(grant), ({ grants }) => ({
      grants: grants.map((one) => (one.number === grant ? { ...one, revoked: number } : one)),
    }));
  },
  TrainingRecorded(draft, data, { number }) {
    draft.change(data.person, ({ training }) => ({ training: [...training, { ...data, number }] }));
  },
  PersonDeactivated(draft, { person }, { number, actor, recordedMs }) {
    draft.change(person, { deactivated: { number, by: actor, atMs: recordedMs }, offer: undefined });
  },
  RedactionRequested(draft, asked, { number, actor }) {
    draft.edit(({ redactions }) => redactions.set(number, { number, by: actor, asked }));
  },
  FieldRedacted(draft, { request }, { number }) {
    draft.edit(({ redactions }) => {
      const asked = redactions.get(request);
      if (asked) redactions.set(request, { ...asked, redacted: number });
    });
  },
  AdministratorRecovered(draft, { person }, { number, actor, recordedMs }) {
    const ended = { number, by: actor, atMs: recordedMs };
    draft.change(person, ({ credentials, tokens, links }) => ({
      credentials: credentials.map((one) => (one.revoked ? one : { ...one, revoked: ended })),
      tokens: tokens.map((one) => (one.revoked === undefined ? { ...one, revoked: number } : one)),
      links: links.map((one) => (one.revoked === undefined ? { ...one, revoked: number } : one)),
    }));
    draft.edit((people) => (people.recoveries = [...people.recoveries, number]));
  },
};
