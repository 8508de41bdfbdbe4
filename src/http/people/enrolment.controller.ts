import { Controller, Inject, Post, Req } from '@nestjs/common';
import { creationOptions } from '../../identity/ceremony-options.js';
import { decodeRegistration } from '../../identity/enrolment.js';
import { refuseAssertion } from '../../identity/passkey.js';
import { secretDigest } from '../../identity/secret.js';
import { commandIdOf, issueTicket, readTicket, type Ticket } from '../../identity/tickets.js';
import { enrolCredential } from '../../lab/commands/enrol-credential.command.js';
import { isConfirmed, refuseStale, signIn } from '../../lab/people/authority.js';
import { refuseOffer } from '../../lab/commands/enrol-credential.command.js';
import type { Person } from '../../lab/people/people.js';
import { Engine } from '../../recording/engine.js';
import { Refusal, refuse } from '../../study/refusal.js';
import { askedBy, type Caller } from '../platform/caller.js';
import { AskedBy, From, type CalledRequest } from '../platform/caller.guard.js';
import { HttpSettings } from '../platform/http-settings.js';
import { JsonBody } from '../platform/json-body.js';
import { jsonReply, type Reply } from '../platform/reply.js';
import { PEOPLE_ROUTES } from '../routes/people-routes.js';
import { Takes } from '../routes/route.decorators.js';
import { Attempts } from './attempts.js';
import { EnrolmentBody, OfferBody, readBody } from './bodies.js';
import { labReply } from './lab-reply.js';
import { SignIns } from './sign-ins.js';

/** Enrolling a passkey: by the code of a link, or while signed in by another one. */
@Controller()
export class EnrolmentController {
  constructor(
    @Inject(Engine) private readonly engine: Engine,
    @Inject(HttpSettings) private readonly settings: HttpSettings,
    @Inject(SignIns) private readonly signIns: SignIns,
    @Inject(Attempts) private readonly attempts: Attempts,
  ) {}

  @Post(PEOPLE_ROUTES.enrolmentOptions.path)
  @AskedBy('anyone')
  @Takes([])
  async options(
    @Req() request: CalledRequest,
    @From() caller: Caller,
    @JsonBody() body: unknown,
  ): Promise<Reply | Refusal> {
    this.attempts.count(request);
    const { person: named, code } = readBody(OfferBody, body);
    const site = this.signIns.site(request);
    if (site instanceof Refusal) return site;
    const { facility, people } = await this.engine.lab();
    const person = people.persons.get(named ?? caller.actor);
    const refusal = code === undefined ? this.refuseOwn(caller, person) : this.refuseOffered(person, code);
    if (refusal || !person) return refusal ?? refuseOffer();
    const { origin, rpId, passkeys } = site;
    const subject = {
      person: person.id,
      ...(code !== undefined && person.offer && { offer: person.offer.number }),
      ...(code === undefined && caller.session !== undefined && { session: caller.session }),
    };
    const asked = { purpose: 'enrol', origin } as const;
    const { ticket, text } = issueTicket(this.settings.sessionKey, asked, subject, this.engine.clock());
    const excluded = person.credentials
      .filter((one) => one.rpId === rpId && !one.revoked)
      .map(({ credentialId }) => credentialId);
    const challenge = ticket.nonce;
    const options = creationOptions({ facility, person: person.id, rpId, challenge, passkeys, excluded });
    return jsonReply({ options, ticket: text });
  }

  @Post(PEOPLE_ROUTES.enrolment.path)
  @AskedBy('anyone')
  @Takes([])
  async enrol(
    @Req() request: CalledRequest,
    @From() caller: Caller,
    @JsonBody() body: unknown,
  ): Promise<Reply | Refusal> {
    this.attempts.count(request);
    const { ticket: text, code, credential, label } = readBody(EnrolmentBody, body);
    const site = this.signIns.site(request);
    if (site instanceof Refusal) return site;
    const { origin, rpId, passkeys } = site;
    const { people } = await this.engine.lab();
    const asked = { purpose: 'enrol', origin } as const;
    const ticket = readTicket(this.settings.sessionKey, asked, text, this.engine.clock());
    if (typeof ticket === 'string') return refuseAssertion();
    const person = people.persons.get(ticket.person ?? '');
    const refusal = this.refuseTicket(ticket, caller, person, code);
    if (refusal) return refusal;
    const id = commandIdOf(ticket.nonce);
    if ((await this.engine.log('lab')).answerTo(id))
      return refuse('challenge-spent', 'This enrolment was completed already.');
    const key = await decodeRegistration(credential, { challenge: ticket.nonce, origin, rpId, passkeys });
    if ('wrong' in key) return key.wrong === 'backup-eligible' ? refuseSyncable() : refuseAssertion();
    const { counter: _, ...enrolled } = key;
    const by = code === undefined ? askedBy(caller) : { actor: person!.id, role: '' };
    const digest = code === undefined ? undefined : secretDigest(code);
    const command = Object.assign(enrolCredential.create(), {
      submission: { id, study: '', ...by },
      data: { person: person!.id, label, ...enrolled, ...(digest !== undefined && { code: digest }) },
    });
    return labReply(await this.engine.executeInLab(enrolCredential, command));
  }

  private refuseTicket(
    { offer, session }: Ticket,
    caller: Caller,
    person: Person | undefined,
    code: string | undefined,
  ): Refusal | undefined {
    if (offer !== undefined)
      return code !== undefined && person?.offer?.number === offer
        ? this.refuseOffered(person, code)
        : refuseOffer();
    if (code !== undefined || session === undefined || session !== caller.session) return refuseAssertion();
    return this.refuseOwn(caller, person);
  }

  private refuseOffered(person: Person | undefined, code: string): Refusal | undefined {
    const offer = person?.offer;
    const isOpen = offer && offer.sha256 === secretDigest(code) && this.engine.clock() < offer.untilMs;
    return isOpen ? undefined : refuseOffer();
  }

  private refuseOwn(caller: Caller, person: Person | undefined): Refusal | undefined {
    if (!caller.by || caller.actor !== person?.id) return signIn();
    if (caller.by.method !== 'passkey' || !isConfirmed(this.engine.labNow, caller))
      return refuse('passkey-required', 'Sign in by a confirmed passkey first.');
    return refuseStale(caller, this.engine.clock());
  }
}

function refuseSyncable(): Refusal<'passkey-syncable'> {
  return refuse(
    'passkey-syncable',
    'This laboratory takes security keys only, not passkeys that are copied to other devices.',
  );
}
