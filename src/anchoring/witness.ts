import { sha256 } from '../shared/sha256.js';
import { parseVkey, type VerifierKey } from '../tlog/note.js';
import type { WitnessConfig } from './ledger-folder.js';

export interface Witness {
  /** Its key id. Files are named by it, since a name may hold any character. */
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly key: VerifierKey;
}

/** @throws LedgerError where a key cannot be read. */
export function witnessesOf(configured: readonly WitnessConfig[]): Witness[] {
  return configured.map(({ name, url, vkey }) => {
    const key = parseVkey(sha256, vkey);
    return { id: key.id, name, url, key };
  });
}
