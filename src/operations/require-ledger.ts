import { existsSync } from 'node:fs';
import { LedgerFolder } from '../anchoring/ledger-folder.js';
import { lostRecords } from '../signing/note-signer.js';
import { ledgerExists } from '../store/sqlite/open-sqlite.js';
import { StoreError } from '../store/store-error.js';

export interface RequireOptions {
  /** As in LedgerOptions. */
  readonly store?: string | undefined;
  /** Also accepts a folder in which a ledger can be created. */
  readonly create?: boolean;
}

/**
 * Refuses a folder without a ledger before anything is written into it. A cluster is not asked: whether it holds records
 * shows when it is opened.
 * @throws StoreError `missing`, SigningError if a head was signed and the records are gone
 */
export async function requireLedger(
  path: string,
  { store, create = false }: RequireOptions = {},
): Promise<void> {
  const { config, heads } = LedgerFolder.read(path);
  if ((store ?? config.store) !== undefined) {
    // Seed and marks are in the folder even then: a folder that is not there is a mistyped one.
    if (!create && !existsSync(path)) throw noLedger(path);
    return;
  }
  if (ledgerExists(path)) return;
  if ((await heads.load('lab')) !== undefined) throw lostRecords(path);
  if (!create) throw noLedger(path);
}

export function noLedger(path: string): StoreError {
  const why = existsSync(path) ? 'it has no ledger.sqlite' : 'it does not exist';
  return new StoreError('missing', `There is no ledger in ${path}: ${why}.`);
}
