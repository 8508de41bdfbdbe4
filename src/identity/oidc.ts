import {
  AuthorizationResponseError,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  type Configuration,
  type IDToken,
} from 'openid-client';
import { refuse, Refusal } from '../study/refusal.js';
import type { Disclosures } from './disclosures.js';
import { FlowSeal, flowCookie, type Flow, type Purpose } from './oidc-flow.js';
import {
  Provider,
  refusalOf,
  unavailable,
  type ProviderOptions,
  type ProviderSite,
} from './oidc-provider.js';

/** Where the provider sends the person back to: the redirect URI that is registered there, below the ledger's origin. */
export const OIDC_CALLBACK = '/sign-in/oidc/callback';

/** A person who signs in again has to have typed the password within the last two minutes. */
const MAX_AGE_SECONDS = 120;

export interface OidcOptions extends ProviderOptions {
  readonly sessionKey: Uint8Array;
  /** Make the digest that stands for a person at the provider. */
  readonly disclosures: Pick<Disclosures, 'subjectDigest'>;
  /** The first 8 hex digits of lab leaf 0. */
  readonly labDigits: string;
}

/** What of SiteConfigured is in force. */
export interface Site {
  /** The ledger's own. */
  readonly origin: string;
  readonly oidc?: ProviderSite;
}

/** Whom the provider named. Its own identifier of the person does not leave this file. */
export interface ProvedIdentity {
  readonly issuer: string;
  /** `subject` of IdentityLinked. */
  readonly subject: string;
  readonly purpose: Purpose['purpose'];
  /** Of `link`: the session that began it. */
  readonly session?: string;
  /** Seconds since 1970, where the provider says when the person proved who they are. */
  readonly authTime?: number;
  /** Base64url of 32 bytes, one for each flow: the command's id derives from it, so that a callback counts once. */
  readonly nonce: string;
}

export type OidcRefusal = Refusal<'identity-provider-unavailable' | 'identity-invalid'>;

/** Signs people in through the institution’s OpenID Connect provider (Core 1.0, code flow with PKCE). */
export class Oidc {
  readonly #seal: FlowSeal;
  readonly #provider: Provider;

  constructor(private readonly options: OidcOptions) {
    this.#seal = new FlowSeal(options.sessionKey, options.now ?? Date.now);
    this.#provider = new Provider(options);
  }

  /** The redirect to the provider, and the cookie to set with it. */
  async begin(site: Site, purpose: Purpose): Promise<{ location: string; setCookie: string } | OidcRefusal> {
    const { origin, oidc } = site;
    if (!oidc) return unavailable('None is configured. Sign in by passkey.');
    const provider = await this.#provider.configuration(oidc);
    if (provider instanceof Refusal) return provider;
    const { issuer, clientId } = oidc;
    const flow = this.#seal.begin(purpose, { origin, issuer, clientId });
    const { state, nonce, verifier } = this.#seal.secretsOf(flow);
    const location = buildAuthorizationUrl(provider, {
      redirect_uri: origin + OIDC_CALLBACK,
      scope: 'openid',
      state,
      nonce,
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...(isAgain(flow) && { prompt: 'login', max_age: String(MAX_AGE_SECONDS) }),
    });
    return { location: location.href, setCookie: this.#cookie(origin, this.#seal.seal(flow)) };
  }

  /**
   * Judges what came back from the provider.
   *
   * @param query the query of the callback's address, with or without `?`
   * @param cookie the value of the cookie `flowCookieName`
   * @param session the session of the browser that comes back, where it has one
   */
  async complete(
    site: Site,
    { query, cookie, session }: { query: string; cookie: string | undefined; session?: string },
  ): Promise<ProvedIdentity | OidcRefusal> {
    const flow = this.#seal.open(cookie ?? '');
    if (!flow) return refuse('identity-invalid', BEGUN_ELSEWHERE);
    const { issuer, purpose, nonce } = flow;
    if (site.oidc?.issuer !== issuer || site.oidc.clientId !== flow.clientId || site.origin !== flow.origin)
      return refuse('identity-invalid', CONFIGURED_ANEW);
    if (flow.purpose === 'link' && flow.session !== session) return refuse('identity-invalid', OTHER_SESSION);
    const provider = await this.#provider.configuration(site.oidc);
    if (provider instanceof Refusal) return provider;
    const claims = await this.#redeem(provider, flow, query);
    if (claims instanceof Refusal) return claims;
    const { sub, auth_time: authTime } = claims;
    if (!SUBJECT.test(sub)) return refuse('identity-invalid', NOT_BELIEVED);
    const subject = this.options.disclosures.subjectDigest(issuer, sub);
    if (isAgain(flow) && flow.subject !== subject) return refuse('identity-invalid', OTHER_PERSON);
    return {
      issuer,
      subject,
      purpose,
      nonce,
      ...(flow.purpose === 'link' && { session: flow.session }),
      ...(authTime !== undefined && { authTime }),
    };
  }

  /** `Set-Cookie` for every answer to a callback: a flow is used once. */
  forget({ origin }: Site): string {
    return this.#cookie(origin, '');
  }

  /** Exchanges the code for an ID token and checks it: signature, issuer, audience, times, nonce. */
  async #redeem(provider: Configuration, flow: Flow, query: string): Promise<IDToken | OidcRefusal> {
    const { state, nonce, verifier } = this.#seal.secretsOf(flow);
    const callback = new URL(flow.origin + OIDC_CALLBACK);
    callback.search = query;
    try {
      const tokens = await authorizationCodeGrant(provider, callback, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
        ...(isAgain(flow) && { maxAge: MAX_AGE_SECONDS }),
      });
      return tokens.claims() ?? refuse('identity-invalid', NOT_BELIEVED);
    } catch (error) {
      if (error instanceof AuthorizationResponseError) return refuse('identity-invalid', NOT_SIGNED_IN);
      const refusal = refusalOf(error);
      // Endpoints and client secret may have changed.
      if (refusal) this.#provider.forget();
      return refusal ?? refuse('identity-invalid', NOT_BELIEVED);
    }
  }

  #cookie(origin: string, value: string): string {
    return flowCookie(origin, this.options.labDigits, value);
  }
}

/** OpenID Connect Core 1.0, section 2: at most 255 ASCII characters. */
const SUBJECT = /^[ -~]{1,255}$/;

const BEGUN_ELSEWHERE =
  'This sign-in was begun in another browser, or more than 10 minutes ago, or is completed already. Begin again.';
const CONFIGURED_ANEW = 'The identity provider was configured anew meanwhile. Begin again.';
const OTHER_SESSION = 'This link was begun in another session. Begin again.';
const NOT_SIGNED_IN =
  'The identity provider did not sign you in. Begin again, or ask the operator of the provider.';
const NOT_BELIEVED = 'The answer of the identity provider cannot be believed. Begin again.';
const OTHER_PERSON =
  'You signed in at the identity provider as somebody else than before. Begin again as yourself.';

function isAgain(flow: Flow): flow is Flow & { purpose: 'sign-in'; subject: string } {
  return flow.purpose === 'sign-in' && flow.subject !== undefined;
}
