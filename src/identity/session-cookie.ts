import type { SessionKey } from './session-key.js';

const MINUTE_MS = 60_000;
const IDLE_MS = 15 * MINUTE_MS;
/** Where gloves are worn and an animal is held. */
const BENCH_IDLE_MS = 60 * MINUTE_MS;
const LONGEST_MS = 12 * 60 * MINUTE_MS;
/** The clock of another process may be this far ahead. */
const MAX_SKEW_MS = 5 * MINUTE_MS;

const SEAL = 'session';
const BODY = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(\d{1,14})\.(\d{1,14})\.(bench|desk)$/;
const MAX_HEADER_CHARACTERS = 8192;

/** Who is signed in, as far as a browser says it. It counts only while its SignedIn stands in the access log. */
export interface Session {
  /** The command id of SignedIn. */
  readonly id: string;
  readonly startedMs: number;
  /** Of the last request. */
  readonly activeMs: number;
  /** Whether the last request came from a page of the bench. */
  readonly isBench: boolean;
}

/** Where the ledger is served. */
export interface CookieSite {
  readonly origin: string;
  /** The first 8 hex digits of lab leaf 0: on localhost ledgers of all ports share one set of cookies. */
  readonly labDigits: string;
}

export interface SessionRules {
  /** People, tokens and signatures ask for a session that has been idle for 15 minutes at most, also at the bench. */
  readonly isBenchTimeRefused?: boolean;
}

export function sessionCookieName({ origin, labDigits }: CookieSite): string {
  return isSecure(origin) ? '__Host-session' : `session-${labDigits}`;
}

/** The header `Set-Cookie` that begins a session, or carries it on. */
export function sessionCookie(key: SessionKey, site: CookieSite, session: Session): string {
  const { id, startedMs, activeMs, isBench } = session;
  const body = `${id}.${startedMs}.${activeMs}.${isBench ? 'bench' : 'desk'}`;
  return setCookie(site, key.seal(SEAL, body), '');
}

/** The header `Set-Cookie` that takes the cookie away. */
export function endedSessionCookie(site: CookieSite): string {
  return setCookie(site, '', '; Max-Age=0');
}

/** When a session ends, unless there is another request: milliseconds since 1970. */
export function sessionEndsMs(session: Session, { isBenchTimeRefused = false }: SessionRules = {}): number {
  const { startedMs, activeMs, isBench } = session;
  const idle = isBench && !isBenchTimeRefused ? BENCH_IDLE_MS : IDLE_MS;
  return Math.min(activeMs + idle, startedMs + LONGEST_MS);
}

/**
 * The session in the header `Cookie`. `invalid`: not as this ledger wrote it, or there twice, which may be the work of
 * another site that cannot read the right one but can set one beside it.
 */
export function readSession(
  key: SessionKey,
  site: CookieSite,
  header: string | undefined,
  nowMs: number,
  rules?: SessionRules,
): Session | 'absent' | 'invalid' | 'expired' {
  if (header === undefined) return 'absent';
  if (header.length > MAX_HEADER_CHARACTERS) return 'invalid';
  const [value, ...others] = valuesOf(header, sessionCookieName(site));
  if (value === undefined) return 'absent';
  const parts = others.length === 0 ? BODY.exec(key.unseal(SEAL, value) ?? '') : null;
  if (!parts) return 'invalid';
  const [, id = '', started, active, place] = parts;
  const session = {
    id,
    startedMs: Number(started),
    activeMs: Number(active),
    isBench: place === 'bench',
  };
  if (session.activeMs > nowMs + MAX_SKEW_MS) return 'expired';
  return nowMs < sessionEndsMs(session, rules) ? session : 'expired';
}

function valuesOf(header: string, name: string): string[] {
  return header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`) || pair === name)
    .map((pair) => pair.slice(name.length + 1));
}

function setCookie(site: CookieSite, value: string, age: string): string {
  const secure = isSecure(site.origin) ? '; Secure' : '';
  return `${sessionCookieName(site)}=${value}; Path=/${age}; HttpOnly; SameSite=Lax${secure}`;
}

/** Not every browser keeps a cookie that is `Secure` of http://localhost. */
function isSecure(origin: string): boolean {
  return origin.startsWith('https:');
}
