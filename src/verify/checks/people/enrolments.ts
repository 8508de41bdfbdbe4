import { LEDGER_ITSELF } from './act.js';
import type { Credential, Registry } from './registry.js';

export interface Enrolment {
  readonly person: string;
  /** The lab record of the confirmation. */
  readonly lab: number;
  readonly why: 'first-administrator' | 'confirmed-by-offerer' | 'rests-on-these';
  readonly by: string;
}

/**
 * Whose first credential nobody independent confirmed: the first administrator’s, those that their offerer confirmed, and
 * all that rest on these alone. One person could have made up every one of them.
 */
export function notIndependent(registry: Registry): Enrolment[] {
  const found = new Map<string, Enrolment>();
  const first = [...registry.credentials.values()]
    .filter((credential) => credential.confirmed !== Infinity && credential.confirmedBy !== credential.person)
    .sort((a, b) => a.confirmed - b.confirmed);
  for (const credential of first) {
    const why = whyNot(registry, credential, found);
    if (why === undefined) found.delete(registry.humanOf(credential.person));
    else if (!found.has(registry.humanOf(credential.person)))
      found.set(registry.humanOf(credential.person), {
        person: credential.person,
        lab: credential.confirmed,
        why,
        by: credential.confirmedBy,
      });
  }
  return [...found.values()];
}

function whyNot(
  registry: Registry,
  { confirmedBy, offer }: Credential,
  found: ReadonlyMap<string, Enrolment>,
): Enrolment['why'] | undefined {
  if (confirmedBy === LEDGER_ITSELF) return 'first-administrator';
  if (offer && registry.isSameHuman(confirmedBy, offer.by)) return 'confirmed-by-offerer';
  return found.has(registry.humanOf(confirmedBy)) ? 'rests-on-these' : undefined;
}
