import { utcInstant } from '../../study/instant.js';
import type { Commitment } from '../../tlog/commitment.js';
import type { Grant, People, Person } from './people.js';
import { hasRoleConflict, holds, isActive, usableAdministrators, usableCredentials } from './standing.js';

/** How far a person has come: `waiting` for the confirmation of a passkey, `invited` by a link that still holds. */
export type PersonState = 'active' | 'waiting' | 'invited' | 'without-passkey' | 'deactivated';

/** A person as a list of the people shows one. */
export interface Listed {
  readonly person: string;
  readonly name: Commitment;
  readonly sameIndividual?: string;
  readonly state: PersonState;
  /** Grants that hold at the moment; `grant` is the lab record. */
  readonly roles: readonly ListedRole[];
  /** Passkeys that the person can sign in with, and those that wait for their confirmation. */
  readonly passkeys: number;
  readonly waiting: number;
  /** When the last passkey was confirmed. */
  readonly lastConfirmed?: string;
  readonly roleConflict: boolean;
}

export type ListedRole = Pick<Grant, 'role' | 'study' | 'conflict'> & {
  readonly grant: number;
  readonly until?: string;
};

/** Everybody who was ever registered, in that order, as things stand at an instant (ms). */
export function rosterOf(people: People, atMs: number): Listed[] {
  return [...people.persons.values()].map((person) => {
    const { id, name, sameIndividual, credentials } = person;
    const confirmed = credentials.flatMap((one) => one.confirmed?.atMs ?? []);
    const waiting = waitingOf(person);
    const passkeys = usableCredentials(people, person).length;
    return {
      person: id,
      name,
      ...(sameIndividual !== undefined && { sameIndividual }),
      state: stateOf(person, passkeys, waiting, atMs),
      roles: isActive(person) ? person.grants.filter((grant) => holds(grant, atMs)).map(listed) : [],
      passkeys,
      waiting,
      ...(confirmed.length > 0 && { lastConfirmed: utcInstant(Math.max(...confirmed)) }),
      roleConflict: isActive(person) && hasRoleConflict(people, id, atMs),
    };
  });
}

function waitingOf(person: Person): number {
  return isActive(person) ? person.credentials.filter((one) => !one.confirmed && !one.revoked).length : 0;
}

function stateOf(person: Person, passkeys: number, waiting: number, atMs: number): PersonState {
  if (!isActive(person)) return 'deactivated';
  if (passkeys > 0) return 'active';
  if (waiting > 0) return 'waiting';
  return person.offer && atMs < person.offer.untilMs ? 'invited' : 'without-passkey';
}

function listed({ number, role, study, conflict, untilMs }: Grant): ListedRole {
  return {
    role,
    ...(study !== undefined && { study }),
    ...(untilMs !== undefined && { until: utcInstant(untilMs) }),
    ...(conflict !== undefined && { conflict }),
    grant: number,
  };
}

/** What one lost passkey could end, as sentences. */
export function warnOfPeople(people: People, atMs: number): string[] {
  if (people.begunAt === undefined) return [];
  const [first, ...others] = usableAdministrators(people, atMs);
  if (!first) return ['No administrator can sign in: study-ledger people recover gives one a new enrolment.'];
  if (others.length > 0) return [];
  const { length } = usableCredentials(people, first);
  return [
    `There is one administrator who can sign in, ${first.id}: give a second person the role.`,
    ...(length > 1 ? [] : [`${first.id} has one passkey: enrol a second one, and keep it elsewhere.`]),
  ];
}
