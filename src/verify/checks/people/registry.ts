import { holdsAt, type Span } from './span.js';

/** Somebody who is registered: from the registration to the deactivation. Instants are in ms. */
export interface Person extends Span {
  readonly id: string;
  /** The first pseudonym of the same human. */
  readonly human: string;
  readonly grants: Grant[];
  readonly credentials: Credential[];
  readonly tokens: Token[];
  readonly links: Link[];
  /** The lab record that says that their signature binds them; `Infinity` while there is none. */
  attested: number;
  endedBy?: Ending;
}

/** Who ended something, and when. */
export interface Ending {
  readonly by: string;
  readonly ms: number;
}

export interface Grant extends Span {
  readonly person: string;
  readonly role: string;
  /** Undefined: every study. */
  readonly study: string | undefined;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** An offer ends when a key is enrolled by it, or a newer one is made. */
export interface Offer extends Span {
  readonly person: string;
  readonly by: string;
  readonly untilMs: number;
  readonly isRecovery: boolean;
}

export interface Credential extends Span {
  readonly person: string;
  readonly credentialId: string;
  /** SubjectPublicKeyInfo, base64url. */
  readonly publicKey: string;
  /** COSE algorithm. */
  readonly alg: number;
  readonly backupEligible: boolean;
  readonly rpId: string;
  readonly offer: Offer | undefined;
  /** The lab record of the confirmation; `Infinity` while there is none. */
  confirmed: number;
  confirmedBy: string;
  endedBy?: Ending;
}

export interface Token extends Span {
  readonly person: string;
  readonly roles: readonly string[];
  readonly study: string | undefined;
  readonly untilMs: number;
}

/** An identity at the institution's provider. */
export interface Link extends Span {
  readonly person: string;
  readonly issuer: string;
}

export interface Site {
  /** The lab record that configures it. */
  readonly at: number;
  readonly by: string;
  readonly origin: string;
  readonly rpId: string;
  readonly zone: string;
  /** The address of the institution's provider; empty where none is named. */
  readonly issuer: string;
  readonly clientId: string;
  readonly isDeviceBound: boolean;
  /** The lab record that confirms it; `Infinity` while none does. */
  confirmed: number;
}

/**
 * Who there is and what each holds, by what the lab says. Nothing is taken away but by a lab record whose number is kept, so
 * each lab size can be asked for what held then without folding anew.
 */
export class Registry {
  readonly persons = new Map<string, Person>();
  /** By the lab record that states them. */
  readonly grants = new Map<number, Grant>();
  readonly credentials = new Map<number, Credential>();
  readonly tokens = new Map<number, Token>();
  readonly links = new Map<number, Link>();
  readonly offers = new Map<number, Offer>();
  /** In the order in which they were configured. */
  readonly sites: Site[] = [];
  /** The lab record of the first confirmation of a credential: from there on, persons act and nobody else. */
  begunAt = Infinity;
  /** When each record of the lab was made, ms. */
  readonly labMs: number[] = [];
  /** Whether the lab says that a clock was wrong: its times then show nothing about those of a study. */
  hasWrongClock = false;
  /** In a simulated ledger, people act without signing in. */
  isSimulated = false;

  /** The person, where registered and not deactivated at a lab size. */
  activeAt(id: string, labSize: number): Person | undefined {
    const person = this.persons.get(id);
    return person && holdsAt(person, labSize) ? person : undefined;
  }

  isSameHuman(a: string, b: string): boolean {
    return a === b || this.humanOf(a) === this.humanOf(b);
  }

  humanOf(id: string): string {
    return this.persons.get(id)?.human ?? id;
  }

  /** The pseudonyms of a human. */
  pseudonymsOf(human: string): Person[] {
    return [...this.persons.values()].filter((person) => person.human === human);
  }

  /** The last one confirmed; before there is one, the last one configured. */
  siteAt(labSize: number): Site | undefined {
    let found: Site | undefined;
    for (const site of this.sites)
      if (site.confirmed < labSize && (!found || site.confirmed > found.confirmed)) found = site;
    return found ?? this.sites.findLast(({ at }) => at < labSize);
  }

  /** Whether its holder could sign in with it and act, at a lab size. */
  isUsable(credential: Credential, labSize: number): boolean {
    return (
      credential.confirmed < labSize &&
      labSize <= credential.end &&
      credential.rpId === this.siteAt(labSize)?.rpId &&
      this.activeAt(credential.person, labSize) !== undefined
    );
  }

  hasUsable(person: Person, labSize: number): boolean {
    return person.credentials.some((credential) => this.isUsable(credential, labSize));
  }

  /** Whether a person has a role: in one study, or, where none is named, in the facility. */
  holds(person: Person, role: string, study: string | undefined, labSize: number, ms: number): boolean {
    return person.grants.some(
      (grant) =>
        grant.role === role &&
        (grant.study === undefined || grant.study === study) &&
        holdsAt(grant, labSize) &&
        grant.fromMs <= ms &&
        ms < grant.untilMs,
    );
  }

  /** Confirmed and not revoked, under whatever site. */
  hasConfirmed(person: Person, labSize: number): boolean {
    return (
      holdsAt(person, labSize) &&
      person.credentials.some(({ confirmed, end }) => confirmed < labSize && labSize <= end)
    );
  }

  /** A link counts while the provider, and its client, are those under which it was made. */
  isLinked(link: Link, labSize: number): boolean {
    const [then, now] = [this.siteAt(link.at), this.siteAt(labSize)];
    return (
      holdsAt(link, labSize) &&
      now?.issuer === link.issuer &&
      then?.issuer === link.issuer &&
      now.clientId === then.clientId
    );
  }

  /** The roles that a person has anywhere. */
  rolesOf(person: Person, labSize: number, ms: number): string[] {
    return person.grants
      .filter((grant) => holdsAt(grant, labSize) && grant.fromMs <= ms && ms < grant.untilMs)
      .map(({ role }) => role);
  }

  hasAdministrator(labSize: number): boolean {
    return [...this.persons.values()].some(
      (person) =>
        person.grants.some((grant) => grant.role === 'administrator' && holdsAt(grant, labSize)) &&
        this.hasUsable(person, labSize),
    );
  }
}
