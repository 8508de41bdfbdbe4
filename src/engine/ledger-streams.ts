import { logsOf } from '../lab/lab.js';
import type { LogName } from '../lab/origins.js';
import type { EventStore } from '../store/event-store.js';
import { OpenStream } from './open-stream.js';
import { LAB } from './streams.js';

/**
 * Every stream of a ledger that holds a record, as its own register tells: `lab`, `access` and the registered studies.
 * A store is not asked: KurrentDB lists streams only to an administrator, and what is not registered is no part of the
 * ledger (`verify` reports it where the store shows it).
 */
export async function streamsOf(store: EventStore): Promise<LogName[]> {
  const lab = new OpenStream(LAB, store);
  await lab.catchUp();
  const held: LogName[] = [];
  for (const log of logsOf(lab.state)) if ((await store.size(log)) > 0) held.push(log);
  return held;
}
