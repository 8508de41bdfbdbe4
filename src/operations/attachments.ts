import type { Lab } from '../lab/lab.js';
import { logsOf } from '../lab/lab.js';
import type { LogName } from '../lab/origins.js';
import { AttachmentError, type Attachments } from '../store/attachments.js';
import type { EventStore } from '../store/event-store.js';
import { attachmentIn } from '../study/attachments.js';
import type { StudyRecord } from '../study/record.js';

/** What became of the files that records name, when they were copied or looked for. */
export interface CopiedAttachments {
  /** How many are in the target with the bytes of their digest; of these, `copied` were brought there. */
  readonly there: number;
  readonly copied: number;
  /** SHA-256, hex, of those whose bytes are in neither place as they should be. */
  readonly missing: readonly string[];
}

/** How long bytes may wait for the record that names them. */
const UNNAMED_MS = 86_400_000;

/** SHA-256, hex, of every file that a record of these logs names, withdrawn or not. */
export async function attachmentsNamed(
  store: Pick<EventStore, 'read'>,
  logs: readonly LogName[],
): Promise<Set<string>> {
  const named = new Set<string>();
  for (const log of logs) {
    if (!log.startsWith('study-')) continue;
    for await (const page of store.read(log))
      for (const { text } of page) {
        if (!text.includes('"AttachmentAdded"')) continue;
        const data = attachmentIn(JSON.parse(text) as StudyRecord);
        if (data) named.add(data.sha256);
      }
  }
  return named;
}

/** Brings those of the files to the target that it lacks or has damaged. Only bytes with the right digest are taken. */
export async function copyAttachments(
  named: Iterable<string>,
  from: Attachments,
  to: Attachments,
): Promise<CopiedAttachments> {
  let [there, copied] = [0, 0];
  const missing: string[] = [];
  for (const sha256 of named) {
    if (!(await isWhole(to, sha256))) {
      if (!(await isCarried(sha256, from, to))) {
        missing.push(sha256);
        continue;
      }
      copied++;
    }
    there++;
  }
  return { there, copied, missing };
}

async function isWhole(attachments: Attachments, sha256: string): Promise<boolean> {
  return attachments.check(sha256).then(
    () => true,
    (error: unknown) => {
      if (error instanceof AttachmentError) return false;
      throw error;
    },
  );
}

async function isCarried(sha256: string, from: Attachments, to: Attachments): Promise<boolean> {
  try {
    await to.receive(from.bytes(sha256), { most: Infinity, sha256 });
    return true;
  } catch (error) {
    if (error instanceof AttachmentError) return false;
    throw error;
  }
}

/**
 * Deletes bytes that were sent more than a day ago and that no record names, and parts of files that a process that died left.
 * @param isWhole whether the store holds everything that was signed: a record that is only missing needs its file
 */
export async function tidyAttachments(
  { store, lab, attachments }: { store: EventStore; lab: Lab; attachments: Attachments },
  { nowMs, isWhole }: { nowMs: number; isWhole: boolean },
): Promise<number> {
  const before = nowMs - UNNAMED_MS;
  const old = [...attachments.kept()].filter(({ sinceMs }) => sinceMs < before);
  if (old.length === 0) return 0;
  const named = isWhole ? await attachmentsNamed(store, logsOf(lab)) : undefined;
  const unnamed = old.filter(({ name, isPart }) => isPart || (named && !named.has(name)));
  return unnamed.filter(({ name }) => attachments.remove(name, before)).length;
}
