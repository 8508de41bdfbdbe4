import { readStoreAddress, type StoreLocation } from './open-store.js';
import type { RecordRows } from './record-rows.js';
import { openSqliteRows } from './sqlite/open-sqlite.js';

/** Opens a store for verification. @throws StoreError `missing` where there is no ledger. */
export async function openRows(folder: string, location: StoreLocation): Promise<RecordRows> {
  if (location.store === undefined) return openSqliteRows(folder);
  const { KurrentDBRows } = await import('./kurrentdb/kurrentdb-rows.js');
  return KurrentDBRows.open(readStoreAddress(location));
}
