import { statSync } from 'node:fs';
import { checkAttachments } from '../checks/attachments.js';
import type { Findings } from '../checks/findings.js';
import type { FoldedLog } from '../checks/log.js';
import { counted } from '../checks/printable.js';
import type { Files } from '../runtime/files.js';
import type { CheckerPool } from '../runtime/pool.js';

/** The files that records name, and no others. A part of a study has none: they may be about other animals. */
export async function checkBundledAttachments(
  files: Files,
  { log, attachments }: FoldedLog,
  isPart: boolean,
  checker: CheckerPool,
  findings: Findings,
): Promise<void> {
  const named = new Set(isPart ? [] : attachments.map(({ sha256 }) => sha256));
  for (const name of files.list('attachments'))
    if (!named.has(name))
      findings.fail('attachment', log, `attachments/${name} is no file that a record here names`);
  if (isPart && attachments.length > 0)
    findings.note('attachment', log, `${counted(attachments.length, 'attached file')} of the study left out`);
  if (isPart) return;
  const pathOf = (sha256: string): string => `attachments/${sha256}`;
  const kept = {
    sizeOf: (sha256: string) =>
      files.isFile(pathOf(sha256)) ? statSync(files.use(pathOf(sha256))).size : undefined,
    digestOf: (sha256: string) => checker.digest(files.path(pathOf(sha256)), 'sha256'),
  };
  await checkAttachments(log, attachments, kept, 'incomplete', findings);
}
