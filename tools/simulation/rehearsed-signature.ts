import type { Submission } from '../../src/study/commands/common/command.js';
import { coveredIn, type SignRecords } from '../../src/study/commands/sign-records.command.js';
import { utcInstant } from '../../src/study/instant.js';
import { Refusal } from '../../src/study/refusal.js';
import { PAYLOAD_TYPE, writeStatement } from '../../src/study/signatures/statement.js';
import type { Study } from '../../src/study/study.js';
import { toBase64, utf8 } from '../../src/tlog/encoding.js';

const ORIGIN = 'rehearsal.invalid';
const NO_DIGEST = '0'.repeat(64);
const NO_ROOT = `${'A'.repeat(43)}=`;
const NO_NONCE = 'A'.repeat(22);
const NO_KEY = 'AAAA';

/**
 * What stands for a signature while a study is written: its statement, over no bytes and by no key. Where the lines are played,
 * the ledger makes the statement anew, and the passkey of the simulated person signs it.
 */
export function rehearseSignature(
  study: Study,
  { data, submission }: SignRecords,
  nowMs: number,
): Submission {
  const covered = coveredIn(data);
  if (covered instanceof Refusal) throw new Error(covered.message);
  const { actor, role } = submission;
  const statement = writeStatement(
    {
      meaning: data.meaning,
      printedName: actor,
      personId: actor,
      role: role ?? '',
      time: utcInstant(nowMs),
      zone: 'Etc/UTC',
      tree: { origin: ORIGIN, size: study.size, root: NO_ROOT },
      lab: { size: 1, root: NO_ROOT },
      authentication: { method: 'passkey', credential: 0 },
      nonce: NO_NONCE,
    },
    ORIGIN,
    covered.map(({ from, to }) => ({ from, to, sha256: NO_DIGEST })),
  );
  const payload = toBase64(utf8(JSON.stringify(statement)));
  const envelope = { payload, payloadType: PAYLOAD_TYPE, signatures: [{ keyid: 'none', sig: NO_KEY }] };
  const webauthn = {
    credentialId: NO_KEY,
    authenticatorData: NO_KEY,
    clientDataJSON: NO_KEY,
    signature: NO_KEY,
  };
  return { ...submission, signed: { envelope, webauthn } };
}
