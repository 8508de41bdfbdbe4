import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { syncFile } from '../../shared/durable-file.js';
import { storeError } from './sqlite-errors.js';
import { ledgerExists } from './open-sqlite.js';
import { StoreError } from '../store-error.js';
import { Database } from './driver.js';

const FILE = 'ledger.sqlite';

/**
 * Copies a ledger's database into another folder, as it is at one instant, while its writer goes on writing. VACUUM
 * INTO reads in one transaction; the page-wise backup of SQLite would begin anew whenever the writer commits.
 */
export function copySqliteLedger(from: string, to: string): void {
  if (!ledgerExists(from)) throw new StoreError('missing', `There is no ledger in ${from}.`);
  if (ledgerExists(to))
    throw new StoreError('invalid', `There is a ledger in ${to} already: name an empty folder.`);
  mkdirSync(to, { recursive: true });
  const part = join(to, `${FILE}.part`);
  rmSync(part, { force: true });
  try {
    const db = new Database(join(from, FILE), { readonly: true, fileMustExist: true });
    try {
      db.prepare('VACUUM INTO ?').run(part);
    } finally {
      db.close();
    }
    syncFile(part);
    renameSync(part, join(to, FILE));
    syncFile(to);
  } catch (error) {
    throw storeError(error, part);
  }
}
