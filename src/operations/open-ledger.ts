import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { v7 } from 'uuid';
import { makeFolder } from '../shared/durable-file.js';
import { createSeedFile } from '../signing/seed.js';
import { isFacility, originOf } from '../lab/origins.js';
import { openStore, openStoreForReading, type StoreLocation } from '../store/open-store.js';
import { requireSafeAddresses } from '../anchoring/addresses.js';
import { Anchoring } from '../anchoring/anchoring.js';
import { LedgerWatch, readingWatch } from '../anchoring/ledger-watch.js';
import { readingCustody } from '../signing/custody.js';
import { Engine } from '../recording/engine.js';
import { addOwnLog, defaultPolicy, witnessesIn } from '../anchoring/lab-policy.js';
import { tellRemoved, tidyAttachments } from './attachments.js';
import { tidyDisclosures } from '../identity/tidy-disclosures.js';
import { ClockGuard, STEADY_CLOCKS, type SteadyClocks } from '../recording/clock-guard.js';
import { ownCommandId } from '../recording/lab-records.js';
import {
  FolderCustody,
  LedgerFolder,
  type AuthorityConfig,
  type LedgerConfig,
} from '../anchoring/ledger-folder.js';
import { lostRecords } from '../signing/note-signer.js';
import { completePolicy } from '../signing/rotation.js';
import { noLedger, requireLedger } from './require-ledger.js';

/** The name of a ledger whose owner gave none. It is fixed for ever, so a ledger to be kept is named when it is made. */
export const UNNAMED_FACILITY = 'unnamed.invalid';
export const SIMULATED_FACILITY = 'simulated.invalid';

export interface LedgerOptions {
  /** What this process is, for another one that finds the ledger held. */
  readonly holder: string;
  /** `kurrentdb://…` where the records lie on a cluster; what else a ledger has stays in its folder. */
  readonly store?: string | undefined;
  /** Whose ledger is created if there is none. If left out, none is created. */
  readonly facility?: string | undefined;
  readonly simulated?: boolean;
  readonly clock?: () => number;
  /** Beside a clock of one's own, what it is compared with. */
  readonly steady?: SteadyClocks;
  /** Is told, in a sentence, what somebody should look at. */
  readonly report?: (message: string) => void;
  /** The rest concerns a ledger that is made now, but for the seed's descriptor, which is named at each start. */
  readonly seedFile?: string;
  readonly seedDescriptor?: number;
  readonly marks?: string;
  readonly disclosures?: string;
  readonly anchors?: string;
  /** The text of a lab policy. */
  readonly policy?: string;
  /** Who stamps lab checkpoints. */
  readonly timestampAuthority?: AuthorityConfig;
  /** Accepts addresses without encryption that lead out of this machine. */
  readonly plainHttp?: boolean;
}

/** A ledger that is open in its folder. */
export interface OpenedLedger {
  readonly engine: Engine;
  readonly folder: LedgerFolder;
  /** It does nothing by itself until it is started. */
  readonly anchoring: Anchoring;
  /** Why nothing can be signed, where that is so: the seed could not be read. */
  readonly seedProblem: string | undefined;
}

export async function openLedger(folder: string, options: LedgerOptions): Promise<Engine> {
  return (await openLedgerFolder(folder, options)).engine;
}

/** Opens a ledger for recording. @throws StoreError, SigningError if a head was signed and the records are gone */
export async function openLedgerFolder(path: string, options: LedgerOptions): Promise<OpenedLedger> {
  const create = options.facility !== undefined;
  await requireLedger(path, { store: options.store, create });
  const found = LedgerFolder.read(path);
  requireSafeAddresses(withNamedAddresses(found.config, options));
  const { holder, report, facility: name = UNNAMED_FACILITY } = options;
  const store = await openStore(path, { create, holder, report, store: options.store ?? found.config.store });
  try {
    const isNew = (await store.size('lab')) === 0;
    const { clock = () => Date.now(), seedDescriptor } = options;
    if (isNew && (await found.heads.load('lab')) !== undefined) throw lostRecords(path);
    if (isNew && !create) throw noLedger(path);
    makeFolder(path);
    const begun = isNew ? prepareFolder(found, options) : withSeed(found, options.seedFile);
    const custody = new FolderCustody(begun, seedDescriptor);
    const { folder, policy } = isNew ? beginPolicy(begun, custody, name, options) : { folder: begun };
    const watch = new LedgerWatch(folder, clock, report);
    const clockGuard = new ClockGuard(clock, options.clock ? options.steady : STEADY_CLOCKS, report);
    const engine = new Engine(store, clock, { custody, watch, clockGuard, report });
    const anchoring = new Anchoring(engine, folder, watch);
    const commandId = options.simulated ? ownCommandId('initialise', name) : v7();
    await engine.initialise(name, options.simulated ?? false, commandId, policy);
    if (!isNew) completePolicy(folder, await engine.lab());
    const contradiction = await engine.heads.check('lab');
    await tidy(engine, folder, contradiction === undefined, report);
    return { engine, folder, anchoring, seedProblem: custody.problem?.message };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Nothing is refused because of it: what happens to an animal must be recordable. */
async function tidy(
  engine: Engine,
  { disclosures, attachments }: LedgerFolder,
  isWhole: boolean,
  report: LedgerOptions['report'],
): Promise<void> {
  const place = { store: engine.store, lab: engine.labNow, disclosures, attachments };
  // The time of files is the machine's, also where the ledger has another.
  const at = { nowMs: Date.now(), isWhole: isWhole && !engine.alarm };
  try {
    await tidyDisclosures(place, at);
  } catch (error) {
    report?.(
      `Disclosures were not tidied, so a name that is to be erased may still be there: ${String(error)}`,
    );
  }
  try {
    const removed = tellRemoved(await tidyAttachments(place, at));
    if (removed !== undefined) report?.(removed);
  } catch (error) {
    report?.(`Files that no record names were not deleted: ${String(error)}`);
  }
}

/** How long witnesses that do not answer may delay the first record. */
const LONGEST_DELAY_MS = 2000;

/** Asks the witnesses, before a record number is used twice, whether the store is an older copy. */
export async function askWitnesses(engine: Engine): Promise<void> {
  await Promise.race([engine.watch.ready(engine), setTimeout(LONGEST_DELAY_MS, undefined, { ref: false })]);
}

/** The configuration with the addresses that the options of a new ledger name. */
function withNamedAddresses(
  config: LedgerConfig,
  { policy, timestampAuthority, plainHttp }: LedgerOptions,
): LedgerConfig {
  const lines = [...(policy ?? '').matchAll(/^[ \t]*witness[ \t]+(\S+)[ \t]+\S+[ \t]+(\S+)/gm)];
  const witnesses = lines.map(([, name = '', url = '']) => ({ name, url, vkey: '' }));
  return {
    ...config,
    witnesses: [...config.witnesses, ...witnesses],
    ...(timestampAuthority && { timestampAuthority }),
    ...(plainHttp && { plainHttp }),
  };
}

/** For reading beside a writer, or without one; nothing is signed. @throws as {@link openLedgerFolder} */
export async function openLedgerForReading(
  path: string,
  place: StoreLocation = {},
): Promise<{ engine: Engine; folder: LedgerFolder }> {
  const folder = LedgerFolder.read(path);
  // A reader needs nothing of the folder where the records are on a cluster.
  if ((place.store ?? folder.config.store) === undefined) await requireLedger(path);
  const clock = () => Date.now();
  const options = { custody: readingCustody(folder), watch: readingWatch(folder, clock) };
  const store = await openStoreForReading(path, { ...place, store: place.store ?? folder.config.store });
  return { engine: new Engine(store, clock, options), folder };
}

/** Makes all that a new ledger has beside its records, so that a crash before the first record leaves nothing to undo. */
function prepareFolder(folder: LedgerFolder, options: LedgerOptions): LedgerFolder {
  const { seedFile, marks, disclosures, anchors, timestampAuthority, plainHttp, simulated = false } = options;
  const { seedDescriptor, store } = options;
  const named = withSeed(folder, seedFile).with({
    // An address with a password in it is not written down.
    ...(store !== undefined && !store.includes('@') && { store }),
    ...(marks !== undefined && { marks: resolve(marks) }),
    ...(disclosures !== undefined && { disclosures: resolve(disclosures) }),
    ...(anchors !== undefined && { anchors: resolve(anchors) }),
    ...(plainHttp && { plainHttp }),
    ...(timestampAuthority && {
      timestampAuthority: { ...timestampAuthority, caFile: resolve(timestampAuthority.caFile) },
    }),
  });
  if (!simulated && seedDescriptor === undefined) createSeedFile(named.seedPath);
  return named;
}

/** A path that a person gives is relative to the working directory. */
function withSeed(folder: LedgerFolder, seedFile: string | undefined): LedgerFolder {
  return seedFile === undefined ? folder : folder.with({ seedFile: resolve(seedFile) });
}

/** Writes policy and configuration of a new ledger. */
function beginPolicy(
  folder: LedgerFolder,
  custody: FolderCustody,
  facility: string,
  { simulated = false, policy }: LedgerOptions,
): { folder: LedgerFolder; policy: string } {
  if (!isFacility(facility))
    throw new Error(
      `A facility is named like a domain, in lower case, such as lab.example; “${facility.slice(0, 60)}” is not.`,
    );
  const ring = custody.ring(simulated);
  if (!ring) throw custody.problem ?? new Error('there is no seed');
  const { vkey } = ring.key(originOf(facility, 'lab'));
  const text = policy === undefined ? defaultPolicy(vkey) : addOwnLog(policy, vkey);
  folder.writePolicy(text);
  const configured = folder.with({ witnesses: witnessesIn(text) });
  configured.write();
  return { folder: configured, policy: text };
}
