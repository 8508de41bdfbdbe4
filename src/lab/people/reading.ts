import { ADMINISTRATION, STUDY_READERS, type Who } from '../../study/who.js';
import { Refusal, refuse } from '../../study/refusal.js';
import type { Lab } from '../lab.js';
import { authorise, identify, isConfirmed, refusePending, signIn, type Asking } from './authority.js';
import type { TokenRole } from './facts.js';
import type { Grant, Person } from './people.js';
import { holds, holdsAnywhere, tokenNumbered } from './standing.js';

/** Who may ask at an address. */
export type Readers =
  | 'anyone'
  /** Everybody who is signed in, also by a passkey that waits for its confirmation. */
  | 'oneself'
  /** Everybody who is signed in and has a role. */
  | 'signed-in'
  /** Administrators, and programs with a token for it. */
  | 'metrics'
  /** The study in the address. */
  | { readonly study: Who }
  | { readonly facility: Who };

/** Why somebody may not ask; a study that one may not read is answered like one that is not there. */
export function refuseReader(
  lab: Lab,
  asking: Asking,
  {
    readers,
    study = '',
    what,
  }: { readonly readers: Readers; readonly study?: string; readonly what: string },
  atMs: number,
): Refusal | undefined {
  if (readers === 'anyone') return undefined;
  const person = asking.by ? identify(lab, asking, atMs) : signIn();
  if (person instanceof Refusal) return person;
  if (readers === 'oneself')
    return asking.by?.method === 'token' ? refuseWithoutRole(lab, person, asking, atMs) : undefined;
  if (readers === 'metrics' && mayWatch(lab, person, asking, atMs)) return undefined;
  if (!isConfirmed(lab, asking)) return refusePending();
  if (readers === 'signed-in') return refuseWithoutRole(lab, person, asking, atMs);
  const { study: ofStudy, facility = ADMINISTRATION }: { readonly study?: Who; readonly facility?: Who } =
    readers === 'metrics' ? {} : readers;
  const who = ofStudy ?? facility;
  // The role asked for is one to record in.
  const need = { who, what, ...(ofStudy && { study }) };
  const answer = authorise(lab, { ...asking, role: '' }, need, atMs);
  if (!(answer instanceof Refusal)) return undefined;
  return ofStudy && answer.code === 'not-permitted' ? refuseStudy(study) : answer;
}

/** A token for metrics, while its person is an administrator. It reads nothing else. */
function mayWatch({ people }: Lab, person: Person | undefined, { by }: Asking, atMs: number): boolean {
  const token = by?.token === undefined ? undefined : tokenNumbered(people, by.token);
  return token?.roles.includes('metrics') === true && holdsAnywhere(person, 'administrator', atMs);
}

export function refuseStudy(code: string): Refusal<'study-unknown'> {
  return refuse('study-unknown', `There is no study ${code.slice(0, 60)}.`, 'study');
}

export function mayReadStudy(lab: Lab, asking: Asking, study: string, atMs: number): boolean {
  return !refuseReader(lab, asking, { readers: { study: STUDY_READERS }, study, what: 'read' }, atMs);
}

/** A token needs one of its own roles: what reads the metrics reads nothing else. */
function refuseWithoutRole(
  { people }: Lab,
  person: Person | undefined,
  { actor, by }: Asking,
  atMs: number,
): Refusal | undefined {
  const token = by?.token === undefined ? undefined : tokenNumbered(people, by.token);
  const gives = ({ role }: Grant): boolean =>
    !token || token.roles.includes(role === 'director' ? 'director-records' : (role as TokenRole));
  if (person?.grants.some((grant) => holds(grant, atMs) && gives(grant))) return undefined;
  return refuse(
    'not-permitted',
    token
      ? `The token reads nothing here: ${actor} holds none of its roles (${token.roles.join(', ')}) that read.`
      : `${actor} has no role here at present: ask an administrator for one.`,
  );
}
