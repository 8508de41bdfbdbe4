import type { Role } from '../../study/who.js';
import type { People, Person } from './people.js';
import { hasRoleConflict, individualOf, isActive, rolesOf } from './standing.js';

/**
 * What a study whose acts are signed needs persons for, each another human. Those that fewer can do come first, so that what is
 * named as missing is what nobody else can do.
 */
export const PARTS = ['director', 'quality', 'management', 'second recorder', 'reviewer'] as const;
export type Part = (typeof PARTS)[number];

/** Who would do what; or for which parts there is nobody left. */
export type GovernanceProposal =
  | { readonly proposed: true; readonly persons: Readonly<Record<Part, string>> }
  | { readonly proposed: false; readonly missing: readonly Part[] };

const RECORDING: readonly Role[] = ['technician', 'director', 'veterinarian'];
const READING: readonly Role[] = ['statistician', 'inspector', 'management', 'quality'];

/** Whether somebody with these roles can do a part. Whoever reviews records nothing. */
const FITS: Readonly<Record<Part, (roles: ReadonlySet<Role>) => boolean>> = {
  director: (roles) => roles.has('director'),
  'second recorder': (roles) => RECORDING.some((role) => roles.has(role)),
  reviewer: (roles) => READING.some((role) => roles.has(role)) && !RECORDING.some((role) => roles.has(role)),
  quality: (roles) => roles.has('quality'),
  management: (roles) => roles.has('management'),
};

/**
 * Whether a new study can have its acts signed: every part is done by another human, with roles for the facility that do not
 * conflict. `director` is the one who is chosen already.
 */
export function proposeGovernance(people: People, atMs: number, director?: string): GovernanceProposal {
  const humans = humansIn(people, atMs);
  const able = (part: Part, { person, roles }: Human): boolean =>
    FITS[part](roles) && (part !== 'director' || director === undefined || person.id === director);
  const chosen = new Map<Part, Human>();
  const missing = PARTS.filter((part) => !assign(part, humans, able, chosen, new Set()));
  if (missing.length > 0) return { proposed: false, missing };
  const persons = Object.fromEntries([...chosen].map(([part, { person }]) => [part, person.id]));
  return { proposed: true, persons: persons as Record<Part, string> };
}

interface Human {
  readonly person: Person;
  readonly roles: ReadonlySet<Role>;
  /** Every id of the same human. */
  readonly ids: ReadonlySet<string>;
}

/** Active persons without conflict, in the order of their registration. */
function humansIn(people: People, atMs: number): Human[] {
  return [...people.persons.values()]
    .filter((person) => isActive(person) && !hasRoleConflict(people, person.id, atMs))
    .map((person) => ({
      person,
      roles: rolesOf(person, atMs),
      ids: individualOf(people, person.id),
    }))
    .filter(({ roles }) => roles.size > 0);
}

/** Finds somebody for a part, and for others of them another part where that makes room (augmenting paths). */
function assign(
  part: Part,
  humans: readonly Human[],
  able: (part: Part, human: Human) => boolean,
  chosen: Map<Part, Human>,
  tried: Set<string>,
): boolean {
  for (const human of humans) {
    if (!able(part, human) || tried.has(human.person.id)) continue;
    tried.add(human.person.id);
    const taken = [...chosen].find(([, other]) => human.ids.has(other.person.id))?.[0];
    if (taken !== undefined && !assign(taken, humans, able, chosen, tried)) continue;
    chosen.set(part, human);
    return true;
  }
  return false;
}
