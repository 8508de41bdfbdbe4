import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { createDurably, syncFile } from '../shared/durable-file.js';
import { KeyRing, SEED_BYTES } from './key-ring.js';

/**
 * The seed of every simulated ledger, 00 01 … 1f. It is published, so that a demo is the same wherever it is played.
 * Therefore it proves nothing, and no other ledger accepts it.
 */
export const DEMO_SEED: Uint8Array = Uint8Array.from({ length: SEED_BYTES }, (_, byte) => byte);

export type SeedErrorCode =
  'seed-missing' | 'seed-exposed' | 'seed-malformed' | 'seed-published' | 'seed-unreadable';

/** Why a master seed is not used. The message never holds any of it. */
export class SeedError extends Error {
  override readonly name = 'SeedError';

  constructor(
    readonly code: SeedErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** 32 bytes in lower-case hex and a line feed. */
const SEED_TEXT = /^[0-9a-f]{64}\n?$/;
const MOST_BYTES = 256;

/** Where container platforms mount secrets. They choose the mode there, and only the container sees the file. */
const SECRET_MOUNT = /^(\/var)?\/run\/secrets\//;

export function isSecretMount(path: string): boolean {
  return SECRET_MOUNT.test(path);
}

/**
 * Creates a new seed in a file that only its owner can read. False where there is a file already; it is not changed.
 *
 * Trust: whoever reads this file can sign for every log of the ledger, for ever. It belongs in no backup of the
 * records and in no environment variable, which child processes and crash reports would carry away.
 */
export function createSeedFile(path: string): boolean {
  return createDurably(path, `${newSeed().toString('hex')}\n`, 0o600);
}

export function newSeed(): Buffer {
  return randomBytes(SEED_BYTES);
}

/** @throws SeedError where a file is there already. */
export function createSeed(path: string, seed: Uint8Array): void {
  if (createDurably(path, `${Buffer.from(seed).toString('hex')}\n`, 0o600)) return;
  throw new SeedError('seed-unreadable', `There is a file ${path} already: look at it, and move it away.`);
}

/** Puts a seed file in the place of another, which is kept under the name `retired`. */
export function replaceSeedFile(path: string, by: string, retired: string): void {
  renameSync(path, retired);
  renameSync(by, path);
  syncFile(dirname(path));
}

/** @throws SeedError. */
export function readSeedFile(path: string): KeyRing {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new SeedError('seed-missing', `There is no seed in ${path}.`);
    throw new SeedError('seed-unreadable', `The seed in ${path} cannot be read (${code ?? 'unknown'}).`);
  }
  try {
    const { mode } = fstatSync(descriptor);
    if ((mode & 0o077) !== 0 && !isSecretMount(path)) {
      const shown = (mode & 0o777).toString(8).padStart(4, '0');
      throw new SeedError(
        'seed-exposed',
        `The seed in ${path} has mode ${shown}: others may read or change it. Run chmod 600 on it, and rotate the keys where others could.`,
      );
    }
    return ringOf(descriptor, path);
  } finally {
    closeSync(descriptor);
  }
}

/** From a descriptor that the parent process opened, such as a pipe of a password store. @throws SeedError. */
export function readSeedDescriptor(descriptor: number): KeyRing {
  return ringOf(descriptor, `file descriptor ${descriptor}`);
}

/** @throws SeedError `seed-published` for the seed of the demo. */
export function mustBeSecret(ring: KeyRing): KeyRing {
  if (!ring.holds(DEMO_SEED)) return ring;
  throw new SeedError(
    'seed-published',
    'This is the published seed of the demo: anyone can sign with it. Take another for a real ledger.',
  );
}

function ringOf(descriptor: number, where: string): KeyRing {
  const bytes = Buffer.alloc(MOST_BYTES);
  let length = 0;
  try {
    for (let read = -1; read !== 0 && length < bytes.length; length += read)
      read = readSync(descriptor, bytes, length, bytes.length - length, null);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SeedError('seed-unreadable', `No seed can be read from ${where} (${code ?? 'unknown'}).`);
  }
  const text = bytes.toString('latin1', 0, length);
  if (!SEED_TEXT.test(text)) {
    throw new SeedError('seed-malformed', `${where} holds no seed: it is 64 hex digits and a line feed.`);
  }
  const ring = new KeyRing(Buffer.from(text.slice(0, 64), 'hex'));
  bytes.fill(0);
  return ring;
}
