import { sha256Hex } from './crypto.js';
import type { Files } from './files.js';
import type { Findings } from './findings.js';
import { checkHead, signedHead } from './heads.js';
import type { Lab } from './lab.js';
import type { FoldedLog } from './log.js';

/**
 * Time stamps: that each is over a note of this lab, and is the answer that the lab recorded. Whether the authority
 * signed it is a question of X.509 chains, which `openssl ts -verify` answers (VERIFY.md).
 */
export function checkStamps(files: Files, lab: Lab, labLog: FoldedLog, findings: Findings): void {
  for (const imprint of new Set(files.list('timestamps').map((name) => name.split('/')[0]!))) {
    const folder = `timestamps/${imprint}`;
    const note = files.text(`${folder}/note`) ?? '';
    const place = { check: 'time-stamp', log: 'lab', file: `${folder}/note` } as const;
    const head = signedHead(note, lab.origin('lab'), lab.keysOf('lab'), place, findings);
    if (head) checkHead(head, labLog, place, findings);
    if (sha256Hex(note) !== imprint)
      findings.fail('time-stamp', 'lab', `${folder}/note does not have the hash ${imprint}`);
    const token = lab.tokens.find((one) => one.imprint === imprint);
    if (!files.isFile(`${folder}/response.tsr`))
      findings.fail('time-stamp', 'lab', `${folder}/response.tsr is not there`);
    else if (token && sha256Hex(files.bytes(`${folder}/response.tsr`)) !== token.tokenSha256)
      findings.fail(
        'time-stamp',
        'lab',
        `${folder}/response.tsr is not the token of lab record ${token.lab}`,
        { record: token.lab },
      );
    else
      findings.note(
        'time-stamp',
        'lab',
        `${folder} stamps a lab of ${head?.size ?? 0} records; check the authority’s signature with openssl ts -verify (VERIFY.md)`,
      );
  }
}
