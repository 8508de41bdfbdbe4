import { randomBytes } from 'node:crypto';
import { Controller, Inject, Post, Req } from '@nestjs/common';
import { requestOptions } from '../../identity/ceremony-options.js';
import { provePasskey, refuseAssertion } from '../../identity/passkey.js';
import { commandIdOf, issueTicket, readTicket } from '../../identity/tickets.js';
import { Engine } from '../../recording/engine.js';
import { Refusal } from '../../study/refusal.js';
import { findPerson } from '../../lab/commands/common/find.js';
import type { Caller } from '../platform/caller.js';
import { AskedBy, From, type CalledRequest } from '../platform/caller.guard.js';
import { HttpSettings } from '../platform/http-settings.js';
import { isFormBody } from '../platform/form-body.js';
import { JsonBody, readJson } from '../platform/json-body.js';
import { Problem } from '../platform/problems.js';
import { JSON_MEDIA, Reply, jsonReply } from '../platform/reply.js';
import { Takes } from '../routes/route.decorators.js';
import { PEOPLE_ROUTES } from '../routes/people-routes.js';
import { Attempts } from './attempts.js';
import { EmptyBody, SignInBody, SimulatedBody, readBody } from './bodies.js';
import { SignIns, type SignedIn } from './sign-ins.js';

/** Signing in and out. */
@Controller()
export class SignInController {
  constructor(
    @Inject(Engine) private readonly engine: Engine,
    @Inject(HttpSettings) private readonly settings: HttpSettings,
    @Inject(SignIns) private readonly signIns: SignIns,
    @Inject(Attempts) private readonly attempts: Attempts,
  ) {}

  @Post(PEOPLE_ROUTES.passkeyOptions.path)
  @AskedBy('anyone')
  @Takes([])
  options(@Req() request: CalledRequest, @JsonBody() body: unknown): Reply | Refusal {
    readBody(EmptyBody, body);
    const site = this.signIns.site(request);
    if (site instanceof Refusal) return site;
    const { origin, rpId } = site;
    const asked = { purpose: 'sign-in', origin } as const;
    const { ticket, text } = issueTicket(this.settings.sessionKey, asked, {}, this.engine.clock());
    return jsonReply({ options: requestOptions({ rpId, challenge: ticket.nonce }), ticket: text });
  }

  @Post(PEOPLE_ROUTES.passkey.path)
  @AskedBy('anyone')
  @Takes([])
  async passkey(
    @Req() request: CalledRequest,
    @From() caller: Caller,
    @JsonBody() body: unknown,
  ): Promise<Reply | Refusal> {
    this.attempts.count(request);
    const { ticket: text, credential } = readBody(SignInBody, body);
    const site = this.signIns.site(request);
    if (site instanceof Refusal) return site;
    const { origin, rpId } = site;
    const asked = { purpose: 'sign-in', origin } as const;
    const ticket = readTicket(this.settings.sessionKey, asked, text, this.engine.clock());
    if (typeof ticket === 'string') return refuseAssertion();
    const lab = await this.engine.lab();
    const proved = provePasskey(lab, credential, { challenge: ticket.nonce, origin, rpId });
    if (proved instanceof Refusal) return proved;
    return replyTo(await this.signIns.begin(request, caller, { ...proved, id: commandIdOf(ticket.nonce) }));
  }

  /** Of simulated people one is chosen. */
  @Post(PEOPLE_ROUTES.simulated.path)
  @AskedBy('anyone')
  @Takes([])
  async simulated(
    @Req() request: CalledRequest,
    @From() caller: Caller,
    @JsonBody() body: unknown,
  ): Promise<Reply | Refusal> {
    this.attempts.count(request);
    const lab = await this.engine.lab();
    if (!lab.simulated)
      throw new Problem('route-unknown', 'People are chosen in simulated ledgers only: sign in by passkey.');
    const { person } = readBody(SimulatedBody, body);
    const found = findPerson(lab, person, 'person');
    if (found instanceof Refusal) return found;
    const id = commandIdOf(randomBytes(32).toString('base64url'));
    return replyTo(await this.signIns.begin(request, caller, { person, proof: { method: 'simulated' }, id }));
  }

  @Post(PEOPLE_ROUTES.signOut.path)
  @AskedBy('anyone')
  @Takes([])
  async signOut(@Req() request: CalledRequest, @From() caller: Caller): Promise<Reply> {
    const isForm = isFormBody(request);
    if (!isForm) readBody(EmptyBody, await readJson(request));
    const cookie = await this.signIns.end(request, caller);
    if (isForm) return new Reply(303, { Location: '/sign-in', 'Set-Cookie': cookie }, '');
    return new Reply(200, { 'Content-Type': JSON_MEDIA, 'Set-Cookie': cookie }, '{}');
  }
}

function replyTo(signedIn: SignedIn | Refusal): Reply | Refusal {
  if (signedIn instanceof Refusal) return signedIn;
  const { person, session, cookie } = signedIn;
  const headers = { 'Content-Type': JSON_MEDIA, 'Set-Cookie': cookie };
  return new Reply(201, headers, JSON.stringify({ person, session }));
}
