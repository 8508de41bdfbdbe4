import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { checkAttachments } from '../checks/attachments.js';
import type { Findings } from '../checks/findings.js';
import type { FoldedLog } from '../checks/log.js';
import type { CheckerPool } from '../runtime/pool.js';

/** The files that the records of a log name, in a folder of a ledger. A link is no file. */
export function checkKeptAttachments(
  folder: string,
  { log, attachments }: FoldedLog,
  checker: CheckerPool,
  findings: Findings,
): Promise<void> {
  const kept = {
    sizeOf(sha256: string) {
      const found = lstatSync(join(folder, sha256), { throwIfNoEntry: false });
      return found?.isFile() ? found.size : undefined;
    },
    digestOf: (sha256: string) => checker.digest(join(folder, sha256), 'sha256'),
  };
  return checkAttachments(log, attachments, kept, 'fail', findings);
}
