import { hkdfSync } from 'node:crypto';
import { sha256, sha256Hex } from '../shared/sha256.js';
import { ED25519, formatVkey, verifierKey, type VerifierKey } from '../tlog/note.js';
import type { Ed25519Sign } from '../tlog/sign.js';
import { ed25519Key } from './ed25519.js';

export const SEED_BYTES = 32;

/** A log's key of one epoch: the signing function and the published verifier key. */
export interface LogKey {
  readonly key: VerifierKey;
  readonly vkey: string;
  readonly sign: Ed25519Sign;
}

/**
 * Every key of a facility, derived from its master seed by HKDF-SHA-256 (RFC 5869). Each log has a key of its own, which
 * binds a signature to one origin. That is no isolation: whoever has the seed has all keys.
 */
export class KeyRing {
  /** By the epoch from which each holds, newest first. */
  readonly #seeds: { readonly from: number; readonly seed: Uint8Array }[];
  readonly #keys = new Map<string, LogKey>();

  constructor(seed: Uint8Array) {
    if (seed.length !== SEED_BYTES) throw new Error(`a master seed has ${SEED_BYTES} bytes`);
    this.#seeds = [{ from: 1, seed: Uint8Array.from(seed) }];
  }

  key(origin: string, epoch = 1): LogKey {
    const name = `${origin}\n${epoch}`;
    let found = this.#keys.get(name);
    if (!found) this.#keys.set(name, (found = this.#derived(origin, epoch)));
    return found;
  }

  /** Uses another seed from an epoch on. Keys of earlier epochs stay, to sign the change. */
  renew(from: number, seed: Uint8Array): void {
    if (seed.length !== SEED_BYTES) throw new Error(`a master seed has ${SEED_BYTES} bytes`);
    this.#seeds.unshift({ from, seed: Uint8Array.from(seed) });
    for (const name of this.#keys.keys())
      if (Number(name.slice(name.indexOf('\n') + 1)) >= from) this.#keys.delete(name);
  }

  /** Compares without showing a seed. */
  holds(seed: Uint8Array): boolean {
    return this.#seeds.some((own) => sha256Hex(own.seed) === sha256Hex(seed));
  }

  #derived(origin: string, epoch: number): LogKey {
    const { seed } = this.#seeds.find(({ from }) => from <= epoch)!;
    const { publicKey, sign } = ed25519Key(logSeed(seed, origin, epoch));
    const key = verifierKey(sha256, origin, ED25519, publicKey);
    return { key, vkey: formatVkey(key), sign };
  }
}

/** The RFC 8032 private key of a log: salt empty, info `study-ledger/log-key/v1 LF origin LF epoch LF`. */
export function logSeed(master: Uint8Array, origin: string, epoch: number): Uint8Array {
  const info = `study-ledger/log-key/v1\n${origin}\n${epoch}\n`;
  return new Uint8Array(hkdfSync('sha256', master, '', info, SEED_BYTES));
}
