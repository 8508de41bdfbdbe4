import type { EventStore } from './event-store.js';
import { isKurrentDBAddress, readKurrentDBAddress, type KurrentDBAddress } from './kurrentdb/address.js';
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

/** Opens the store that `options` name; the client of a cluster is loaded for a cluster only. @throws StoreError `address`, `missing`, and what each store throws. */
export async function openStore(folder: string, options: StoreOptions): Promise<EventStore> {
  const { store, holder, create = false } = options;
  if (store === undefined) return openSqliteStore(folder, { create, holder });
  const address = readStoreAddress(options);
  const { openKurrentDB } = await import('./kurrentdb/open-kurrentdb.js');
  return openKurrentDB(address, { create, report: options.report ?? toStandardError });
}

/** Opens the store without the right to append. Another process may be writing meanwhile. */
export async function openStoreForReading(folder: string, location: StoreLocation = {}): Promise<EventStore> {
  if (location.store === undefined) return openSqliteReader(folder);
  const address = readStoreAddress(location);
  const { openKurrentDBReader } = await import('./kurrentdb/open-kurrentdb.js');
  return openKurrentDBReader(address);
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

function toStandardError(message: string): void {
  process.stderr.write(`${message}\n`);
}
