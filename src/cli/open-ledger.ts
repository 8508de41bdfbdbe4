import { LedgerFolder } from '../anchoring/ledger-folder.js';
import { openLedgerForReading } from '../operations/open-ledger.js';
import { ask } from '../queries/ask.js';
import type { Answer } from '../queries/queries.js';
import type { Engine } from '../recording/engine.js';
import { ledgerExists } from '../store/sqlite/open-sqlite.js';
import type { Refusal } from '../study/refusal.js';
import { Failure } from './output/failure.js';

/** Where a ledger lies: its folder, and the address of the cluster that holds its records, if they are not in there. */
export interface Place {
  readonly data: string;
  readonly store?: string | undefined;
}

/** The address that was given, or the one that the ledger's folder names; undefined for the embedded store. */
export function storeOf({ data, store }: Place): string | undefined {
  return store ?? LedgerFolder.read(data).config.store;
}

/** A ledger in a folder has to be there; whether a cluster holds one shows when it is opened. */
export function mustExist(place: Place): void {
  if (storeOf(place) === undefined && !ledgerExists(place.data))
    throw new Failure(`There is no ledger in ${place.data}.`, 'Name the folder with --data.');
}

/** A ledger that is open; a query is answered as it is behind the HTTP API. */
export interface OpenLedger {
  readonly engine: Engine;
  readonly folder: LedgerFolder;
  ask(query: object): Promise<Answer | Refusal>;
  close(): Promise<void>;
}

/** For reading only; works beside a running server. */
export async function openForReading(place: Place): Promise<OpenLedger> {
  mustExist(place);
  return withQueries(await openLedgerForReading(place.data, { store: place.store }));
}

export function withQueries({ engine, folder }: Pick<OpenLedger, 'engine' | 'folder'>): OpenLedger {
  return { engine, folder, ask: (query) => ask(engine, query), close: () => engine.close() };
}
