import { sha256Hex } from '../runtime/crypto.js';
import type { Files } from '../runtime/files.js';
import type { Findings } from '../checks/findings.js';
import { checkHead, signedHead } from '../checks/signed-heads.js';
import type { Lab } from '../checks/lab.js';
import type { FoldedLog } from '../checks/log.js';
import { Stamps } from '../checks/stamps.js';

/** The time stamps of a bundle: each with the note of this lab that it is over. */
export function checkStamps(
  files: Files,
  lab: Lab,
  labLog: FoldedLog,
  authorities: string | undefined,
  findings: Findings,
): void {
  const stamps = new Stamps(findings, authorities);
  for (const imprint of new Set(files.list('timestamps').map((name) => name.split('/')[0]!))) {
    const folder = `timestamps/${imprint}`;
    const note = files.text(`${folder}/note`) ?? '';
    const place = { check: 'time-stamp', log: 'lab', file: `${folder}/note` } as const;
    const head = signedHead(note, lab.origin('lab'), lab.keysOf('lab'), place, findings);
    if (head) checkHead(head, labLog, place, findings);
    if (sha256Hex(note) !== imprint)
      findings.fail('time-stamp', 'lab', `${folder}/note does not have the hash ${imprint}`);
    const file = `${folder}/response.tsr`;
    const request = files.isFile(`${folder}/request.tsq`) ? files.bytes(`${folder}/request.tsq`) : undefined;
    const recorded = lab.tokens.find((one) => one.imprint === imprint);
    if (files.isFile(file)) stamps.check({ file, imprint, request, response: files.bytes(file), recorded });
    else findings.fail('time-stamp', 'lab', `${file} is not there`);
  }
  stamps.tell();
}
