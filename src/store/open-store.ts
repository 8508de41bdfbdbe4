import type { EventStore, NewRecord } from './event-store.js';
import { isKurrentDBAddress, readKurrentDBAddress, type KurrentDBAddress } from './kurrentdb/address.js';
import { KurrentDBStore } from './kurrentdb/kurrentdb.store.js';
import { openSqliteReader, openSqliteStore } from './sqlite/open-sqlite.js';
import { StoreError } from './store-error.js';

/** Where the records are: in the ledger's folder, or on a cluster. */
export interface StoreLocation {
  /** `kurrentdb://…`; if left out, the embedded store in the ledger's folder. */
  readonly store?: string | undefined;
  /** Called with warnings for the owner at each start; if left out, they go to standard error. */
  readonly report?: ((message: string) => void) | undefined;
}

export interface StoreOptions extends StoreLocation {
  /** Describes this process to another one that finds the embedded ledger locked. */
  readonly holder: string;
  /** Whether an empty store is accepted; otherwise it is refused as `missing`. */
  readonly create?: boolean;
}

/** Opens the store that `options` name. @throws StoreError `address`, `missing`, and what each store throws. */
export async function openStore(folder: string, options: StoreOptions): Promise<EventStore> {
  const { store, holder, create = false } = options;
  if (store === undefined) return openSqliteStore(folder, { create, holder });
  const address = readStoreAddress(options);
  return create ? new KurrentDBStore(address) : requireLedger(new KurrentDBStore(address), address);
}

/** Opens the store without the right to append. Another process may be writing meanwhile. */
export async function openStoreForReading(folder: string, location: StoreLocation = {}): Promise<EventStore> {
  if (location.store === undefined) return openSqliteReader(folder);
  const address = readStoreAddress(location);
  return requireLedger(new KurrentDBReader(address), address);
}

/** Parses the address of a cluster and reports its warnings. @throws StoreError `address` */
export function readStoreAddress({ store = '', report = toStandardError }: StoreLocation): KurrentDBAddress {
  if (!isKurrentDBAddress(store))
    throw new StoreError(
      'address',
      'The address of a store must begin with kurrentdb://. Leave it out for a ledger in its folder.',
    );
  const address = readKurrentDBAddress(store);
  for (const warning of address.warnings) report(warning);
  return address;
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

function toStandardError(message: string): void {
  process.stderr.write(`${message}\n`);
}
