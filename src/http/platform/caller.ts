import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import {
  readSession,
  sessionCookie,
  sessionEndsMs,
  type CookieSite,
  type Session,
} from '../../identity/session-cookie.js';
import { secretDigest } from '../../identity/secret.js';
import { Refusal, refuse } from '../../study/refusal.js';
import { identify, type Asking } from '../../lab/people/authority.js';
import type { Lab } from '../../lab/lab.js';
import { siteInForce, sitesServed } from '../../lab/people/standing.js';
import type { Site } from '../../lab/people/people.js';
import { mayReadStudy, refuseReader, type Readers } from '../../lab/people/reading.js';
import type { Reader } from '../../console/page.js';
import { API } from '../../shared/api-prefix.js';
import { DEVELOPMENT_IDENTITY } from '../../shared/development-identity.js';
import type { Submission } from '../../study/commands/common/command.js';
import { ROLES } from '../../study/who.js';
import { toHex } from '../../tlog/encoding.js';
import { Engine } from '../../recording/engine.js';
import { HttpSettings } from './http-settings.js';
import { Problem } from './problems.js';

/** Who sends a request. Without `by` nobody is signed in. */
export interface Caller extends Asking {
  /** As records name it. */
  readonly session?: string;
  readonly cookie?: Session;
}

const BEARER = /^bearer +([^ ]+)$/i;
const BENCH = /^\/studies\/[^/?]+\/bench(\/|$|\?)/;
/** What scripts of such pages ask: commands and what they would become, and that the session goes on. The feed carries none on. */
const ASKED_AT_BENCH = new RegExp(`^${API}/(me|studies/[^/?]+/commands/[^/?]+)(\\?|$)`);
/** On a cluster another process may have ended a session or a role so long ago. */
const STALE_MS = 5_000;
/** A cookie is written anew once the last request lies so far back. */
const RENEWED_AFTER_MS = 30_000;

/** Finds out who sends a request: by cookie, by token, or nobody. Nothing is remembered between requests. */
@Injectable()
export class Callers {
  private labDigits: string | undefined;
  private readAtMs = -Infinity;

  constructor(
    @Inject(Engine) private readonly engine: Engine,
    @Inject(HttpSettings) private readonly settings: HttpSettings,
  ) {}

  /** @throws Problem for a role that there is none of. */
  async of(request: IncomingMessage): Promise<Caller | Refusal> {
    const { cookie, authorization } = request.headers;
    const role = roleAskedFor(request);
    const nobody: Caller = { ...DEVELOPMENT_IDENTITY, ...(role !== '' && { role }) };
    if (cookie === undefined && authorization === undefined) return nobody;
    const site = await this.cookieSite(request);
    const session = readSession(this.settings.sessionKey, site, cookie, this.engine.clock());
    if (authorization !== undefined)
      return session === 'absent'
        ? this.byToken(authorization, role)
        : refuseToken('Send a token or a session, not both.');
    if (session === 'absent') return nobody;
    return typeof session === 'string' ? refuseSession() : this.bySession(session, role);
  }

  /** Whether one may ask without signing in: simulated data, and on this machine what nobody has begun to keep people in. */
  isOpen({ simulated, people }: Lab): boolean {
    return simulated || (people.sites.length === 0 && this.settings.behindProxy === undefined);
  }

  /** Whether somebody may be told what is in the ledger at all. */
  isReader(caller: Caller): boolean {
    const lab = this.engine.labNow;
    const need = { readers: 'signed-in', what: 'read' } as const;
    return this.isOpen(lab) || !refuseReader(lab, caller, need, this.engine.clock());
  }

  /** Whether a request would still be admitted: asked again and again of an answer that goes on. */
  async stillAdmits(
    caller: Caller,
    { readers, study = '' }: { readonly readers: Readers; readonly study?: string },
  ): Promise<boolean> {
    const lab = await this.lab();
    const nowMs = this.engine.clock();
    if (this.isOpen(lab)) return true;
    const { cookie } = caller;
    // A page that is left open does not carry its session on: the browser asks anew, with the cookie that it has then.
    if (cookie && (nowMs >= sessionEndsMs(cookie) || !(await this.session(cookie.id)).open.has(cookie.id)))
      return false;
    return !refuseReader(lab, caller, { readers, study, what: 'follow' }, nowMs);
  }

  /** Whether a session has been idle for longer than people, tokens and keys take, also at the bench. */
  isIdle({ cookie }: Caller): boolean {
    return cookie !== undefined && this.engine.clock() >= sessionEndsMs(cookie, { isBenchTimeRefused: true });
  }

  /** The origin in addresses that are shown, of the host that was asked. */
  originAt(host: string): string {
    const site = siteInForce(this.engine.labNow.people);
    return site && new URL(site.origin).host === host.toLowerCase() ? site.origin : `http://${host}`;
  }

  reader({ actor, session, by, cookie }: Caller): Reader {
    const lab = this.engine.labNow;
    const atMs = this.engine.clock();
    return {
      person: by && actor,
      session,
      by,
      endsMs: cookie && sessionEndsMs(cookie),
      mayRead: (study) =>
        this.isOpen(lab) || mayReadStudy(lab, { actor, role: '', ...(by && { by }) }, study, atMs),
    };
  }

  /** The lab, and on a cluster not older than a few seconds. */
  async lab(): Promise<Lab> {
    const { store } = this.engine;
    if (store.soleWriter) return this.engine.labNow;
    const nowMs = this.engine.clock();
    // A clock may go back.
    if (Math.abs(nowMs - this.readAtMs) < STALE_MS) return this.engine.labNow;
    const [lab] = await Promise.all([this.engine.lab(), this.engine.access()]);
    this.readAtMs = nowMs;
    return lab;
  }

  private async bySession(cookie: Session, role: string): Promise<Caller | Refusal> {
    await this.lab();
    const open = (await this.session(cookie.id)).open.get(cookie.id);
    if (!open) return refuseSession();
    const { person: actor, ...by } = open;
    const caller: Caller = { actor, role, by: definedIn(by), session: cookie.id, cookie };
    return (await this.isKnown(caller)) ? caller : refuseSession();
  }

  /** The sessions of the access log; another process may have begun the one that is asked for. */
  private async session(id: string) {
    const { sessions } = this.engine.accessNow ?? (await this.engine.access());
    return sessions.open.has(id) ? sessions : (await this.engine.access()).sessions;
  }

  private async byToken(authorization: string, role: string): Promise<Caller | Refusal> {
    const digest = secretDigest(BEARER.exec(authorization)?.[1] ?? '');
    if (digest === undefined) return refuseToken();
    const number =
      (await this.lab()).people.tokens.get(digest) ?? (await this.engine.lab()).people.tokens.get(digest);
    if (number === undefined) return refuseToken();
    const actor = this.engine.labNow.people.holders.get(number) ?? '';
    const by = { method: 'token', token: number, signedInMs: 0 } as const;
    const caller: Caller = { actor, role, by, session: `token-${number}` };
    return (await this.isKnown(caller)) ? caller : refuseToken();
  }

  /** Whether what a request came with still holds; another process may have enrolled or issued it just now. */
  private async isKnown(caller: Caller): Promise<boolean> {
    const isIn = (lab: Lab): boolean => !(identify(lab, caller, this.engine.clock()) instanceof Refusal);
    return isIn(this.engine.labNow) || isIn(await this.engine.lab());
  }

  /** The session as a request carries it on, where it is time for that. */
  carriedOn(request: IncomingMessage, session: Session): Session | undefined {
    const activeMs = this.engine.clock();
    const isBench = isFromBench(request);
    if (isBench === session.isBench && activeMs - session.activeMs < RENEWED_AFTER_MS) return undefined;
    return { ...session, activeMs, isBench };
  }

  async cookieOf(request: IncomingMessage, session: Session): Promise<string> {
    return sessionCookie(this.settings.sessionKey, await this.cookieSite(request), session);
  }

  /** The site whose address a request was sent to; the one in force where it was sent to none of them. */
  site({ headers: { host = '', origin } }: IncomingMessage): Site | undefined {
    const { labNow } = this.engine;
    const served = sitesServed(labNow.people, this.engine.clock());
    const at = (one: Site): boolean =>
      origin === undefined ? new URL(one.origin).host === host.toLowerCase() : one.origin === origin;
    return served.find(at) ?? siteInForce(labNow.people);
  }

  async cookieSite(request: IncomingMessage): Promise<CookieSite> {
    this.labDigits ??= toHex(Buffer.from((await this.engine.log('lab')).leaf(0), 'latin1')).slice(0, 8);
    const { origin = 'http://localhost' } = this.engine.labNow.simulated ? {} : (this.site(request) ?? {});
    return { origin, labDigits: this.labDigits };
  }
}

/** What a command is submitted with. */
export function askedBy({
  actor,
  role,
  session,
  by,
}: Caller): Pick<Submission, 'actor' | 'role' | 'session' | 'by'> {
  return { actor, role, ...(session !== undefined && { session }), ...(by && { by }) };
}

/** The role that is asked for; empty for none. */
function roleAskedFor({ headers }: IncomingMessage): string {
  const role = headers['acting-role'];
  if (role === undefined) return '';
  if ((ROLES as readonly unknown[]).includes(role)) return role as string;
  throw new Problem(
    'parameter-invalid',
    `There is no such role; there are ${ROLES.join(', ')}.`,
    'Acting-Role',
  );
}

/** A page at the bench, or what it asks of the interface by its script. A page that a link there leads to is not the bench. */
function isFromBench({ url = '', headers: { referer = '' } }: IncomingMessage): boolean {
  if (!url.startsWith(`${API}/`)) return BENCH.test(url);
  return ASKED_AT_BENCH.test(url) && URL.canParse(referer) && BENCH.test(new URL(referer).pathname);
}

function definedIn<T extends object>(value: T): T & NonNullable<Asking['by']> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as never;
}

export function refuseSession(): Refusal<'session-expired'> {
  return refuse('session-expired', 'Your session has ended: sign in again.');
}

function refuseToken(
  message = 'This token is wrong, or has ended: its person hands out another one.',
): Refusal<'token-invalid'> {
  return refuse('token-invalid', message, 'Authorization');
}
