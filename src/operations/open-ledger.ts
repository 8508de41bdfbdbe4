import { resolve } from 'node:path';
import { v7 } from 'uuid';
import { makeFolder } from '../shared/durable-file.js';
import { createSeedFile } from '../signing/seed.js';
import { isFacility, originOf } from '../lab/origins.js';
import { parsePolicy } from '../tlog/policy.js';
import { formatVkey } from '../tlog/note.js';
import { openStore, openStoreForReading, type StoreLocation } from '../store/open-store.js';
import { Anchoring, readingAnchorer } from '../anchoring/anchoring.js';
import { readingCustody } from '../signing/custody.js';
import { Engine } from '../recording/engine.js';
import { completedPolicy, defaultPolicy } from '../anchoring/lab-policy.js';
import { ownCommandId } from '../recording/lab-records.js';
import {
  FolderCustody,
  LedgerFolder,
  type AuthorityConfig,
  type WitnessConfig,
} from '../anchoring/ledger-folder.js';
import { sha256 } from '../shared/sha256.js';
import { completePolicy } from '../signing/rotation.js';
import { SigningError } from '../signing/signing.js';

/** What a ledger is called whose owner did not say: fixed for ever, so a ledger to be kept is named when it is made. */
export const UNNAMED_FACILITY = 'unnamed.invalid';
export const SIMULATED_FACILITY = 'simulated.invalid';

export interface LedgerOptions {
  /** What this process is, for another one that finds the ledger held. */
  readonly holder: string;
  /** `kurrentdb://…` where the records lie on a cluster; what else a ledger has stays in its folder. */
  readonly store?: string | undefined;
  readonly facility?: string;
  readonly simulated?: boolean;
  readonly clock?: () => number;
  /** Told in a sentence what somebody should look at. */
  readonly report?: (message: string) => void;
  /** The rest concerns a ledger that is made now, but for the seed's descriptor, which is named at each start. */
  readonly seedFile?: string;
  readonly seedDescriptor?: number;
  readonly marks?: string;
  readonly anchors?: string;
  /** The text of a lab policy. */
  readonly policy?: string;
  /** Who stamps lab checkpoints. */
  readonly timestampAuthority?: AuthorityConfig;
}

/** A ledger that is open in its folder. */
export interface OpenedLedger {
  readonly engine: Engine;
  readonly folder: LedgerFolder;
  /** Its timers rest until it is told to start. */
  readonly anchoring: Anchoring;
  /** Why nothing can be signed, where that is so: the seed could not be read. */
  readonly seedProblem: string | undefined;
}

/** Opens a ledger folder for recording; makes the ledger where there is none. */
export async function openLedger(folder: string, options: LedgerOptions): Promise<Engine> {
  return (await openLedgerFolder(folder, options)).engine;
}

export async function openLedgerFolder(path: string, options: LedgerOptions): Promise<OpenedLedger> {
  const found = LedgerFolder.read(path);
  const { holder, report } = options;
  const store = await openStore(path, {
    create: true,
    holder,
    report,
    store: options.store ?? found.config.store,
  });
  try {
    const isNew = (await store.size('lab')) === 0;
    makeFolder(path);
    const folder = isNew ? prepared(found, options) : withSeed(found, options.seedFile);
    const custody = new FolderCustody(folder, options.seedDescriptor);
    const engine = new Engine(store, options.clock ?? (() => Date.now()), { custody });
    const configured = await begin(engine, folder, custody, options, isNew);
    if (!isNew) completePolicy(folder, await engine.lab());
    await engine.check('lab');
    const alarm = folder.alarm();
    if (alarm) engine.raise(new SigningError(alarm.code, 'lab', alarm.message));
    const anchoring = new Anchoring(engine, configured, options.report);
    engine.anchorer = anchoring;
    return { engine, folder: configured, anchoring, seedProblem: custody.problem?.message };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** For reading beside a writer, or without one; nothing is signed. */
export async function openLedgerForReading(
  path: string,
  place: StoreLocation = {},
): Promise<{ engine: Engine; folder: LedgerFolder }> {
  const folder = LedgerFolder.read(path);
  const custody = readingCustody(folder.marks);
  const store = await openStoreForReading(path, { ...place, store: place.store ?? folder.config.store });
  const engine = new Engine(store, () => Date.now(), { custody });
  engine.anchorer = readingAnchorer(engine, folder);
  return { engine, folder };
}

/** All that lies beside the records of a new ledger, so that a crash before its first record leaves nothing to undo. */
function prepared(folder: LedgerFolder, options: LedgerOptions): LedgerFolder {
  const { seedFile, marks, anchors, timestampAuthority, simulated = false, seedDescriptor, store } = options;
  const named = withSeed(folder, seedFile).with({
    // An address with a password in it is not written down.
    ...(store !== undefined && !store.includes('@') && { store }),
    ...(marks !== undefined && { marks: resolve(marks) }),
    ...(anchors !== undefined && { anchors: resolve(anchors) }),
    ...(timestampAuthority && {
      timestampAuthority: { ...timestampAuthority, caFile: resolve(timestampAuthority.caFile) },
    }),
  });
  if (!simulated && seedDescriptor === undefined) createSeedFile(named.seedPath);
  return named;
}

/** Paths that a person gives are taken from where that person is. */
function withSeed(folder: LedgerFolder, seedFile: string | undefined): LedgerFolder {
  return seedFile === undefined ? folder : folder.with({ seedFile: resolve(seedFile) });
}

async function begin(
  engine: Engine,
  folder: LedgerFolder,
  custody: FolderCustody,
  { facility, simulated = false, policy }: LedgerOptions,
  isNew: boolean,
): Promise<LedgerFolder> {
  const name = facility ?? (simulated ? SIMULATED_FACILITY : UNNAMED_FACILITY);
  const commandId = simulated ? ownCommandId('initialise', name) : v7();
  if (!isNew) {
    await engine.initialise(name, simulated, commandId);
    return folder;
  }
  if (!isFacility(name))
    throw new Error(
      `A facility is named like a domain, in lower case, such as lab.example; “${name.slice(0, 60)}” is not.`,
    );
  const ring = custody.ring(simulated);
  if (!ring) throw custody.problem ?? new Error('there is no seed');
  const { vkey } = ring.key(originOf(name, 'lab'));
  const text = policy === undefined ? defaultPolicy(vkey) : completedPolicy(policy, vkey);
  folder.writePolicy(text);
  const configured = folder.with({ witnesses: witnessesOf(text) });
  configured.write();
  await engine.initialise(name, simulated, commandId, text);
  return configured;
}

/** Witnesses that the policy gives an address for are asked without further ado. */
function witnessesOf(policy: string): WitnessConfig[] {
  return parsePolicy(sha256, policy).witnesses.flatMap(({ name, key, url }) =>
    url === undefined ? [] : [{ name, vkey: formatVkey(key), url }],
  );
}
