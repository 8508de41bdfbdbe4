import type { Lab } from '../lab/lab.js';
import { identify, isConfirmed } from '../lab/people/authority.js';
import type { Person } from '../lab/people/people.js';
import { holds, rolesOf } from '../lab/people/standing.js';
import { Refusal } from '../study/refusal.js';
import type { Role } from '../study/who.js';
import type { Reader } from './page.js';
import type { SignedInAs } from './parts/who.js';
import { roleInWords } from './words/roles.js';

/** Who looks at a page about people. That they may look at it is decided before the page is asked. */
export interface Viewer {
  /** Undefined where nobody is signed in: then this ledger shows everything to everybody on its machine. */
  readonly person: Person | undefined;
  /** Of the facility. */
  readonly roles: ReadonlySet<Role>;
  /** A passkey that waits for its confirmation changes nothing. */
  readonly isConfirmed: boolean;
  readonly isAdministrator: boolean;
}

export function viewerOf(
  lab: Lab,
  { person: actor, by }: Pick<Reader, 'person' | 'by'>,
  atMs: number,
): Viewer {
  const asking = actor === undefined || !by ? undefined : { actor, role: '', by };
  const found = asking && identify(lab, asking, atMs);
  const person = found instanceof Refusal ? undefined : found;
  const roles = rolesOf(person, atMs);
  const confirmed = person !== undefined && isConfirmed(lab, asking!);
  return { person, roles, isConfirmed: confirmed, isAdministrator: confirmed && roles.has('administrator') };
}

/** How long every page says that a recovery link was used. */
const RECOVERY_SHOWN_MS = 7 * 86_400_000;

/** Who is signed in, for the frame of every page. */
export function signedInAs(
  lab: Lab,
  reader: Pick<Reader, 'person' | 'by' | 'endsMs'>,
  atMs: number,
): SignedInAs | undefined {
  const { person, isConfirmed: confirmed } = viewerOf(lab, reader, atMs);
  if (!person) return undefined;
  const { by, endsMs } = reader;
  return {
    person: person.id,
    roles: person.grants.filter((grant) => holds(grant, atMs)).map(roleInWords),
    method: by?.method ?? '',
    endsInSeconds: endsMs === undefined ? undefined : Math.max(0, Math.floor((endsMs - atMs) / 1000)),
    notice: confirmed
      ? recoveryNotice(person, atMs)
      : 'Your passkey waits for its confirmation by another person.',
  };
}

function recoveryNotice({ credentials }: Person, atMs: number): string | undefined {
  const isRecent = credentials.some(
    ({ offer, confirmed }) =>
      offer?.recovery === true && confirmed && atMs - confirmed.atMs < RECOVERY_SHOWN_MS,
  );
  return isRecent
    ? 'A recovery link was used for you in the last seven days, and your earlier passkeys ended. If that was not you, tell an administrator at once.'
    : undefined;
}
