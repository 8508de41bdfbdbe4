import { readFileSync } from 'node:fs';
import {
  ClientError,
  ClientSecretBasic,
  ClientSecretPost,
  None,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
  allowInsecureRequests,
  buildAuthorizationUrl,
  discovery,
  enableNonRepudiationChecks,
  type ClientAuth,
  type Configuration,
} from 'openid-client';
import { refuse, type Refusal } from '../study/refusal.js';

/** The provider in force: `oidc` of SiteConfigured. */
export interface ProviderSite {
  readonly issuer: string;
  readonly clientId: string;
}

export interface ProviderOptions {
  /** Holds the client secret, for a provider that wants one. */
  readonly clientSecretFile?: string;
  /** For each request to the provider. */
  readonly timeoutMs?: number;
  readonly now?: () => number;
}

export type ProviderRefusal = Refusal<'identity-provider-unavailable'>;

const TIMEOUT_MS = 10_000;
/** How long a discovery document is believed, unless it fails. Keys are read again when a token names an unknown one. */
const CACHE_MS = 3_600_000;

const UNREACHABLE = new Set([
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_MISSING_SERVER_METADATA',
  'OAUTH_INVALID_SERVER_METADATA',
  'OAUTH_HTTP_REQUEST_FORBIDDEN',
]);

/** The discovery document of the provider (OpenID Connect Discovery 1.0): read at the first use, then from memory. */
export class Provider {
  #cached: { site: ProviderSite; until: number; configuration: Promise<Configuration> } | undefined;
  readonly #now: () => number;

  constructor(private readonly options: ProviderOptions) {
    this.#now = options.now ?? Date.now;
  }

  /** A failure is not remembered: the next call asks again. */
  async configuration(site: ProviderSite): Promise<Configuration | ProviderRefusal> {
    if (!isSafe(site.issuer))
      return unavailable(
        `Its issuer is “${site.issuer}”: an administrator has to configure an https: address.`,
      );
    let cached = this.#cached;
    if (!cached || !isSame(cached.site, site) || cached.until <= this.#now())
      this.#cached = cached = { site, until: this.#now() + CACHE_MS, configuration: this.#discover(site) };
    try {
      return await cached.configuration;
    } catch (error) {
      if (this.#cached === cached) this.#cached = undefined;
      return refusalOf(error) ?? unavailable(NO_DISCOVERY);
    }
  }

  /** The next call asks again. */
  forget(): void {
    this.#cached = undefined;
  }

  async #discover({ issuer, clientId }: ProviderSite): Promise<Configuration> {
    const secret = this.#secret();
    const configuration = await discovery(new URL(issuer), clientId, undefined, authentication(secret), {
      timeout: (this.options.timeoutMs ?? TIMEOUT_MS) / 1000,
      // Without them the signature of an ID token is not checked.
      execute: [enableNonRepudiationChecks, ...(isPlain(issuer) ? [allowInsecureRequests] : [])],
    });
    // The client makes exceptions for some vendors, whose documents name another issuer.
    if (configuration.serverMetadata().issuer !== issuer) throw new Unusable(NO_DISCOVERY);
    // Throws where the document has no safe address of the sign-in page.
    buildAuthorizationUrl(configuration, {});
    return configuration;
  }

  /** Read at each discovery, so that a new secret needs no restart. */
  #secret(): string | undefined {
    const { clientSecretFile } = this.options;
    if (clientSecretFile === undefined) return undefined;
    let secret: string;
    try {
      secret = readFileSync(clientSecretFile, 'utf8').trim();
    } catch {
      throw new Unusable(NO_SECRET);
    }
    if (secret === '') throw new Unusable(NO_SECRET);
    return secret;
  }
}

const NO_DISCOVERY =
  'Its discovery document cannot be used: an administrator has to compare the issuer configured with the one that the provider names.';
const NO_SECRET = 'The file of the client secret is empty or cannot be read: the operator has to look.';
const NOT_REACHED = 'It did not answer as it should. Try again in a while, or sign in by passkey.';
const CLIENT_REFUSED =
  'It does not accept this ledger as its client: an administrator has to compare client id, client secret and redirect address with those at the provider.';

/** A fault that the message describes in our words. */
class Unusable extends Error {}

/**
 * The refusal for an error of a request to the provider; undefined where the provider answered and the answer cannot be
 * believed. Nothing of what the provider said is in it.
 */
export function refusalOf(error: unknown): ProviderRefusal | undefined {
  if (error instanceof Unusable) return unavailable(error.message);
  if (error instanceof WWWAuthenticateChallengeError) return unavailable(CLIENT_REFUSED);
  if (error instanceof ResponseBodyError) {
    if (error.error === 'invalid_grant') return undefined;
    return unavailable(/^(invalid|unauthorized)_client$/.test(error.error) ? CLIENT_REFUSED : NOT_REACHED);
  }
  // Node’s fetch fails with a TypeError; a ClientError without a code wraps what the client did not expect.
  if (error instanceof ClientError && error.code !== undefined && !UNREACHABLE.has(error.code))
    return undefined;
  return error instanceof ClientError || error instanceof TypeError ? unavailable(NOT_REACHED) : undefined;
}

export function unavailable(why: string): ProviderRefusal {
  return refuse('identity-provider-unavailable', `The identity provider cannot be used. ${why}`);
}

/** The secret is sent as the provider says that it takes it; `client_secret_basic` where it does not say. */
function authentication(secret: string | undefined): ClientAuth {
  if (secret === undefined) return None();
  const basic = ClientSecretBasic(secret);
  const post = ClientSecretPost(secret);
  return (server, ...rest) => {
    const { token_endpoint_auth_methods_supported: methods = ['client_secret_basic'] } = server;
    (methods.includes('client_secret_basic') ? basic : post)(server, ...rest);
  };
}

function isSame(one: ProviderSite, other: ProviderSite): boolean {
  return one.issuer === other.issuer && one.clientId === other.clientId;
}

function isSafe(issuer: string): boolean {
  return URL.canParse(issuer) && (issuer.startsWith('https://') || isPlain(issuer));
}

/** A provider on this machine, for trials and tests. */
function isPlain(issuer: string): boolean {
  return /^http:\/\/localhost(:\d+)?(\/|$)/.test(issuer);
}
