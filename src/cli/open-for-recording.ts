import type { Anchoring } from '../anchoring/anchoring.js';
import {
  SIMULATED_FACILITY,
  UNNAMED_FACILITY,
  askWitnesses,
  openLedgerFolder,
} from '../operations/open-ledger.js';
import { withQueries, type OpenLedger, type Place } from './open-ledger.js';
import { Failure } from './output/failure.js';

export interface RecordingLedger extends OpenLedger {
  readonly anchoring: Anchoring;
}

export interface RecordingOptions {
  /** What another process is told that finds the ledger in use. */
  readonly holder: string;
  readonly simulated?: boolean;
  /** Creates a simulated ledger if there is none. A real one is created by init. */
  readonly create?: boolean;
}

/** Opens a ledger for recording. @throws Failure if simulated records would go into a real ledger */
export async function openForRecording(
  { data, store }: Place,
  { holder, simulated = false, create = false }: RecordingOptions,
): Promise<RecordingLedger> {
  const facility = create ? SIMULATED_FACILITY : undefined;
  const opened = await openLedgerFolder(data, { holder, simulated, store, facility });
  await askWitnesses(opened.engine);
  const ledger = { ...withQueries(opened), anchoring: opened.anchoring };
  if (!simulated || (await ledger.engine.lab()).simulated) return ledger;
  await ledger.close();
  throw new Failure(
    `The ledger in ${store ?? data} is not a simulated one.`,
    'Name another folder for simulated records.',
    'ledger-not-simulated',
  );
}

/** The facility of a ledger cannot be changed, so a ledger without one is reported each time. */
export function unnamed(folder: string): string {
  return `WARNING: the ledger in ${folder} belongs to no facility, and this cannot be changed: its keys and checkpoints bear the name ${UNNAMED_FACILITY}. Use it for trials only. Create a ledger to keep with: study-ledger init --data NEW-FOLDER --facility lab.example`;
}
