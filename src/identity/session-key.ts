import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createDurably, makeFolder, writeDurably } from '../shared/durable-file.js';
import { sha256Hex } from '../shared/sha256.js';
import { isSecretMount } from '../signing/seed.js';

/** Its name in the folder of the signed heads, where no other file is given. */
export const SESSION_KEY_FILE = 'session.key';

const KEY_BYTES = 32;
/** 32 bytes in lower-case hex and a line feed. */
const KEY_TEXT = /^[0-9a-f]{64}\n?$/;

/** Why a session key is not used. The message never holds any of it. */
export class SessionKeyError extends Error {
  override readonly name = 'SessionKeyError';

  constructor(
    readonly code:
      'session-key-differs' | 'session-key-exposed' | 'session-key-malformed' | 'session-key-unreadable',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * What authenticates the texts that the server gives to browsers and gets back: session cookies, challenge tickets. All
 * processes of a ledger have the same key. It signs no record; a new one signs everybody out.
 */
export class SessionKey {
  readonly #key: Buffer;
  readonly #derived = new Map<string, Buffer>();

  constructor(key: Uint8Array) {
    if (key.length !== KEY_BYTES) throw new Error(`a session key has ${KEY_BYTES} bytes`);
    this.#key = Buffer.from(key);
  }

  /** SHA-256 in hex: tells whether two processes have the same key. */
  get digest(): string {
    return sha256Hex(this.#key);
  }

  /** A key for one purpose: HKDF-SHA-256, salt empty, info `study-ledger/session-key/v1 LF purpose LF`. */
  derive(purpose: string): Buffer {
    let key = this.#derived.get(purpose);
    if (!key) {
      const info = `study-ledger/session-key/v1\n${purpose}\n`;
      this.#derived.set(purpose, (key = Buffer.from(hkdfSync('sha256', this.#key, '', info, KEY_BYTES))));
    }
    return key;
  }

  /** The body, a dot, and its HMAC-SHA-256 in base64url. */
  seal(purpose: string, body: string): string {
    const mac = createHmac('sha256', this.derive(purpose)).update(body).digest('base64url');
    return `${body}.${mac}`;
  }

  /** The body of a text that was sealed for this purpose; undefined for every other text. */
  unseal(purpose: string, sealed: string): string | undefined {
    const body = sealed.slice(0, Math.max(0, sealed.lastIndexOf('.')));
    const [due, given] = [Buffer.from(this.seal(purpose, body)), Buffer.from(sealed)];
    return due.length === given.length && timingSafeEqual(due, given) ? body : undefined;
  }
}

/**
 * The key in a file that only its owner can read; made where there is none. Processes that make it at once get one key.
 * @throws SessionKeyError.
 */
export function openSessionKey(path: string): SessionKey {
  try {
    return readSessionKey(path) ?? makeSessionKey(path);
  } catch (error) {
    if (error instanceof SessionKeyError) throw error;
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    const message = `The session key in ${path} cannot be read or made (${code}).`;
    throw new SessionKeyError('session-key-unreadable', message, { cause: error });
  }
}

/** Beside the signed heads, which all processes of a ledger have in common. */
const DIGEST_FILE = 'session-key.sha256';

/**
 * The key of a server: beside the signed heads, or in a file of its own. Processes that have different keys would each refuse
 * the sessions of the other, so the second one does not start. @throws SessionKeyError.
 */
export function sharedSessionKey(heads: string, file = join(heads, SESSION_KEY_FILE)): SessionKey {
  const isDefault = file === join(heads, SESSION_KEY_FILE);
  const isNew = !existsSync(file);
  const key = openSessionKey(file);
  const known = join(heads, DIGEST_FILE);
  const text = `${key.digest}\n`;
  // Whoever deletes the key signs everybody out, and means it.
  if ((isNew && isDefault) || !existsSync(known)) writeDurably(known, text);
  if (readFileSync(known, 'latin1') === text) return key;
  throw new SessionKeyError(
    'session-key-differs',
    `The session key in ${file} is not the one that this ledger was served with. Name that file for every process; or, to change the key, stop them all and delete ${known}.`,
  );
}

function makeSessionKey(path: string): SessionKey {
  makeFolder(dirname(path));
  createDurably(path, `${randomBytes(KEY_BYTES).toString('hex')}\n`, 0o600);
  // Another process may have been the first.
  return readSessionKey(path)!;
}

/** Undefined where there is no file. */
function readSessionKey(path: string): SessionKey | undefined {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode;
  if (mode === undefined) return undefined;
  if ((mode & 0o077) !== 0 && !isSecretMount(path)) {
    const shown = (mode & 0o777).toString(8).padStart(4, '0');
    throw new SessionKeyError(
      'session-key-exposed',
      `The session key in ${path} has mode ${shown}: others may read or change it. Delete it, and a new one is made; everybody signs in again.`,
    );
  }
  const text = readFileSync(path, 'latin1');
  if (!KEY_TEXT.test(text))
    throw new SessionKeyError(
      'session-key-malformed',
      `${path} holds no session key: it is 64 hex digits and a line feed. Delete it, and a new one is made.`,
    );
  return new SessionKey(Buffer.from(text.slice(0, 2 * KEY_BYTES), 'hex'));
}
