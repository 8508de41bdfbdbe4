import type { EventStore, NewRecord } from './event-store.js';
import { isKurrentDBAddress, readKurrentDBAddress, type KurrentDBAddress } from './kurrentdb/address.js';
import { KurrentDBStore } from './kurrentdb/kurrentdb.store.js';
import { openSqliteReader, openSqliteStore } from './sqlite/open-sqlite.js';
import { StoreError } from './store-error.js';

/** Where the records lie: in the ledger's folder, or on a cluster. */
export interface StorePlace {
  /** `kurrentdb://…`; the embedded store in the ledger's folder where it is left out. */
  readonly store?: string | undefined;
  /** Told what the owner should hear at each start; written to standard error where nobody is named. */
  readonly report?: ((message: string) => void) | undefined;
}

export interface StoreOptions extends StorePlace {
  /** What this process is, for another one that finds the embedded ledger held. */
  readonly holder: string;
  /** A ledger may begin here; otherwise an empty store is refused as `missing`. */
  readonly create?: boolean;
}

/** The one place that knows which stores there are. @throws StoreError `address`, `missing`, and what each store throws. */
export async function openStore(folder: string, options: StoreOptions): Promise<EventStore> {
  const { store, holder, create = false } = options;
  if (store === undefined) return openSqliteStore(folder, { create, holder });
  const address = announced(options);
  return create ? new KurrentDBStore(address) : holding(new KurrentDBStore(address), address);
}

/** Beside a writer, or without one; appends are refused. */
export async function openStoreForReading(folder: string, place: StorePlace = {}): Promise<EventStore> {
  if (place.store === undefined) return openSqliteReader(folder);
  const address = announced(place);
  return holding(new KurrentDBReader(address), address);
}

/** The address of a cluster, after its owner was told what is wrong with it. */
export function announced({ store = '', report = toStandardError }: StorePlace): KurrentDBAddress {
  if (!isKurrentDBAddress(store))
    throw new StoreError(
      'address',
      'The address of a store begins with kurrentdb:// – without one, the ledger lies in its folder.',
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

async function holding(store: KurrentDBStore, { shown }: KurrentDBAddress): Promise<KurrentDBStore> {
  try {
    if ((await store.size('lab')) > 0) return store;
  } catch (error) {
    await store.close();
    throw error;
  }
  await store.close();
  throw new StoreError('missing', `There is no ledger in ${shown}. Make one there with study-ledger init.`);
}

function toStandardError(message: string): void {
  process.stderr.write(`${message}\n`);
}
