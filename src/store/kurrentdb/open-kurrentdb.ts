import type { NewRecord } from '../event-store.js';
import { StoreError } from '../store-error.js';
import type { KurrentDBAddress } from './address.js';
import { KurrentDBStore } from './kurrentdb.store.js';

/** @throws StoreError `missing` if there is no ledger and none may be created. */
export async function openKurrentDB(
  address: KurrentDBAddress,
  { create, report }: { create: boolean; report: (message: string) => void },
): Promise<KurrentDBStore> {
  const store = new KurrentDBStore(address, {}, report);
  return create ? store : requireLedger(store, address);
}

/** Opens the store without the right to append. @throws StoreError `missing` */
export async function openKurrentDBReader(address: KurrentDBAddress): Promise<KurrentDBStore> {
  return requireLedger(new KurrentDBReader(address), address);
}

class KurrentDBReader extends KurrentDBStore {
  override async append(
    _stream: string,
    _expectedSize: number,
    _records: readonly NewRecord[],
  ): Promise<void> {
    throw new StoreError('read-only', 'This ledger was opened for reading. Send the command to a server.');
  }
}

async function requireLedger(store: KurrentDBStore, { shown }: KurrentDBAddress): Promise<KurrentDBStore> {
  try {
    if ((await store.size('lab')) > 0) return store;
  } catch (error) {
    await store.close();
    throw error;
  }
  await store.close();
  throw new StoreError('missing', `There is no ledger at ${shown}. Create one with study-ledger init.`);
}
