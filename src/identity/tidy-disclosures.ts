import { logsOf, type Lab, type LabRecord } from '../lab/lab.js';
import type { EventStore } from '../store/event-store.js';
import type { DisclosureStore } from './disclosure-store.js';

/** What the records of a log say about disclosures, by digest. */
export interface RecordedCommitments {
  readonly made: ReadonlySet<string>;
  readonly redacted: ReadonlySet<string>;
}

/** How long a disclosure may wait for its record, which another process may be about to append. */
const ORPHAN_AGE_MS = 3_600_000;

/** In canonical JSON this is a member, never the inside of a text: there a quote is escaped. */
const COMMITMENT = /"\.\.\.":"([A-Za-z0-9_-]{43})"/g;

/** Reads the texts of a log without folding it. */
export async function recordedCommitments(
  store: Pick<EventStore, 'read'>,
  log = 'lab',
): Promise<RecordedCommitments> {
  const [made, redacted] = [new Set<string>(), new Set<string>()];
  for await (const page of store.read(log))
    for (const { text } of page) {
      for (const [, digest = ''] of text.matchAll(COMMITMENT)) made.add(digest);
      if (!text.includes('"type":"FieldRedacted"')) continue;
      const { type, data } = JSON.parse(text) as LabRecord;
      if ((type as string) === 'FieldRedacted') redacted.add((data as unknown as { digest: string }).digest);
    }
  return { made, redacted };
}

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
  const orphans = isWhole ? await inNoOtherLog(store, lab, suspects) : [];
  for (const { digest } of orphans) disclosures.erase(digest);
  return { redacted: toErase.length, orphans: orphans.length };
}

/** Those that no other log than the lab refers to either. */
async function inNoOtherLog<D extends { digest: string }>(
  store: EventStore,
  lab: Lab,
  suspects: readonly D[],
): Promise<readonly D[]> {
  let left = suspects;
  for (const log of logsOf(lab)) {
    if (log === 'lab' || left.length === 0) continue;
    const { made } = await recordedCommitments(store, log);
    left = left.filter(({ digest }) => !made.has(digest));
  }
  return left;
}
