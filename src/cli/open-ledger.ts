import { LedgerFolder } from '../anchoring/ledger-folder.js';
import { openLedgerForReading } from '../operations/open-ledger.js';
import { ask } from '../queries/ask.js';
import type { Answer } from '../queries/queries.js';
import type { Engine } from '../recording/engine.js';
import { ledgerExists } from '../store/sqlite/open-sqlite.js';
import type { Refusal } from '../study/refusal.js';
import { Failure } from './output/failure.js';

/** A ledger’s folder, and the address of the cluster that holds its records, if they are not in the folder. */
export interface Place {
  readonly data: string;
  readonly store?: string | undefined;
}

/** The address of the cluster: as given, else as in the folder’s ledger.json; undefined for the embedded store. */
export function storeOf({ data, store }: Place): string | undefined {
  return store ?? LedgerFolder.read(data).config.store;
}

/** Refuses a folder without a ledger. A cluster is asked only when the ledger is opened. @throws Failure */
export function mustExist(place: Place): void {
  if (storeOf(place) === undefined && !ledgerExists(place.data))
    throw new Failure(`There is no ledger in ${place.data}.`, 'Name the folder with --data.');
}

/** An open ledger. Queries give the same answers as over HTTP. */
export interface OpenLedger {
  readonly engine: Engine;
  readonly folder: LedgerFolder;
  ask(query: object): Promise<Answer | Refusal>;
  close(): Promise<void>;
}

/** Opens a ledger for reading, which works while a server runs. */
export async function openForReading(place: Place): Promise<OpenLedger> {
  mustExist(place);
  return withQueries(await openLedgerForReading(place.data, { store: place.store }));
}

export function withQueries({ engine, folder }: Pick<OpenLedger, 'engine' | 'folder'>): OpenLedger {
  return { engine, folder, ask: (query) => ask(engine, query), close: () => engine.close() };
}
