import { v7 } from 'uuid';
import { openSqliteStore } from '../store/sqlite-ledger.js';
import { Engine } from './engine.js';

/** What a ledger is called whose owner did not say: fixed for ever, so a ledger to be kept is named when it is made. */
export const UNNAMED_FACILITY = 'unnamed.invalid';
export const SIMULATED_FACILITY = 'simulated.invalid';

export interface LedgerOptions {
  /** What this process is, for another one that finds the ledger held. */
  readonly holder: string;
  readonly facility?: string;
  readonly simulated?: boolean;
}

/** Opens a ledger folder for recording; makes the ledger where there is none. */
export async function openLedger(
  folder: string,
  { holder, facility, simulated = false }: LedgerOptions,
): Promise<Engine> {
  const store = openSqliteStore(folder, { create: true, holder });
  try {
    const engine = new Engine(store, () => Date.now());
    await engine.initialise(facility ?? (simulated ? SIMULATED_FACILITY : UNNAMED_FACILITY), simulated, v7());
    return engine;
  } catch (error) {
    await store.close();
    throw error;
  }
}
