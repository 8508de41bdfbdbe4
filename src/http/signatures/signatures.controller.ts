import { Controller, Inject, Param, Post } from '@nestjs/common';
import { requestOptions } from '../../identity/ceremony-options.js';
import { AuthenticationResponse } from '../../identity/passkey.js';
import { commandIdOf, issueTicket, readTicket } from '../../identity/tickets.js';
import { siteInForce } from '../../lab/people/standing.js';
import { tellFindings } from '../../queries/tell-findings.js';
import { Engine } from '../../recording/engine.js';
import { refusePayload, refuseSigned } from '../../recording/signing/check-signed.js';
import { sha256Hex } from '../../shared/sha256.js';
import type { Submission } from '../../study/commands/common/command.js';
import { signRecords, type SignRecords } from '../../study/commands/sign-records.command.js';
import { Refusal, refuse } from '../../study/refusal.js';
import { STUDY_READERS } from '../../study/who.js';
import { matches } from '../../study/schema.js';
import { coveredBy, readStatement, type Statement } from '../../study/signatures/statement.js';
import { fromBase64, toBase64 } from '../../tlog/encoding.js';
import { askedBy, type Caller } from '../platform/caller.js';
import { AskedBy, From, type AskedOf } from '../platform/caller.guard.js';
import { HttpSettings } from '../platform/http-settings.js';
import { JsonBody } from '../platform/json-body.js';
import { jsonReply, type Reply } from '../platform/reply.js';
import { receiptReply } from '../commands/receipt-reply.js';
import { readBody } from '../people/bodies.js';
import { Takes } from '../routes/route.decorators.js';
import { SIGNATURE_ROUTES } from '../routes/signature-routes.js';
import { PrepareBody, SignBody } from './bodies.js';

type Data = SignRecords['data'];

/** Whoever reads the study; which records they may sign is decided on these. */
const WHO_SIGNS = (): AskedOf => ({ readers: { study: STUDY_READERS }, isBenchTimeRefused: true });

/** Signs records with a passkey, from the bytes that were shown. */
@Controller()
export class SignaturesController {
  constructor(
    @Inject(Engine) private readonly engine: Engine,
    @Inject(HttpSettings) private readonly settings: HttpSettings,
  ) {}

  /** Gives the bytes to sign, and a ticket that says that the ledger made them for this session. */
  @Post(SIGNATURE_ROUTES.prepare)
  @AskedBy(WHO_SIGNS)
  @Takes([])
  async prepare(
    @Param('code') study: string,
    @From() caller: Caller,
    @JsonBody() body: unknown,
  ): Promise<Reply | Refusal> {
    const data = readBody(PrepareBody, body) as Data;
    const prepared = await this.engine.signing.prepare(commandOf(study, caller, data));
    if (prepared instanceof Refusal) return prepared;
    const { payload, challenge, signer, statement } = prepared;
    const { site, credential, person } = signer;
    const { text } = issueTicket(
      this.settings.sessionKey,
      { purpose: 'sign', origin: site.origin },
      { ...sessionOf(caller), study, person: person.id, payload: sha256Hex(payload) },
      this.engine.clock(),
    );
    const allowed = [credential.credentialId];
    const options = requestOptions({ rpId: site.rpId, challenge, allowed });
    return jsonReply({ payload: toBase64(payload), ticket: text, options, shown: statement });
  }

  /** Takes what the passkey signed, once. */
  @Post(SIGNATURE_ROUTES.signatures)
  @AskedBy(WHO_SIGNS)
  @Takes([])
  async sign(
    @Param('code') study: string,
    @From() caller: Caller,
    @JsonBody() body: unknown,
  ): Promise<Reply | Refusal> {
    const { payload: text, ticket, credential } = readBody(SignBody, body);
    const statement = this.readOwn(text, ticket, caller, study);
    if (statement instanceof Refusal) return statement;
    if (!matches(AuthenticationResponse, credential)) return refuseSigned();
    const { id: credentialId, response } = credential as unknown as Assertion;
    const { authenticatorData, clientDataJSON, signature } = response;
    const envelope = this.engine.signing.attest(fromBase64(text));
    if (envelope instanceof Refusal) return envelope;
    const webauthn = { credentialId, authenticatorData, clientDataJSON, signature };
    const command = commandOf(study, caller, dataOf(statement), {
      id: commandIdOf(statement.predicate.nonce),
      isAnsweredOnce: true,
      signed: { envelope, webauthn },
    });
    const receipt = await this.engine.execute(signRecords, command);
    if (receipt instanceof Refusal) return receipt;
    return receiptReply(study, await tellFindings(this.engine, receipt));
  }

  /** The statement in a payload that was made here for this session, person and study within the last minutes. */
  private readOwn(payload: string, text: string, caller: Caller, study: string): Statement | Refusal {
    const origin = siteInForce(this.engine.labNow.people)?.origin ?? '';
    const asked = { purpose: 'sign', origin } as const;
    const ticket = readTicket(this.settings.sessionKey, asked, text, this.engine.clock());
    if (ticket === 'expired')
      return refuse(
        'payload-invalid',
        'A prepared signature holds for five minutes: prepare it again.',
        'ticket',
      );
    const statement = readStatement(payload);
    const isOwn =
      ticket !== 'invalid' &&
      ticket.session === sessionOf(caller).session &&
      ticket.person === caller.actor &&
      ticket.study === study &&
      statement !== undefined &&
      ticket.payload === sha256Hex(fromBase64(payload));
    return isOwn ? statement : refusePayload();
  }
}

interface Assertion {
  readonly id: string;
  readonly response: {
    readonly authenticatorData: string;
    readonly clientDataJSON: string;
    readonly signature: string;
  };
}

/** In a simulated ledger somebody may act without a session. */
function sessionOf({ session = '' }: Caller): { session: string } {
  return { session };
}

function commandOf(study: string, caller: Caller, data: Data, more: Partial<Submission> = {}): SignRecords {
  const submission: Submission = { id: '', study, ...askedBy(caller), ...more };
  return Object.assign(signRecords.create() as SignRecords, { submission, data });
}

/** What a statement says that was asked for. */
function dataOf(statement: Statement): Data {
  const { meaning } = statement.predicate;
  const covered = coveredBy(statement);
  const [first] = covered;
  if (first && first.from < first.to) return { meaning, range: { ...first } };
  return { meaning, records: covered.map(({ from }) => from) };
}
