import type { Lab } from '../lab/lab.js';
import { counted } from '../shared/counted.js';
import { logsOf } from '../lab/lab.js';
import type { LogName } from '../lab/origins.js';
import { AttachmentError, UNNAMED_MS, type Attachments } from '../store/attachments.js';
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

/** A file that was deleted. */
export interface RemovedFile {
  /** Its SHA-256, hex, or that of a part. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
}

/**
 * Deletes bytes that were sent more than a day ago and that no record names, and parts of files that a process that died left.
 * @param isWhole whether the store holds everything that was signed: a record that is only missing needs its file
 */
export async function tidyAttachments(
  { store, lab, attachments }: { store: EventStore; lab: Lab; attachments: Attachments },
  { nowMs, isWhole }: { nowMs: number; isWhole: boolean },
): Promise<RemovedFile[]> {
  const before = nowMs - UNNAMED_MS;
  attachments.putBack();
  const old = [...attachments.kept()].filter(({ sinceMs }) => sinceMs < before);
  if (old.length === 0) return [];
  const named = isWhole ? await attachmentsNamed(store, logsOf(lab)) : undefined;
  const unnamed = old.filter(({ name, isPart }) => isPart || (named && !named.has(name)));
  return unnamed.flatMap(({ name }) => {
    const size = attachments.remove(name, before);
    return size === undefined ? [] : [{ name, size }];
  });
}

/** What was deleted, for whoever keeps the machine; undefined where nothing was. */
export function tellRemoved(removed: readonly RemovedFile[]): string | undefined {
  if (removed.length === 0) return undefined;
  const listed = removed.map(({ name, size }) => `${name} (${size} bytes)`).join(', ');
  return `Deleted what was sent more than a day ago and no record names, ${counted(removed.length, 'file')}: ${listed}.`;
}
