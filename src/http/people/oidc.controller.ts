import { Controller, Get, Inject, Req } from '@nestjs/common';
import { Oidc, type ProvedIdentity } from '../../identity/oidc.js';
import { flowCookieName, type Purpose } from '../../identity/oidc-flow.js';
import { commandIdOf } from '../../identity/tickets.js';
import { linkIdentity } from '../../lab/commands/link-identity.command.js';
import { isConfirmed, refusePending, refuseStale } from '../../lab/people/authority.js';
import { identityKey } from '../../lab/people/people.js';
import { isLinkInForce } from '../../lab/people/standing.js';
import { Engine } from '../../recording/engine.js';
import { Refusal, refuse } from '../../study/refusal.js';
import { askedBy, Callers, type Caller } from '../platform/caller.js';
import { AskedBy, From, type CalledRequest } from '../platform/caller.guard.js';
import { HttpSettings } from '../platform/http-settings.js';
import { Problem } from '../platform/problems.js';
import { Reply } from '../platform/reply.js';
import { PEOPLE_ROUTES } from '../routes/people-routes.js';
import { Takes } from '../routes/route.decorators.js';
import { Attempts } from './attempts.js';
import { SignIns } from './sign-ins.js';

/** Signing in through the institution's provider, and linking an identity there to a person. */
@Controller()
export class OidcController {
  private provider: Oidc | undefined;

  constructor(
    @Inject(Engine) private readonly engine: Engine,
    @Inject(HttpSettings) private readonly settings: HttpSettings,
    @Inject(Callers) private readonly callers: Callers,
    @Inject(SignIns) private readonly signIns: SignIns,
    @Inject(Attempts) private readonly attempts: Attempts,
  ) {}

  @Get(PEOPLE_ROUTES.oidc.path)
  @AskedBy('anyone')
  @Takes([])
  begin(@Req() request: CalledRequest): Promise<Reply | Refusal> {
    return this.goTo(request, { purpose: 'sign-in' });
  }

  @Get(PEOPLE_ROUTES.link.path)
  @AskedBy('oneself')
  @Takes([])
  async link(@Req() request: CalledRequest, @From() caller: Caller): Promise<Reply | Refusal> {
    const { headers } = request;
    if (FROM_ELSEWHERE.has(String(headers['sec-fetch-site']))) throw linkedFromElsewhere();
    const isPending = !isConfirmed(this.engine.labNow, caller);
    const refusal = isPending ? refusePending() : refuseStale(caller, this.engine.clock());
    if (refusal) throw toProblem(refusal);
    return this.goTo(request, { purpose: 'link', session: caller.session! });
  }

  /** The one GET that changes something: the provider sends the person here. */
  @Get(PEOPLE_ROUTES.oidcCallback.path)
  @AskedBy('anyone')
  async callback(@Req() request: CalledRequest, @From() caller: Caller): Promise<Reply> {
    this.attempts.count(request);
    const site = this.signIns.site(request);
    if (site instanceof Refusal) throw toProblem(site);
    const { url, headers } = request;
    const { labDigits } = await this.callers.cookieSite(request);
    const query = url.slice(url.indexOf('?') < 0 ? url.length : url.indexOf('?'));
    const cookie = cookieNamed(flowCookieName(site.origin, labDigits), headers.cookie);
    const oidc = await this.oidc(labDigits);
    const session = caller.cookie?.id;
    const proved = await oidc.complete(siteOf(site), {
      query,
      cookie,
      ...(session !== undefined && { session }),
    });
    const ended =
      proved instanceof Refusal
        ? proved
        : proved.purpose === 'link'
          ? await this.completeLink(caller, proved)
          : await this.completeSignIn(request, caller, proved);
    const forget = oidc.forget(siteOf(site));
    if (ended instanceof Refusal) throw toProblem(ended, { 'Set-Cookie': forget });
    const { location, cookies = [] } = ended;
    return new Reply(303, { Location: location, 'Set-Cookie': [forget, ...cookies] }, '');
  }

  private async goTo(request: CalledRequest, purpose: Purpose): Promise<Reply> {
    this.attempts.count(request);
    const site = this.signIns.site(request);
    if (site instanceof Refusal) throw toProblem(site);
    const { labDigits } = await this.callers.cookieSite(request);
    const begun = await (await this.oidc(labDigits)).begin(siteOf(site), purpose);
    if (begun instanceof Refusal) throw toProblem(begun);
    return new Reply(303, { Location: begun.location, 'Set-Cookie': begun.setCookie }, '');
  }

  private async completeSignIn(
    request: CalledRequest,
    caller: Caller,
    { issuer, subject, nonce }: ProvedIdentity,
  ): Promise<Completed | Refusal> {
    const { people } = await this.engine.lab();
    const person = people.persons.get(people.taken.get(identityKey(issuer, subject)) ?? '');
    const link = person?.links.findLast(
      (one) => one.issuer === issuer && one.subject === subject && isLinkInForce(people, one),
    );
    if (!person || !link)
      return refuse(
        'identity-invalid',
        'This account is linked to nobody here: sign in by passkey, and link it on /me.',
      );
    const proof = { method: 'oidc', identity: link.number } as const;
    const id = commandIdOf(nonce);
    const signedIn = await this.signIns.begin(request, caller, { person: person.id, proof, id });
    return signedIn instanceof Refusal ? signedIn : { location: '/', cookies: [signedIn.cookie] };
  }

  private async completeLink(
    caller: Caller,
    { issuer, subject, nonce }: ProvedIdentity,
  ): Promise<Completed | Refusal> {
    const id = commandIdOf(nonce);
    if ((await this.engine.log('lab')).answerTo(id))
      return refuse('challenge-spent', 'This link was completed already.');
    const command = Object.assign(linkIdentity.create(), {
      submission: { id, study: '', ...askedBy(caller) },
      data: { person: caller.actor, issuer, subject },
    });
    const receipt = await this.engine.executeInLab(linkIdentity, command);
    return receipt instanceof Refusal ? receipt : { location: '/me' };
  }

  private async oidc(labDigits: string): Promise<Oidc> {
    const { sessionKey, oidcSecretFile } = this.settings;
    return (this.provider ??= new Oidc({
      sessionKey: sessionKey.derive('oidc'),
      disclosures: this.engine.disclosures,
      labDigits,
      now: this.engine.clock,
      ...(oidcSecretFile !== undefined && { clientSecretFile: oidcSecretFile }),
    }));
  }
}

/** A browser that is at the provider as somebody else would be led here by another site, to link that identity. */
const FROM_ELSEWHERE: ReadonlySet<string> = new Set(['cross-site', 'same-site']);

function linkedFromElsewhere(): Problem {
  return new Problem(
    'origin-refused',
    'Begin on the page /me: other sites may not lead here.',
    'Sec-Fetch-Site',
  );
}

interface Completed {
  readonly location: string;
  readonly cookies?: readonly string[];
}

function siteOf({
  origin,
  oidc,
}: {
  origin: string;
  oidc?: { issuer: string; clientId: string } | undefined;
}) {
  return { origin, ...(oidc && { oidc }) };
}

/** A browser gets it as a page. */
function toProblem({ code, message, field }: Refusal, headers: Record<string, string> = {}): Problem {
  return new Problem(code, message, field, headers);
}

function cookieNamed(name: string, header = ''): string | undefined {
  const found = header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`));
  return found.length === 1 ? found[0]!.slice(name.length + 1) : undefined;
}
