import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { v7 } from 'uuid';
import { endedSessionCookie, sessionCookie } from '../../identity/session-cookie.js';
import { isSameProvider } from '../../lab/commands/configure-site.command.js';
import { confirmSite } from '../../lab/commands/confirm-site.command.js';
import { siteInForce, usableAdministrators } from '../../lab/people/standing.js';
import type { Site } from '../../lab/people/people.js';
import { Engine } from '../../recording/engine.js';
import type { Proof } from '../../lab/sessions.js';
import { Refusal, refuse } from '../../study/refusal.js';
import { Callers, type Caller } from '../platform/caller.js';
import { HttpSettings } from '../platform/http-settings.js';
import { Problem } from '../platform/problems.js';

export interface SignedIn {
  readonly person: string;
  readonly session: string;
  /** `Set-Cookie`. */
  readonly cookie: string;
}

/** What every way to sign in ends with: a session, and the cookie that carries it. */
@Injectable()
export class SignIns {
  constructor(
    @Inject(Engine) private readonly engine: Engine,
    @Inject(Callers) private readonly callers: Callers,
    @Inject(HttpSettings) private readonly settings: HttpSettings,
  ) {}

  /** `id` derives from the challenge, and names the session. */
  async begin(
    request: IncomingMessage,
    caller: Caller,
    { person, proof, id }: { readonly person: string; readonly proof: Proof; readonly id: string },
  ): Promise<SignedIn | Refusal> {
    const replaces = caller.cookie?.id;
    const receipt = await this.engine.signIn({ person, proof, id, replaces });
    if (receipt instanceof Refusal) return receipt;
    const nowMs = this.engine.clock();
    if (proof.method === 'passkey') await this.confirmSite(request, { person, proof, session: id }, nowMs);
    const times = { startedMs: nowMs, activeMs: nowMs, isBench: caller.cookie?.isBench ?? false };
    const site = await this.callers.cookieSite(request);
    return { person, session: id, cookie: sessionCookie(this.settings.sessionKey, site, { id, ...times }) };
  }

  /** @returns `Set-Cookie`. @throws Problem where the session could not be ended in the access log. */
  async end(request: IncomingMessage, { cookie }: Caller): Promise<string> {
    const ended = endedSessionCookie(await this.callers.cookieSite(request));
    const answer = cookie && (await this.engine.signOut(cookie.id, v7()));
    if (answer instanceof Refusal)
      throw new Problem(answer.code, `Your session is still open: ${answer.message}`, undefined, {
        'Set-Cookie': ended,
      });
    return ended;
  }

  /**
   * @returns the site, or why nobody can sign in.
   * @throws Problem for what is posted without an Origin, which no browser does.
   */
  site(request: IncomingMessage): Site | Refusal {
    if (request.method === 'POST' && request.headers.origin === undefined)
      throw new Problem('origin-refused', 'A request that signs in says its Origin.', 'Origin');
    return (
      this.callers.site(request) ??
      refuse('no-administrator', 'Nobody is registered here yet: run study-ledger people begin.')
    );
  }

  /** An administrator who signs in at a new address shows that it is reached there, which puts it in force. */
  private async confirmSite(
    request: IncomingMessage,
    { person, proof, session }: { person: string; proof: Proof & { method: 'passkey' }; session: string },
    nowMs: number,
  ): Promise<void> {
    const { people } = this.engine.labNow;
    const site = this.callers.site(request);
    const isWaiting = site !== undefined && !site.confirmed && site === people.sites.at(-1);
    if (!isWaiting || !usableAdministrators(people, nowMs).some(({ id }) => id === person)) return;
    // Another provider takes a second person, on the page.
    if (!isSameProvider(site.oidc, siteInForce(people)?.oidc)) return;
    const by = { method: 'passkey', credential: proof.credential, signedInMs: nowMs } as const;
    const submission = { id: v7(), study: '', actor: person, role: '', session, by };
    const command = Object.assign(confirmSite.create(), {
      submission,
      data: { site: site.number },
      signedInAt: site.origin,
    });
    await this.engine.executeInLab(confirmSite, command);
  }
}
