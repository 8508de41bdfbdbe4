import type { Anchoring } from '../anchoring/anchoring.js';
import { UNNAMED_FACILITY, openLedgerFolder } from '../operations/open-ledger.js';
import type { Engine } from '../recording/engine.js';
import type { Receipt } from '../recording/open-stream.js';
import { CATALOGUE } from '../study/catalogue.js';
import type { StudyCommand } from '../study/commands/common/command.js';
import type { Refusal } from '../study/refusal.js';
import { withQueries, type OpenLedger, type Place } from './open-ledger.js';
import { Failure } from './output/failure.js';

export interface RecordingLedger extends OpenLedger {
  readonly anchoring: Anchoring;
}

/** Opens a ledger for recording; creates it if there is none. @throws Failure if simulated records would go into a real ledger */
export async function openForRecording(
  { data, store }: Place,
  holder: string,
  simulated = false,
): Promise<RecordingLedger> {
  const opened = await openLedgerFolder(data, { holder, simulated, store });
  const ledger = { ...withQueries(opened), anchoring: opened.anchoring };
  if (!simulated || (await ledger.engine.lab()).simulated) return ledger;
  await ledger.close();
  throw new Failure(
    `The ledger in ${store ?? data} is not a simulated one.`,
    'Name another folder for simulated records.',
    'ledger-not-simulated',
  );
}

/** Records one command, as the HTTP API does. */
export async function recordCommand(engine: Engine, command: StudyCommand): Promise<Receipt | Refusal> {
  const definition = CATALOGUE.find((one) => one.command === command.constructor);
  if (!definition) throw new Error(`there is no command ${command.constructor.name}`);
  return engine.execute(definition, command);
}

/** The facility of a ledger cannot be changed, so a ledger without one is reported each time. */
export function unnamed(folder: string): string {
  return `WARNING: the ledger in ${folder} belongs to no facility, and this cannot be changed: its keys and checkpoints bear the name ${UNNAMED_FACILITY}. Use it for trials only. Create a ledger to keep with: study-ledger init --data NEW-FOLDER --facility lab.example`;
}
