import { originOf } from '../lab/origins.js';
import type { Lab, PublishedKey } from '../lab/lab.js';
import { sha256 } from '../shared/sha256.js';
import { openCheckpoint } from '../tlog/checkpoint.js';
import { LedgerError } from '../tlog/error.js';
import type { TreeHead } from '../tlog/merkle.js';
import { ed25519Verifier, parseNote, parseVkey, type VerifierKey } from '../tlog/note.js';
import { ed25519Verify } from './ed25519.js';

/** A tree head with its log-signed note. */
export interface SignedHead extends TreeHead {
  readonly note: string;
}

/** A signed head as it was read from its note, with the keys of its log that signed it. */
export interface ReadHead extends SignedHead {
  readonly signers: readonly VerifierKey[];
}

/** The head in a note; undefined where no key of this log signed it. */
export function readSignedHead(
  note: string,
  origin: string,
  keys: readonly PublishedKey[],
): ReadHead | undefined {
  try {
    const known = keys.map(({ vkey }) => parseVkey(sha256, vkey));
    const verifiers = known.map((key) => ed25519Verifier(key, ed25519Verify));
    const { checkpoint } = openCheckpoint(note, verifiers);
    if (checkpoint.origin !== origin) return undefined;
    const signed = new Set(parseNote(note).signatures.map(({ id }) => id));
    return { ...checkpoint, note, signers: known.filter(({ id }) => signed.has(id)) };
  } catch (error) {
    if (error instanceof LedgerError) return undefined;
    throw error;
  }
}

/** Whether a note is a checkpoint of this lab. */
export function isOwnNote({ facility, keys }: Lab): (note: string) => boolean {
  const origin = originOf(facility, 'lab');
  return (note) => readSignedHead(note, origin, keys.get(origin) ?? []) !== undefined;
}
