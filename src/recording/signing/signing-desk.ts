import { randomBytes } from 'node:crypto';
import type { Disclosures } from '../../identity/disclosures.js';
import { simulatedAssertion, simulatedBytes } from '../../identity/simulated.js';
import { keyInForce } from '../../lab/lab.js';
import { authoriseCommand } from '../../lab/people/command-authority.js';
import { esignName } from '../../lab/origins.js';
import type { HeadSigner } from '../../signing/head-signer.js';
import type { LogKey } from '../../signing/key-ring.js';
import type { Submission } from '../../study/commands/common/command.js';
import {
  checkSignable,
  coveredIn,
  signRecords,
  type SignRecords,
} from '../../study/commands/sign-records.command.js';
import { decide } from '../../study/decide.js';
import { Refusal, refuse } from '../../study/refusal.js';
import { PAYLOAD_TYPE, type Meaning, type Statement } from '../../study/signatures/statement.js';
import { canonical } from '../../tlog/canonical.js';
import { toBase64, toBase64url, utf8 } from '../../tlog/encoding.js';
import type { OpenLogs } from '../open-logs.js';
import { circumstancesIn } from '../propose-command.js';
import type { RecordClock } from '../record-clock.js';
import { challengeOf, signedBytes } from './challenge.js';
import { findSigner, type Signer } from './signer.js';
import type { RecordingGate } from '../recording-gate.js';
import { statementFor } from './write-payload.js';

const NONCE_BYTES = 16;

/** Meanings that end a study, with the command that does so where nobody signs. */
const ENDING: ReadonlyMap<Meaning, string> = new Map([
  ['closed', 'CloseStudy'],
  ['archived', 'ArchiveStudy'],
]);

/** What is signed, and by which passkey. */
export interface PreparedSignature {
  readonly statement: Statement;
  /** The canonical bytes of the statement. */
  readonly payload: Uint8Array;
  /** Base64url. */
  readonly challenge: string;
  readonly signer: Signer;
}

type Signed = NonNullable<Submission['signed']>;

/** Makes what somebody signs, and attests what their passkey signed. */
export class SigningDesk {
  constructor(
    private readonly logs: OpenLogs,
    private readonly gate: RecordingGate,
    private readonly heads: HeadSigner,
    private readonly disclosures: Disclosures,
    private readonly now: RecordClock,
  ) {}

  /** An act that takes effect with its signature is refused where the act itself would be. */
  refuseEnding({ data: { meaning } }: SignRecords): Refusal | undefined {
    const act = ENDING.get(meaning);
    return act === undefined ? undefined : this.gate.unwatched(act);
  }

  /** Refuses what signing would refuse, at once: nobody is asked for a passkey in vain. @throws StoreError `full` */
  async prepare(command: SignRecords, nonce = newNonce()): Promise<PreparedSignature | Refusal> {
    const { submission, data } = command;
    const lab = await this.logs.lab();
    const stopped =
      (await this.gate.refusal(await this.logs.writableStudy(submission.study))) ??
      this.refuseEnding(command) ??
      this.ownKey();
    if (stopped instanceof Refusal) return stopped;
    this.logs.store.refuseFull?.();
    const open = await this.logs.study(submission.study);
    const { state: study } = open;
    const nowMs = this.now(study.recordedMs, submission);
    const covered = coveredIn(data);
    if (covered instanceof Refusal) return covered;
    const unfit = checkSignable(study, covered);
    if (unfit) return unfit;
    const authority = authoriseCommand(lab, signRecords, command, study, nowMs);
    if (authority instanceof Refusal) return authority;
    const signer = findSigner(lab, submission);
    if (signer instanceof Refusal) return signer;
    const statement = await statementFor(
      {
        store: this.logs.store,
        open,
        lab,
        labRoot: this.logs.labLog.open.root(lab.size),
        disclosures: this.disclosures,
      },
      { study: submission.study, meaning: data.meaning, covered, signer, role: authority.role, nonce, nowMs },
    );
    if (statement instanceof Refusal) return statement;
    const payload = utf8(canonical(statement));
    const signed = { envelope: envelopeOf(payload, []), webauthn: NOT_YET };
    const rehearsed = Object.assign(signRecords.create(), command, { submission: { ...submission, signed } });
    const decided = decide(signRecords, rehearsed, study, { nowMs, ...circumstancesIn(lab, submission) });
    if (decided instanceof Refusal) return decided;
    return { statement, payload, challenge: challengeOf(payload), signer };
  }

  /** The payload with the signature of the ledger's own key over it. */
  attest(payload: Uint8Array): Signed['envelope'] | Refusal<'signing-key-missing'> {
    const key = this.ownKey();
    if (key instanceof Refusal) return key;
    const [, keyid = ''] = key.vkey.split('+');
    return envelopeOf(payload, [{ keyid, sig: toBase64(key.sign(signedBytes(payload))) }]);
  }

  private ownKey(): LogKey | Refusal<'signing-key-missing'> {
    const { labNow } = this.logs;
    const name = esignName(labNow.facility);
    const published = keyInForce(labNow, name);
    const key = this.heads.ring?.key(name, published?.epoch ?? 1);
    if (!key || key.vkey !== published?.vkey)
      return refuse(
        'signing-key-missing',
        'This server does not hold the key that attests signatures: sign at the server that has the seed of the ledger.',
      );
    return key;
  }

  /** In a simulated ledger the passkey of a simulated person signs by itself. All that is random follows from the command's id. */
  async signSimulated(command: SignRecords): Promise<SignRecords | Refusal> {
    const { submission } = command;
    const nonce = toBase64url(simulatedBytes(`signature\n${submission.id}`).subarray(0, NONCE_BYTES));
    const prepared = await this.prepare(command, nonce);
    if (prepared instanceof Refusal) return prepared;
    const { payload, challenge, signer } = prepared;
    const envelope = this.attest(payload);
    if (envelope instanceof Refusal) return envelope;
    const { credential, site } = signer;
    const asked = { challenge, origin: site.origin, rpId: credential.rpId };
    const webauthn = simulatedAssertion(credential.commandId, asked);
    return Object.assign(signRecords.create(), command, {
      submission: { ...submission, signed: { envelope, webauthn } },
    });
  }
}

function newNonce(): string {
  return toBase64url(randomBytes(NONCE_BYTES));
}

function envelopeOf(payload: Uint8Array, signatures: Signed['envelope']['signatures']): Signed['envelope'] {
  return { payload: toBase64(payload), payloadType: PAYLOAD_TYPE, signatures };
}

const NOT_YET: Signed['webauthn'] = {
  credentialId: '',
  authenticatorData: '',
  clientDataJSON: '',
  signature: '',
};
