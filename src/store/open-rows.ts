import { KurrentDBRows } from './kurrentdb/kurrentdb-rows.js';
import { announced, type StorePlace } from './open-store.js';
import type { RecordRows } from './record-rows.js';
import { openSqliteRows } from './sqlite/open-sqlite.js';

/** What a store holds, for a check of it. @throws StoreError `missing` where there is no ledger. */
export async function openRows(folder: string, place: StorePlace): Promise<RecordRows> {
  return place.store === undefined ? openSqliteRows(folder) : KurrentDBRows.open(announced(place));
}
