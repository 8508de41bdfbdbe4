import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { canonical } from '../tlog/canonical.js';

/** How long a person may stay at the provider. */
export const FLOW_SECONDS = 600;

/** What the person is asked to prove at the provider, and for what. */
export type Purpose =
  /** `subject`, as in IdentityLinked: the person signs in again, and must be the same one. */
  | { readonly purpose: 'sign-in'; readonly subject?: string }
  /** `session`: of the person who links the identity; nobody else completes the flow. */
  | { readonly purpose: 'link'; readonly session: string };

/** What is remembered of a person who is at the provider: in a cookie of the browser, and nowhere else. */
export type Flow = Purpose & {
  readonly issuer: string;
  readonly clientId: string;
  /** The ledger's, where the provider sends the person back to. */
  readonly origin: string;
  /** 32 random bytes, base64url. State, nonce and PKCE verifier derive from it. */
  readonly nonce: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
};

/** The three values that tie request, callback and ID token to one browser. */
export interface FlowSecrets {
  readonly state: string;
  readonly nonce: string;
  /** RFC 7636. */
  readonly verifier: string;
}

/**
 * Seals flows into cookies and opens them. All processes with one session key open each other's. The cookie is
 * authenticated, and holds no secret: who reads it cannot compute the PKCE verifier.
 */
export class FlowSeal {
  readonly #key: Buffer;

  constructor(
    sessionKey: Uint8Array,
    private readonly now: () => number,
  ) {
    this.#key = Buffer.from(hkdfSync('sha256', sessionKey, '', 'study-ledger/oidc-flow', 32));
  }

  begin(purpose: Purpose, site: Pick<Flow, 'issuer' | 'clientId' | 'origin'>): Flow {
    const nonce = randomBytes(32).toString('base64url');
    return { ...purpose, ...site, nonce, expires: this.now() + FLOW_SECONDS * 1000 };
  }

  seal(flow: Flow): string {
    const body = Buffer.from(canonical(flow)).toString('base64url');
    return `${body}.${this.#mac('cookie', body).toString('base64url')}`;
  }

  /** Undefined for what was not sealed here, and for what has expired. */
  open(cookie: string): Flow | undefined {
    const [body = '', mac = ''] = cookie.split('.');
    const given = Buffer.from(mac, 'base64url');
    const due = this.#mac('cookie', body);
    if (given.length !== due.length || !timingSafeEqual(given, due)) return undefined;
    const flow = JSON.parse(Buffer.from(body, 'base64url').toString()) as Flow;
    return flow.expires > this.now() ? flow : undefined;
  }

  secretsOf({ nonce }: Flow): FlowSecrets {
    const derive = (name: string): string => this.#mac(name, nonce).toString('base64url');
    return { state: derive('state'), nonce: derive('nonce'), verifier: derive('verifier') };
  }

  #mac(use: string, text: string): Buffer {
    return createHmac('sha256', this.#key).update(`${use}\n${text}`).digest();
  }
}

/** `labDigits`: the first 8 hex digits of lab leaf 0. On localhost ledgers of all ports share one set of cookies. */
export function flowCookieName(origin: string, labDigits: string): string {
  return isSecure(origin) ? '__Host-oidc' : `oidc-${labDigits}`;
}

/** The header `Set-Cookie`. `Lax`, because the provider's redirect back comes from another site. */
export function flowCookie(origin: string, labDigits: string, value: string): string {
  const age = value === '' ? 0 : FLOW_SECONDS;
  const secure = isSecure(origin) ? '; Secure' : '';
  return `${flowCookieName(origin, labDigits)}=${value}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Lax${secure}`;
}

function isSecure(origin: string): boolean {
  return origin.startsWith('https:');
}
