import { existsSync, lstatSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FileDisclosures } from '../identity/disclosure-store.js';
import { recordedCommitments, type RecordedCommitments } from '../identity/recorded-commitments.js';
import type { LogName } from '../lab/origins.js';
import { writeDurably } from '../shared/durable-file.js';
import { sha256 } from '../shared/sha256.js';
import type { EventStore } from '../store/event-store.js';
import { utcInstant } from '../study/instant.js';
import { CalendarDate, matches } from '../study/schema.js';
import { COMMITMENT_DIGEST, opens } from '../tlog/commitment.js';
import { openLedgerForReading } from './open-ledger.js';

/**
 * Names are copied into a folder of their own, because they may have to be erased and the records never are. A copy ends on
 * a stated day: later it is not restored. An erased name is gone from every copy by then.
 */
export interface DisclosureBackup {
  /** UTC. */
  readonly madeAt: string;
  /** The last day, UTC, on which the copy is restored. */
  readonly until: string;
  readonly disclosures: number;
}

/** What a copy of disclosures is worth. */
export interface DisclosureCopy {
  /** The day of {@link DisclosureBackup}; absent in a ledger's own folder. */
  readonly until?: string;
  readonly isExpired: boolean;
  /** How many open a commitment of the records and are not recorded as erased. */
  readonly usable: number;
  /** How many commitments are neither opened nor recorded as erased. */
  readonly missing: number;
}

/** Records that commit to something, and those that erase it. */
interface Records {
  readonly store: Pick<EventStore, 'read'>;
  readonly logs: readonly LogName[];
}

export interface RestoredDisclosures {
  /** How many were brought back; those that were there are not counted. */
  readonly restored: number;
  /** How many the copy holds that are recorded as erased since. */
  readonly erased: number;
  /** Where nothing was brought back: the day on which the copy ended. */
  readonly expired?: string;
}

const FOLDER = 'disclosures';
const MANIFEST = 'backup.json';
const DAY_MS = 86_400_000;

/** In no calendar month is the answer to a request for erasure due earlier (GDPR Art. 12(3): one month). */
export const DEFAULT_DAYS = 28;
/** The one month with the two by which Art. 12(3) lets it be extended. */
export const MOST_DAYS = 90;

/** The last day of a copy that is made now. */
export function lastDay(nowMs: number, days = DEFAULT_DAYS): string {
  return utcInstant(nowMs + days * DAY_MS).slice(0, 10);
}

/** Copies what is not recorded as erased; undefined where there is nothing to copy. */
export async function backUpDisclosures(
  store: Pick<EventStore, 'read'>,
  from: FileDisclosures,
  to: string,
  { nowMs, until = lastDay(nowMs) }: { nowMs: number; until?: string | undefined },
): Promise<DisclosureBackup | undefined> {
  const kept = [...from.kept()];
  if (kept.length === 0) return undefined;
  const { redacted } = await recordedCommitments(store);
  const copy = new FileDisclosures(join(to, FOLDER));
  let disclosures = 0;
  for (const { digest } of kept) {
    const disclosure = redacted.has(digest) ? undefined : from.find(digest);
    if (disclosure === undefined) continue;
    copy.keep(digest, disclosure);
    disclosures++;
  }
  from.copyKeyTo(copy);
  const backup = { madeAt: utcInstant(nowMs), until, disclosures };
  writeDurably(join(copy.folder, MANIFEST), `${JSON.stringify(backup, null, 2)}\n`, 0o600);
  return backup;
}

/** The same for a ledger whose records are not copied, because they lie on a cluster or were copied already. */
export async function backUpOnlyDisclosures(
  place: { data: string; store?: string | undefined },
  to: string,
  at: { nowMs: number; until?: string | undefined },
): Promise<DisclosureBackup | undefined> {
  const { engine, folder } = await openLedgerForReading(place.data, { store: place.store });
  try {
    return await backUpDisclosures(engine.store, folder.disclosures, to, at);
  } finally {
    await engine.close();
  }
}

/** Looks at the disclosures in a copy of a ledger; undefined where it has none. */
export async function assessDisclosures(
  path: string,
  { store, logs }: Records,
  nowMs: number,
): Promise<DisclosureCopy | undefined> {
  const copy = copyIn(path);
  if (!copy) return undefined;
  const { made, redacted } = await recordedCommitments(store, logs);
  const usable = usableIn(copy, { made, redacted });
  const missing = [...made].filter((digest) => !redacted.has(digest) && !usable.has(digest)).length;
  const until = lastDayOf(copy.files.folder);
  return {
    isExpired: isOver(until, nowMs),
    usable: usable.size,
    missing,
    ...(until !== undefined && { until }),
  };
}

/**
 * Brings disclosures back from a copy into a ledger whose records are restored: those that open a commitment of a record
 * and are not recorded as erased. Nothing in a copy is believed, and its links are not followed.
 * @returns undefined where the copy has no disclosures
 */
export async function restoreDisclosures(
  from: string,
  to: FileDisclosures,
  { store, logs }: Records,
  nowMs: number,
): Promise<RestoredDisclosures | undefined> {
  const copy = copyIn(from);
  if (!copy) return undefined;
  const recorded = await recordedCommitments(store, logs);
  const erased = copy.digests.filter((digest) => recorded.redacted.has(digest)).length;
  const until = lastDayOf(copy.files.folder);
  if (isOver(until, nowMs)) return { restored: 0, erased, expired: until || 'unknown' };
  let restored = 0;
  for (const [digest, disclosure] of usableIn(copy, recorded)) {
    if (to.find(digest) === disclosure) continue;
    to.keep(digest, disclosure);
    restored++;
  }
  copy.files.copyKeyTo(to);
  return { restored, erased };
}

/** Files of a copy, with names that are digests. */
interface Copy {
  readonly files: FileDisclosures;
  readonly digests: readonly string[];
}

function copyIn(path: string): Copy | undefined {
  const folder = join(path, FOLDER);
  if (!existsSync(folder) || !lstatSync(folder).isDirectory()) return undefined;
  const isOwnFile = (name: string): boolean => lstatSync(join(folder, name)).isFile();
  const digests = readdirSync(folder).filter((name) => COMMITMENT_DIGEST.test(name) && isOwnFile(name));
  return { files: new FileDisclosures(folder), digests };
}

/** By digest. */
function usableIn({ files, digests }: Copy, { made, redacted }: RecordedCommitments): Map<string, string> {
  const usable = new Map<string, string>();
  for (const digest of digests) {
    if (!made.has(digest) || redacted.has(digest)) continue;
    const disclosure = files.find(digest) ?? '';
    if (opens(sha256, digest, disclosure)) usable.set(digest, disclosure);
  }
  return usable;
}

function isOver(lastDay: string | undefined, nowMs: number): boolean {
  return lastDay !== undefined && lastDay < utcInstant(nowMs).slice(0, 10);
}

/** Undefined without a manifest. One that cannot be read names no day, so the copy is over. */
function lastDayOf(folder: string): string | undefined {
  const path = join(folder, MANIFEST);
  if (!existsSync(path)) return undefined;
  try {
    const { until } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    if (matches(CalendarDate, until)) return until as string;
  } catch {
    // Told below.
  }
  return '';
}
