import { logsOf, type Lab } from '../lab/lab.js';
import type { EventStore } from '../store/event-store.js';
import type { DisclosureStore, KeptDisclosure } from './disclosure-store.js';
import { recordedCommitments } from './recorded-commitments.js';

/** How long a disclosure may wait for its record, which another process may be about to append. */
const ORPHAN_AGE_MS = 3_600_000;

/**
 * Carries out what a process that died left undone: erases what is recorded as redacted, and disclosures that no record
 * refers to, since the command that made them was never recorded.
 * @param isWhole whether the store holds everything that was signed: a record that is only missing needs its disclosure
 * @returns how many disclosures were erased
 */
export async function tidyDisclosures(
  { store, lab, disclosures }: { store: EventStore; lab: Lab; disclosures: DisclosureStore },
  { nowMs, isWhole }: { nowMs: number; isWhole: boolean },
): Promise<{ redacted: number; orphans: number }> {
  const before = [...disclosures.kept()];
  if (before.length === 0) return { redacted: 0, orphans: 0 };
  const { made, redacted } = await recordedCommitments(store);
  const toErase = before.filter(({ digest }) => redacted.has(digest));
  for (const { digest } of toErase) disclosures.erase(digest);
  const suspects = before.filter(
    ({ digest, sinceMs }) => !made.has(digest) && !redacted.has(digest) && sinceMs < nowMs - ORPHAN_AGE_MS,
  );
  const orphans = isWhole && suspects.length > 0 ? await inNoOtherLog(store, lab, suspects) : [];
  for (const { digest } of orphans) disclosures.erase(digest);
  return { redacted: toErase.length, orphans: orphans.length };
}

/** Those that no other log than the lab refers to either. */
async function inNoOtherLog(
  store: EventStore,
  lab: Lab,
  suspects: readonly KeptDisclosure[],
): Promise<readonly KeptDisclosure[]> {
  const others = logsOf(lab).filter((log) => log !== 'lab');
  const { made } = await recordedCommitments(store, others);
  return suspects.filter(({ digest }) => !made.has(digest));
}
