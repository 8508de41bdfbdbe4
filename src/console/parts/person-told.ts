import type { Lab } from '../../lab/lab.js';
import type { Commitment } from '../../tlog/commitment.js';
import type { TokenRole } from '../../lab/people/facts.js';
import type { Credential, Grant, People, Person, RedactionRequest, Token } from '../../lab/people/people.js';
import { hasRoleConflict, holds, individualOf, siteInForce } from '../../lab/people/standing.js';
import { utcInstant } from '../../study/instant.js';
import type { Role } from '../../study/who.js';
import { keyInWords } from '../words/lab-sentence.js';

/** A person as pages tell it. Numbers are those of lab records, times instants. */
export interface PersonTold {
  readonly id: string;
  readonly number: number;
  /** Undefined where the reader may not see it; `erased` where it was, or is not kept here. */
  readonly name: string | undefined;
  readonly deactivated: { readonly number: number; readonly at: string } | undefined;
  /** Other ids of the same human. */
  readonly sameAs: readonly string[];
  readonly hasRoleConflict: boolean;
  readonly grants: readonly GrantTold[];
  readonly passkeys: readonly PasskeyTold[];
  readonly tokens: readonly TokenTold[];
  readonly links: readonly {
    readonly number: number;
    readonly issuer: string;
    readonly isRevoked: boolean;
  }[];
  readonly training: Person['training'];
  /** Until when a link can be used that was handed out. */
  readonly offeredUntil: string | undefined;
}

export interface GrantTold {
  readonly number: number;
  readonly role: Role;
  readonly study: string | undefined;
  readonly from: string | undefined;
  readonly until: string | undefined;
  readonly conflict: string | undefined;
  readonly state: 'in force' | 'not yet' | 'ended' | 'revoked';
  readonly revoked: number | undefined;
}

export interface PasskeyTold {
  readonly number: number;
  readonly person: string;
  readonly label: string | undefined;
  readonly kind: string;
  readonly enrolled: string;
  readonly state: 'waits' | 'confirmed' | 'revoked' | 'ended' | 'of another address';
  readonly confirmed: { readonly number: number; readonly by: string; readonly identity: string } | undefined;
  readonly revoked: { readonly number: number; readonly by: string } | undefined;
  readonly offeredBy: string | undefined;
  readonly isRecovery: boolean;
}

export interface TokenTold {
  readonly number: number;
  readonly label: string | undefined;
  readonly roles: readonly TokenRole[];
  readonly study: string | undefined;
  readonly until: string;
  readonly state: 'in force' | 'ended' | 'revoked';
}

/** Opens a name or a label; undefined where it was erased or is not kept here. */
export type Open = (commitment: Commitment) => unknown;

/** @param open left out where the reader may not see names and labels */
export function tellPerson(lab: Lab, person: Person, atMs: number, open: Open | undefined): PersonTold {
  const { people } = lab;
  const opened = (commitment: Commitment): string | undefined => {
    const value = open?.(commitment);
    return typeof value === 'string' ? value : open && 'erased';
  };
  const rpId = siteInForce(people)?.rpId;
  // A deactivation ends whatever was not revoked before.
  const ended = <T extends { readonly state: string }>(one: T): T =>
    person.deactivated && one.state !== 'revoked' ? { ...one, state: 'ended' } : one;
  const { id, number, deactivated, links, training, offer } = person;
  return {
    id,
    number,
    name: opened(person.name),
    deactivated: deactivated && { number: deactivated.number, at: utcInstant(deactivated.atMs) },
    sameAs: [...individualOf(people, id)].filter((other) => other !== id),
    hasRoleConflict: hasRoleConflict(people, id, atMs),
    grants: person.grants.map((grant) => ended(tellGrant(grant, atMs))),
    passkeys: person.credentials.map((credential) => ended(tellPasskey(credential, rpId, opened))),
    tokens: person.tokens.map((token) => ended(tellToken(token, atMs, opened))),
    links: links.map((link) => ({
      number: link.number,
      issuer: link.issuer,
      isRevoked: link.revoked !== undefined,
    })),
    training,
    offeredUntil: offer && offer.untilMs > atMs ? utcInstant(offer.untilMs) : undefined,
  };
}

/** The passkeys of a person that another person confirms: of whoever has one that holds, only those of a recovery. */
export function waitingForOthers({ passkeys }: PersonTold): PasskeyTold[] {
  const waits = passkeys.filter(({ state }) => state === 'waits');
  const hasEarlier = passkeys.some(({ state }) => state === 'confirmed');
  return waits.filter(({ isRecovery }) => isRecovery || !hasEarlier);
}

/** Those that somebody may confirm: of everybody but oneself. */
export function waitingFor(person: string | undefined, people: readonly PersonTold[]): PasskeyTold[] {
  return people.flatMap((other) => (other.id === person ? [] : waitingForOthers(other)));
}

/** Erasures that others than this person asked for, and that nobody has confirmed. */
export function erasuresFor(person: string | undefined, { redactions }: People): RedactionRequest[] {
  return [...redactions.values()].filter(({ by, redacted }) => redacted === undefined && by !== person);
}

function tellGrant(grant: Grant, atMs: number): GrantTold {
  const { number, role, study, fromMs, untilMs, conflict, revoked } = grant;
  const state =
    revoked !== undefined
      ? 'revoked'
      : holds(grant, atMs)
        ? 'in force'
        : (fromMs ?? -Infinity) > atMs
          ? 'not yet'
          : 'ended';
  const instant = (ms: number | undefined): string | undefined =>
    ms === undefined ? undefined : utcInstant(ms);
  return { number, role, study, from: instant(fromMs), until: instant(untilMs), conflict, state, revoked };
}

function tellPasskey(
  { number, person, label, enrolledMs, confirmed, revoked, offer, ...key }: Credential,
  rpId: string | undefined,
  opened: (commitment: Commitment) => string | undefined,
): PasskeyTold {
  const state = revoked
    ? 'revoked'
    : key.rpId !== rpId
      ? 'of another address'
      : confirmed
        ? 'confirmed'
        : 'waits';
  return {
    number,
    person,
    label: opened(label),
    kind: keyInWords(key),
    enrolled: utcInstant(enrolledMs),
    state,
    confirmed,
    revoked,
    offeredBy: offer?.by,
    isRecovery: offer?.recovery === true,
  };
}

function tellToken(
  { number, label, roles, study, untilMs, revoked }: Token,
  atMs: number,
  opened: (commitment: Commitment) => string | undefined,
): TokenTold {
  const state = revoked !== undefined ? 'revoked' : untilMs > atMs ? 'in force' : 'ended';
  return { number, label: opened(label), roles, study, until: utcInstant(untilMs), state };
}
