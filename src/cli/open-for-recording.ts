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

/** For recording; makes the ledger where there is none. A ledger that is simulated is so for ever, and no other becomes so. */
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
    `The ledger in ${store ?? data} is a real one.`,
    'Simulated records go into a folder of their own.',
    'ledger-not-simulated',
  );
}

/** Records one command as the HTTP API does. */
export async function recordCommand(engine: Engine, command: StudyCommand): Promise<Receipt | Refusal> {
  const definition = CATALOGUE.find((one) => one.command === command.constructor);
  if (!definition) throw new Error(`there is no command ${command.constructor.name}`);
  return engine.execute(definition, command);
}

/** A name is for ever, and so is having none: said each time, until somebody makes a ledger to be kept. */
export function unnamed(folder: string): string {
  return `WARNING: the ledger in ${folder} belongs to no facility, and never will: its keys and checkpoints bear the name ${UNNAMED_FACILITY}. That does for trying things out. Make one to be kept with: study-ledger init --data NEW-FOLDER --facility lab.example`;
}
