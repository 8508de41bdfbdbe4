import { NestFactory } from '@nestjs/core';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { AppModule } from '../app.module.js';
import type { Engine } from '../recording/engine.js';
import type { Receipt } from '../recording/open-stream.js';
import { UNNAMED_FACILITY, openLedgerFolder, openLedgerForReading } from '../operations/open-ledger.js';
import type { Anchoring } from '../anchoring/anchoring.js';
import { LedgerFolder } from '../anchoring/ledger-folder.js';
import type { Answer } from '../queries/queries.js';
import { ledgerExists } from '../store/sqlite/open-sqlite.js';
import type { StudyCommand } from '../study/commands/common/command.js';
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

/** A ledger that is open, with the same two buses that the HTTP API uses. */
export interface OpenLedger {
  readonly engine: Engine;
  readonly folder: LedgerFolder;
  record(command: StudyCommand): Promise<Receipt | Refusal>;
  ask(query: object): Promise<Answer | Refusal>;
  close(): Promise<void>;
}

export interface RecordingLedger extends OpenLedger {
  readonly anchoring: Anchoring;
}

/** For reading only; works beside a running server. */
export async function openForReading(place: Place): Promise<OpenLedger> {
  mustExist(place);
  return around(await openLedgerForReading(place.data, { store: place.store }));
}

/** For recording; makes the ledger where there is none. A ledger that is simulated is so for ever, and no other becomes so. */
export async function openForRecording(
  { data, store }: Place,
  holder: string,
  simulated = false,
): Promise<RecordingLedger> {
  const opened = await openLedgerFolder(data, { holder, simulated, store });
  const ledger = { ...(await around(opened)), anchoring: opened.anchoring };
  if (!simulated || (await ledger.engine.lab()).simulated) return ledger;
  await ledger.close();
  throw new Failure(
    `The ledger in ${store ?? data} is a real one.`,
    'Simulated records go into a folder of their own.',
    'ledger-not-simulated',
  );
}

/** A name is for ever, and so is having none: said each time, until somebody makes a ledger to be kept. */
export function unnamed(folder: string): string {
  return `WARNING: the ledger in ${folder} belongs to no facility, and never will: its keys and checkpoints bear the name ${UNNAMED_FACILITY}. That does for trying things out. Make one to be kept with: study-ledger init --data NEW-FOLDER --facility lab.example`;
}

/** A ledger that must be there already; for recording, unless it is only to be looked at. */
export async function openExisting(
  place: Place,
  holder: string,
  reading: boolean,
): Promise<OpenLedger & { readonly anchoring?: Anchoring }> {
  mustExist(place);
  return reading ? openForReading(place) : openForRecording(place, holder);
}

async function around({ engine, folder }: { engine: Engine; folder: LedgerFolder }): Promise<OpenLedger> {
  const app = await NestFactory.createApplicationContext(AppModule.on(engine), {
    logger: ['error'],
    abortOnError: false,
  });
  const commands = app.get(CommandBus);
  const queries = app.get(QueryBus);
  return {
    engine,
    folder,
    record: (command) => commands.execute(command),
    ask: (query) => queries.execute(query as never),
    async close() {
      await app.close();
      await engine.close();
    },
  };
}
