import { createHash, randomUUID } from 'node:crypto';
import type { EventStore } from '../../src/store/event-store.js';
import { MemoryStore } from '../../src/store/memory.store.js';
import type { KurrentDBDouble } from '../store/kurrentdb/server-double.js';

/**
 * The store that suites run on where they do not ask for one: in memory, or with TEST_STORE=kurrentdb on KurrentDB –
 * the server that KURRENTDB_URL names, or the double. Streams of other tests and other runs are under other prefixes.
 */
const { TEST_STORE, KURRENTDB_URL } = process.env;
const run = randomUUID().slice(0, 8);

/** As `/health` calls it. */
export const testStoreName = TEST_STORE ?? 'memory';

/** For a test that edits the file of the embedded store. */
export const itEditsTheFile = TEST_STORE === undefined ? it : it.skip; // only where another store has no such file

let double: Promise<KurrentDBDouble> | undefined;

export async function testStore(): Promise<EventStore> {
  const address = await testAddress(randomUUID());
  if (address === undefined) return new MemoryStore();
  const { KurrentDBStore } = await import('../../src/store/kurrentdb/kurrentdb.store.js');
  const { readKurrentDBAddress } = await import('../../src/store/kurrentdb/address.js');
  return new KurrentDBStore(readKurrentDBAddress(address));
}

/** The address of a store of that name, the same for the whole run of a file; undefined for what lies in a folder. */
export async function testAddress(name: string): Promise<string | undefined> {
  if (TEST_STORE === undefined) return undefined;
  if (TEST_STORE !== 'kurrentdb')
    throw new Error(`TEST_STORE is kurrentdb or is not set, not ${TEST_STORE}.`);
  const prefix = `${run}-${createHash('sha256').update(name).digest('hex').slice(0, 12)}.`;
  const url = KURRENTDB_URL ?? (await (double ??= startDouble())).url;
  return `${url}${url.includes('?') ? '&' : '?'}prefix=${prefix}`;
}

async function startDouble(): Promise<KurrentDBDouble> {
  const { KurrentDBDouble } = await import('../store/kurrentdb/server-double.js');
  return KurrentDBDouble.start();
}
