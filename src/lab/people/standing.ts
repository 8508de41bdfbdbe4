import type { Role } from '../../study/who.js';
import type { Credential, Grant, Link, People, Person, Site, Token } from './people.js';

/** What holds of people at a moment. Instants are in ms. */

/**
 * The site whose origin and rpId count: the last one confirmed, and before there is one, the last one configured. `before`: as
 * of that lab record.
 */
export function siteInForce(people: People, before = Infinity): Site | undefined {
  const [only, another] = people.sites;
  // As a rule, and each request asks several times.
  if (only && !another) return only.number < before ? only : undefined;
  const sites = people.sites.filter(({ number }) => number < before);
  const confirmed = sites.filter((site) => site.confirmed && site.confirmed.number < before);
  return confirmed.sort((a, b) => a.confirmed!.number - b.confirmed!.number).at(-1) ?? sites.at(-1);
}

/** A site that was configured after the one in force and waits for its confirmation. */
export function siteProposed(people: People): Site | undefined {
  const [inForce, newest] = [siteInForce(people), people.sites.at(-1)];
  return newest && inForce && newest !== inForce && newest.number > inForce.number ? newest : undefined;
}

const BOTH_SITES_MS = 3_600_000;

/** The sites at whose addresses the ledger answers: the one in force, and for an hour the newest and the one before it. */
export function sitesServed(people: People, atMs: number): Site[] {
  const inForce = siteInForce(people);
  const newest = people.sites.at(-1);
  if (!inForce || !newest) return [];
  if (people.sites.length === 1) return [inForce];
  if (atMs >= Math.max(newest.configuredMs, newest.confirmed?.atMs ?? 0) + BOTH_SITES_MS) return [inForce];
  const before = siteInForce({ ...people, sites: people.sites.slice(0, -1) });
  // Before anybody is there, a newer beginning takes the place of the older one.
  const others = people.begunAt === undefined ? [] : [newest, before];
  return [...new Set([inForce, ...others])].filter((site) => site !== undefined);
}

export function isActive(person: Person | undefined): person is Person {
  return person !== undefined && person.deactivated === undefined;
}

export function isUsable(credential: Credential, rpId: string | undefined): boolean {
  return credential.confirmed !== undefined && !credential.revoked && credential.rpId === rpId;
}

/** Confirmed, not revoked, enrolled under the rpId in force, of an active person. */
export function usableCredentials(people: People, person: Person): Credential[] {
  if (!isActive(person)) return [];
  const rpId = siteInForce(people)?.rpId;
  return person.credentials.filter((credential) => isUsable(credential, rpId));
}

export function credentialNumbered(people: People, number: number): Credential | undefined {
  const holder = people.persons.get(people.holders.get(number) ?? '');
  return holder?.credentials.find((one) => one.number === number);
}

export function credentialWithId(people: People, credentialId: string): Credential | undefined {
  const holder = people.persons.get(people.taken.get(`id ${credentialId}`) ?? '');
  return holder?.credentials.find((one) => one.credentialId === credentialId);
}

export function grantNumbered(people: People, number: number): Grant | undefined {
  const holder = people.persons.get(people.holders.get(number) ?? '');
  return holder?.grants.find((one) => one.number === number);
}

export function tokenNumbered(people: People, number: number): Token | undefined {
  const holder = people.persons.get(people.holders.get(number) ?? '');
  return holder?.tokens.find((one) => one.number === number);
}

export function linkNumbered(people: People, number: number): Link | undefined {
  const holder = people.persons.get(people.holders.get(number) ?? '');
  return holder?.links.find((one) => one.number === number);
}

/** A link counts while the provider under which it was made is in force, with the same client. */
export function isLinkInForce(people: People, link: Link): boolean {
  const [now, then] = [siteInForce(people)?.oidc, siteInForce(people, link.number)?.oidc];
  if (link.revoked !== undefined || now?.issuer !== link.issuer) return false;
  return then?.issuer === now.issuer && then.clientId === now.clientId;
}

export function holds({ fromMs = -Infinity, untilMs = Infinity, revoked }: Grant, atMs: number): boolean {
  return revoked === undefined && fromMs <= atMs && atMs < untilMs;
}

/** The roles that a person holds at a moment: for one study with those of the facility, or of the facility alone. */
export function rolesOf(person: Person | undefined, atMs: number, study?: string): Set<Role> {
  if (!isActive(person)) return new Set();
  const held = person.grants.filter(
    (grant) => holds(grant, atMs) && (grant.study === undefined || grant.study === study),
  );
  return new Set(held.map(({ role }) => role));
}

/** The role that something is asked in: the one named where it is held, else the first held of those that permit it, else `self`. */
export function roleActedIn(
  people: People,
  { actor, role }: { readonly actor: string; readonly role: string },
  permitting: readonly Role[],
  study: string | undefined,
  atMs: number,
): string {
  const held = rolesOf(people.persons.get(actor), atMs, study);
  return held.has(role as Role) ? role : (permitting.find((one) => held.has(one)) ?? 'self');
}

/** Whether a person holds a role anywhere: for the facility, or for any study. */
export function holdsAnywhere(person: Person | undefined, role: Role, atMs: number): boolean {
  return isActive(person) && person.grants.some((grant) => grant.role === role && holds(grant, atMs));
}

/** Active administrators with a credential that they can sign in with. */
export function usableAdministrators(people: People, atMs: number): Person[] {
  return [...people.persons.values()].filter(
    (person) => rolesOf(person, atMs).has('administrator') && usableCredentials(people, person).length > 0,
  );
}

/** Every pseudonym of the same human, the given one included. */
export function individualOf({ individuals }: People, id: string): ReadonlySet<string> {
  return individuals.get(id) ?? new Set([id]);
}

const RECORDING: readonly Role[] = ['technician', 'director', 'veterinarian'];
/** Refused together, or taken with a reason. */
const EXCLUDING: Readonly<Partial<Record<Role, readonly Role[]>>> = {
  administrator: [...RECORDING, 'statistician'],
  quality: RECORDING,
};
/** Shown, and never refused. */
const MARKED: Readonly<Partial<Record<Role, readonly Role[]>>> = {
  administrator: ['management', 'inspector'],
};

function conflicts(of: typeof EXCLUDING, a: Role, b: Role): boolean {
  return of[a]?.includes(b) === true || of[b]?.includes(a) === true;
}

function overlap(a: Pick<Grant, 'study'>, b: Pick<Grant, 'study'>): boolean {
  return a.study === undefined || b.study === undefined || a.study === b.study;
}

/** The grants of the same human that a new one conflicts with. */
export function conflictsWith(
  people: People,
  { person, role, study }: { person: string; role: Role; study?: string | undefined },
  atMs: number,
): Grant[] {
  return [...individualOf(people, person)]
    .flatMap((id) => people.persons.get(id)?.grants ?? [])
    .filter((grant) => grant.revoked === undefined && (grant.untilMs ?? Infinity) > atMs)
    .filter((grant) => conflicts(EXCLUDING, grant.role, role) && overlap(grant, { study }));
}

/** Two grants of a human that both hold for a study at a moment, and that are refused together. */
export function excludingGrants(
  people: People,
  person: string,
  study: string | undefined,
  atMs: number,
): readonly [Grant, Grant] | undefined {
  return conflictingGrants(people, person).find(
    ([a, b]) =>
      conflicts(EXCLUDING, a.role, b.role) &&
      [a, b].every((grant) => holds(grant, atMs) && overlap(grant, { study })),
  );
}

/** Whether the roles that a human holds at a moment conflict: shown as `role-conflict` wherever the person is. */
export function hasRoleConflict(people: People, person: string, atMs: number): boolean {
  return conflictingGrants(people, person).some((pair) => pair.every((grant) => holds(grant, atMs)));
}

/** Grants that one human was ever given and that conflict while both hold. */
export function conflictingGrants(people: People, person: string): (readonly [Grant, Grant])[] {
  const grants = [...individualOf(people, person)].flatMap((id) => people.persons.get(id)?.grants ?? []);
  return grants.flatMap((a, index) =>
    grants
      .slice(index + 1)
      .filter(
        (b) => overlap(a, b) && (conflicts(EXCLUDING, a.role, b.role) || conflicts(MARKED, a.role, b.role)),
      )
      .map((b) => [a, b] as const),
  );
}

/** A moment of the past: how much of the lab was there, and the time by which its dates are judged. */
export interface Moment {
  readonly labSize: number;
  readonly atMs: number;
}

/** Whether a grant held at a moment, by what the lab said then. */
export function heldAt({ persons }: People, grant: Grant, { labSize, atMs }: Moment): boolean {
  const { number, person, fromMs = -Infinity, untilMs = Infinity, revoked = Infinity } = grant;
  const ended = Math.min(revoked, persons.get(person)?.deactivated?.number ?? Infinity);
  return number < labSize && labSize <= ended && fromMs <= atMs && atMs < untilMs;
}
