import type { Submission } from '../../study/commands/common/command.js';
import { Refusal, refuse } from '../../study/refusal.js';
import type { Role, Who } from '../../study/who.js';
import type { Lab } from '../lab.js';
import type { TokenRole } from './facts.js';
import type { LabWho } from '../commands/common/lab-command.js';
import { LEDGER_ITSELF, type People, type Person, type Token } from './people.js';
import {
  credentialNumbered,
  holds,
  isUsable,
  isLinkInForce,
  linkNumbered,
  rolesOf,
  siteInForce,
  siteProposed,
  tokenNumbered,
} from './standing.js';

/** The role that a record is made in, and what it has to say about that. */
export interface Authority {
  readonly role: string;
  /** Codes for `data.flags`. */
  readonly flags: readonly string[];
}

/** Who asks: of a command its submission, of a read the caller. */
export type Asking = Pick<Submission, 'actor' | 'role' | 'by'>;

/** Signing in counts as fresh for so long: people, tokens and credentials need it. */
export const FRESH_MS = 5 * 60_000;

/**
 * The person behind a request, as the lab stands: registered, active, and with a credential, link or token that still
 * holds. Undefined in a simulated ledger where nobody has a confirmed passkey yet: the actor is then taken as claimed.
 */
export function identify(lab: Lab, { actor, by }: Asking, atMs: number): Person | Refusal | undefined {
  const { people, simulated } = lab;
  if (people.begunAt === undefined && by === undefined) return simulated ? undefined : refuseUnbegun();
  if (!by && !simulated) return signIn();
  const person = people.persons.get(actor);
  if (!person) return signIn();
  if (person.deactivated !== undefined)
    return refuse(
      'person-inactive',
      `${actor} is deactivated (lab record ${person.deactivated.number}): ask an administrator.`,
    );
  if (by && !standsFor(lab, person, by, atMs)) return signIn();
  return person;
}

function refuseUnbegun(): Refusal<'no-administrator'> {
  return refuse(
    'no-administrator',
    'Nobody is registered in this ledger yet: run study-ledger people begin --url https://ledger.lab.example --administrator admin-1, and open the link that it prints.',
  );
}

export function signIn(): Refusal<'sign-in-required'> {
  return refuse(
    'sign-in-required',
    'Sign in first: open /sign-in, or send a token in Authorization: Bearer.',
  );
}

/** Whether what a request was authenticated by is the person's and still holds. */
function standsFor(
  { people, simulated }: Lab,
  person: Person,
  { method, credential, identity, token }: NonNullable<Asking['by']>,
  atMs: number,
): boolean {
  switch (method) {
    case 'passkey': {
      const used = credentialNumbered(people, credential ?? -1);
      // A pending credential signs in to see that it is pending; `authorise` lets it do nothing.
      return used?.person === person.id && !used.revoked && isSignInRpId(people, used.rpId);
    }
    case 'oidc': {
      const link = linkNumbered(people, identity ?? -1);
      return link !== undefined && person.links.includes(link) && isLinkInForce(people, link);
    }
    case 'token': {
      const used = tokenNumbered(people, token ?? -1);
      return used?.person === person.id && used.revoked === undefined && atMs < used.untilMs;
    }
    case 'simulated':
      return simulated;
  }
}

/** Whether the request rests on a passkey that was confirmed, or on something that such a passkey made. */
export function isConfirmed({ people }: Lab, { by }: Asking): boolean {
  if (by?.method !== 'passkey') return true;
  const used = credentialNumbered(people, by.credential ?? -1);
  return used !== undefined && isUsable(used, used.rpId) && isSignInRpId(people, used.rpId);
}

/** Of the site in force, and of a new one, where an administrator signs in to put it in force. */
function isSignInRpId(people: People, rpId: string): boolean {
  return siteInForce(people)?.rpId === rpId || siteProposed(people)?.rpId === rpId;
}

/**
 * Whether somebody may do what needs one of these roles, in a study or in the facility, and in which role they do it.
 * Decided on the lab as it is folded at that moment; `director` is the study's director then, where there is one.
 */
export function authorise(
  lab: Lab,
  asking: Asking,
  need: {
    readonly who: Who;
    readonly study?: string | undefined;
    readonly director?: string | undefined;
    readonly what: string;
  },
  atMs: number,
): Authority | Refusal {
  const person = identify(lab, asking, atMs);
  if (person instanceof Refusal) return person;
  if (!person) return { role: asking.role || 'development', flags: [] };
  if (!isConfirmed(lab, asking)) return refusePending();
  const { who, study, director, what } = need;
  const token = asking.by?.method === 'token' ? tokenNumbered(lab.people, asking.by.token ?? -1) : undefined;
  const held = heldRoles(person, token, who, study, atMs);
  if (who.isStudyDirector && director !== person.id) held.delete('director');
  const permitted = who.roles.filter((role) => held.has(role));
  const role = chooseRole(permitted, asking.role as Role, person, atMs);
  if (role === undefined) return token ? refuseByToken(what, token) : refuseRole(what, person.id, need);
  return { role, flags: token ? ['by-program'] : [] };
}

export function refusePending(): Refusal<'credential-pending'> {
  return refuse(
    'credential-pending',
    'Your passkey waits for its confirmation by another person. Until then you can look at your own page only, behind your name.',
  );
}

/** The role that was asked for, where it is held; otherwise the first that permits. */
function chooseRole(permitted: readonly Role[], asked: Role, person: Person, atMs: number): Role | undefined {
  if (permitted.includes(asked)) return asked;
  const isHeld = person.grants.some((grant) => grant.role === asked && holds(grant, atMs));
  return isHeld ? undefined : permitted[0];
}

function heldRoles(
  person: Person,
  token: Token | undefined,
  who: Who,
  study: string | undefined,
  atMs: number,
): Set<Role> {
  const held = new Set<Role>();
  if (token && token.study !== undefined && token.study !== study) return held;
  for (const grant of person.grants) {
    if (!holds(grant, atMs)) continue;
    if (grant.study !== undefined && (who.ofFacility || grant.study !== study)) continue;
    if (!token || tokenGives(token.roles, grant.role, who)) held.add(grant.role);
  }
  return held;
}

/** A director's token does what the technician may do as well. */
function tokenGives(roles: readonly TokenRole[], role: Role, who: Who): boolean {
  if (role === 'director')
    return roles.includes('director-records') && who.roles.includes('technician') && !who.isStudyDirector;
  return roles.includes(role as TokenRole);
}

function refuseByToken(what: string, { person, number, roles, study }: Token): Refusal<'not-permitted'> {
  const given = `${roles.join(', ')}${study === undefined ? '' : ` in ${study} alone`}`;
  return refuse(
    'not-permitted',
    `The token of ${person} (lab record ${number}: ${given}) may not ${what}: sign in by passkey and do it on the page or through the API, or use a token that may.`,
  );
}

export function refuseRole(
  what: string,
  person: string,
  {
    who,
    study,
    director,
  }: { readonly who: Who; readonly study?: string | undefined; readonly director?: string | undefined },
): Refusal<'not-permitted'> {
  const roles = who.roles.join(', ');
  const allowed = who.isStudyDirector
    ? `only the study’s director may, who is ${director ?? 'not named'}`
    : `it takes one of these roles${who.ofFacility ? ' for the facility' : study === undefined ? '' : ` in ${study}`}: ${roles}`;
  return refuse('not-permitted', `${person} may not ${what}: ${allowed}.`);
}

/** Whether a person may give a command of the lab, and as what. `concerns` is the person whom it is about. */
export function authoriseInLab(
  lab: Lab,
  asking: Asking,
  {
    who,
    what,
    concerns,
  }: { readonly who: LabWho; readonly what: string; readonly concerns?: string | undefined },
  atMs: number,
): Authority | Refusal {
  if (who === 'ledger') return { role: asking.actor === LEDGER_ITSELF ? 'system' : 'self', flags: [] };
  const person = identify(lab, asking, atMs);
  if (person instanceof Refusal) return person;
  if (!person) return signIn();
  if (!isConfirmed(lab, asking)) return refusePending();
  const stale = refuseStale(asking, atMs);
  if (stale) return stale;
  const held = rolesOf(person, atMs);
  if (who !== 'oneself' && who !== 'anyone' && held.has('administrator'))
    return { role: 'administrator', flags: [] };
  if (who !== 'administrator' && who !== 'anyone' && concerns === person.id)
    return { role: 'self', flags: [] };
  if (who === 'anyone') {
    const roles = person.grants.filter((grant) => holds(grant, atMs)).map(({ role }) => role);
    const role = roles.find((one) => one === asking.role) ?? roles[0];
    if (role !== undefined) return { role, flags: [] };
    return refuse('not-permitted', `${person.id} may not ${what}: somebody who holds a role may.`);
  }
  const allowed = {
    administrator: 'an administrator',
    oneself: concerns ?? 'the person',
    'administrator-or-oneself': `${concerns ?? 'the person'} or an administrator`,
  }[who];
  return refuse('not-permitted', `${person.id} may not ${what}: ${allowed} may.`);
}

/** People, keys and tokens ask for a passkey that was used just before. */
export function refuseStale({ by }: Asking, atMs: number): Refusal | undefined {
  if (!by || by.method === 'simulated' || (by.method === 'passkey' && atMs - by.signedInMs <= FRESH_MS))
    return undefined;
  return refuse(
    'passkey-required',
    'Sign in by passkey again: this takes one that was used within the last 5 minutes.',
  );
}
