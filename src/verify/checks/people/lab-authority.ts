import { quote } from '../printable.js';
import { textOf } from '../record.js';
import { LEDGER_ITSELF, type Act, type Fault } from './act.js';
import type { Person, Registry } from './registry.js';

/** Who may make a record about people. `holder` is the person that it is about. */
interface Row {
  readonly ledger?: boolean;
  readonly administrator?: boolean;
  readonly holder?: boolean;
  /** Anybody with a role and a confirmed credential; what else it takes is the rule of the type. */
  readonly another?: boolean;
}

export const LAB_ROWS: Readonly<Record<string, Row>> = {
  SiteConfigured: { ledger: true, administrator: true },
  SiteConfirmed: { ledger: true, another: true },
  PersonRegistered: { ledger: true, administrator: true },
  PersonRenamed: { administrator: true },
  EnrolmentOffered: { ledger: true, administrator: true },
  CredentialEnrolled: { holder: true },
  CredentialConfirmed: { ledger: true, holder: true, another: true },
  AttestationGiven: { holder: true },
  CredentialRevoked: { holder: true, administrator: true },
  IdentityLinked: { holder: true },
  TokenIssued: { holder: true },
  TokenRevoked: { holder: true, administrator: true },
  RoleGranted: { ledger: true, administrator: true },
  RoleRevoked: { administrator: true },
  TrainingRecorded: { administrator: true },
  PersonDeactivated: { administrator: true },
  RedactionRequested: { administrator: true },
  FieldRedacted: { another: true },
  AdministratorRecovered: { ledger: true },
};

export function isAboutPeople(type: string): boolean {
  return Object.hasOwn(LAB_ROWS, type);
}

/** Whether the actor of a record about people could make it: on the lab as it was before. */
export function checkActor(registry: Registry, act: Act, fail: Fault): void {
  const { number, type, actor, role, ms } = act;
  const row = LAB_ROWS[type]!;
  if (actor === LEDGER_ITSELF) {
    if (!row.ledger || role !== 'system')
      fail('authority', `is a ${type} by the ledger itself in the role ${quote(role)}: it makes none`);
    return;
  }
  const person = registry.activeAt(actor, number);
  if (!person) return fail('person', `is by ${quote(actor)}, who was not registered and active then`);
  if (act.session.startsWith('token-'))
    fail('authority', `is a ${type} by a program with a token, which changes nothing about people`);
  const isHolder = row.holder === true && holderOf(registry, act) === actor;
  // After the address has changed, a key of the old one is good for enrolling and confirming a new one.
  const hasKey = isHolder && type.startsWith('Credential') ? 'hasConfirmed' : 'hasUsable';
  if (needsKey(registry, act) && !registry[hasKey](person, number))
    fail('credential', `is by ${actor}, who had no confirmed credential then`);
  if (isHolder && role === 'self') return;
  if (row.administrator) {
    if (role !== 'administrator' || !registry.holds(person, role, undefined, number, ms))
      fail('authority', `is a ${type} by ${actor} in the role ${quote(role)}: it takes an administrator`);
  } else if (row.another) checkAnother(registry, act, person, fail);
  else if (isHolder)
    fail('authority', `is by ${actor} for themselves in the role ${quote(role)}, not “self”`);
  else fail('authority', `is a ${type} by ${actor}, whose own it is not`);
}

function needsKey({ isSimulated }: Registry, { type, facts }: Act): boolean {
  // In a simulated ledger, nobody signs in. Whoever has the code of an offer has no key yet.
  if (isSimulated || (type === 'CredentialEnrolled' && facts['offer'] !== undefined)) return false;
  // It is confirmed by a key of the site that is not in force yet.
  return type !== 'SiteConfirmed';
}

/** Confirming takes a confirmed credential; that somebody is who they are, a role as well. */
function checkAnother(
  registry: Registry,
  { number, type, actor, role, ms }: Act,
  person: Person,
  fail: Fault,
): void {
  const held = registry.rolesOf(person, number, ms);
  if (held.includes(role)) return;
  if (role !== 'self' || held.length > 0)
    fail('authority', `is by ${actor} in the role ${quote(role)}, which they did not hold then`);
  else if (type === 'CredentialConfirmed') fail('authority', `is by ${actor}, who had no role then`);
}

/** Whose record it is. */
function holderOf(registry: Registry, { type, actor, facts }: Act): string {
  if (type === 'AttestationGiven') return actor;
  const { person, credential, token } = facts;
  if (typeof credential === 'number') return registry.credentials.get(credential)?.person ?? '';
  if (typeof token === 'number') return registry.tokens.get(token)?.person ?? '';
  return textOf(person);
}
