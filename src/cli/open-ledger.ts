import { LedgerFolder } from '../anchoring/ledger-folder.js';
import { openLedgerForReading } from '../operations/open-ledger.js';
import { ask } from '../queries/ask.js';
import type { Answer } from '../queries/queries.js';
import type { Engine } from '../recording/engine.js';
import type { Refusal } from '../study/refusal.js';

/** A ledger’s folder, and the address of the cluster that holds its records, if they are not in the folder. */
export interface Place {
  readonly data: string;
  readonly store?: string | undefined;
}

/** The address of the cluster: as given, else as in the folder’s ledger.json; undefined for the embedded store. */
export function storeOf({ data, store }: Place): string | undefined {
  return store ?? LedgerFolder.read(data).config.store;
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
  return withQueries(await openLedgerForReading(place.data, { store: place.store }));
}

export function withQueries({ engine, folder }: Pick<OpenLedger, 'engine' | 'folder'>): OpenLedger {
  return { engine, folder, ask: (query) => ask(engine, query), close: () => engine.close() };
}
