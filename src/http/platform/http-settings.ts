import { randomBytes } from 'node:crypto';
import { SessionKey } from '../../identity/session-key.js';
import type { RequestLine } from './request-line.js';

/** How much may wait for the records that name it. */
export interface UploadBounds {
  readonly files: number;
  /** Bytes. */
  readonly size: number;
}

/** Of one person, and of everybody together. */
interface UploadQuotas {
  readonly person: UploadBounds;
  readonly all: UploadBounds;
}

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
  /** Of files that no record names. */
  readonly uploads?: UploadQuotas;
}

const MB = 1_048_576;
const UPLOADS: UploadQuotas = {
  person: { files: 100, size: 500 * MB },
  all: { files: 1000, size: 5000 * MB },
};

/** What the server was started with, for those who ask who asks. */
export class HttpSettings {
  readonly sessionKey: SessionKey;
  readonly oidcSecretFile: string | undefined;
  readonly behindProxy: string | undefined;
  readonly log: HttpOptions['log'];
  readonly attemptsAMinute: number;
  readonly uploads: UploadQuotas;

  /** Without a key of its own, everybody is signed out when the process ends. */
  constructor({
    sessionKey,
    oidcSecretFile,
    behindProxy,
    log,
    attemptsAMinute = 30,
    uploads = UPLOADS,
  }: HttpOptions = {}) {
    this.sessionKey = sessionKey ?? new SessionKey(randomBytes(32));
    this.oidcSecretFile = oidcSecretFile;
    this.behindProxy = behindProxy;
    this.log = log;
    this.attemptsAMinute = attemptsAMinute;
    this.uploads = uploads;
  }
}
