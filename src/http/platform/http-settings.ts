import { randomBytes } from 'node:crypto';
import { SessionKey } from '../../identity/session-key.js';
import type { RequestLine } from './request-line.js';

export interface HttpOptions {
  readonly sessionKey?: SessionKey;
  /** Holds the client secret for the identity provider. */
  readonly oidcSecretFile?: string;
  /** IP address that a TLS proxy connects from: nobody else is answered. */
  readonly behindProxy?: string;
  /** Gets a line for each request that was answered. */
  readonly log?: (line: RequestLine) => void;
  /** Of signing in, by an address. */
  readonly attemptsAMinute?: number;
}

/** What the server was started with, for those who ask who asks. */
export class HttpSettings {
  readonly sessionKey: SessionKey;
  readonly oidcSecretFile: string | undefined;
  readonly behindProxy: string | undefined;
  readonly log: HttpOptions['log'];
  readonly attemptsAMinute: number;

  /** Without a key of its own, everybody is signed out when the process ends. */
  constructor({ sessionKey, oidcSecretFile, behindProxy, log, attemptsAMinute = 30 }: HttpOptions = {}) {
    this.sessionKey = sessionKey ?? new SessionKey(randomBytes(32));
    this.oidcSecretFile = oidcSecretFile;
    this.behindProxy = behindProxy;
    this.log = log;
    this.attemptsAMinute = attemptsAMinute;
  }
}
