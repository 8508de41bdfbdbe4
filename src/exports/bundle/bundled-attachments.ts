import { AttachmentError, type Attachments } from '../../store/attachments.js';
import { namedAttachments } from '../../study/attachments.js';
import type { Study } from '../../study/study.js';
import type { BagWriter } from './bag-writer.js';

/** Where the bytes of files lie in a bundle, below `data/`. */
export const ATTACHMENTS = 'ledger/attachments';

/** How many files the records name, and how many of them lack their bytes. */
export interface BundledAttachments {
  readonly named: number;
  readonly missing: number;
}

export function countAttachments(study: Study, has: (sha256: string) => boolean): BundledAttachments {
  const named = [...namedAttachments(study.records).keys()];
  return { named: named.length, missing: named.filter((sha256) => !has(sha256)).length };
}

/** Those of the files that are here as they were sent. */
export async function wholeAttachments(study: Study, attachments: Attachments): Promise<Set<string>> {
  const whole = new Set<string>();
  for (const sha256 of namedAttachments(study.records).keys())
    try {
      await attachments.check(sha256);
      whole.add(sha256);
    } catch (error) {
      if (!(error instanceof AttachmentError)) throw error;
    }
  return whole;
}

export async function writeAttachments(
  digests: Iterable<string>,
  attachments: Attachments,
  bag: BagWriter,
): Promise<void> {
  for (const sha256 of digests) {
    const file = bag.open(`${ATTACHMENTS}/${sha256}`);
    for await (const part of attachments.bytes(sha256)) file.write(part);
    file.close();
  }
}
