import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { v7 } from 'uuid';
import { dismissClaims, openClaims } from '../anchoring/disputes.js';
import { FolderCustody, LedgerFolder } from '../anchoring/ledger-folder.js';
import type { Lab } from '../lab/lab.js';
import { originOf, type LogName } from '../lab/origins.js';
import { Engine } from '../recording/engine.js';
import { proposeLabFact } from '../recording/lab-records.js';
import { isOwnNote, readSignedHead } from '../signing/signed-note.js';
import { Attachments } from '../store/attachments.js';
import type { EventStore } from '../store/event-store.js';
import { openStore } from '../store/open-store.js';
import { ledgerExists } from '../store/sqlite/open-sqlite.js';
import { hashFromBase64, hashToBase64 } from '../tlog/encoding.js';
import type { TreeHead } from '../tlog/merkle.js';
import { attachmentsNamed, copyAttachments, type CopiedAttachments } from './attachments.js';
import { adoptEvidence, nameWitnesses } from './adopt-evidence.js';
import { restoreDisclosures, type RestoredDisclosures } from './disclosure-backup.js';
import { replicate, type ReplicatedLog } from './replicate.js';
import { NO_SOURCE, openRestoreSource } from './restore-source.js';

export class RestoreError extends Error {
  override readonly name = 'RestoreError';

  constructor(
    readonly code: 'source-needed' | 'mark-unreadable' | 'nothing-to-restore',
    message: string,
  ) {
    super(message);
  }
}

export interface RestoreOptions {
  readonly data: string;
  /** A ledger's folder, a backup or an unpacked bundle; undefined to go on with what is there. */
  readonly from?: string;
  readonly cause: string;
  readonly seedFile?: string;
  readonly seedDescriptor?: number;
  readonly marks?: string;
  readonly disclosures?: string;
  /** As in LedgerOptions. */
  readonly store?: string;
}

export interface Restored {
  /** `vouched`: up to which size a signature, an anchor or a published head vouches for the records. */
  readonly logs: readonly Pick<ReplicatedLog, 'log' | 'from' | 'size' | 'vouched'>[];
  /** Why nothing is signed yet, where that is so. */
  readonly unsigned?: string;
  /** Settings in the copy's `ledger.json` that were not taken over. */
  readonly notTaken?: readonly string[];
  /** Absent where the copy has no names. */
  readonly disclosures?: RestoredDisclosures;
  /** Absent where no record names a file. */
  readonly attachments?: CopiedAttachments;
}

/**
 * Brings back what a store has lost, byte for byte, and records in the lab that it did. What was signed decides: the
 * records that were there and those brought back must have exactly the root that the last signed head, the last anchor
 * and the last published head say. No number is ever given to another record.
 *
 * @throws RestoreError, ReplicationError
 */
export async function restore(options: RestoreOptions): Promise<Restored> {
  const { data, from } = options;
  // The source is looked at before the target is created: what is refused leaves no folder.
  const source = from === undefined ? NO_SOURCE : await openRestoreSource(from);
  let store: EventStore | undefined;
  try {
    const address = options.store ?? LedgerFolder.read(data).config.store;
    const isSourceEmpty = (await source.size('lab')) === 0;
    if (isSourceEmpty && address === undefined && !ledgerExists(data)) throw sourceNeeded(data);
    store = await openStore(data, { create: true, holder: 'study-ledger restore', store: address });
    if (isSourceEmpty && (await store.size('lab')) === 0) throw sourceNeeded(data);
    const isNew = from !== undefined && !existsSync(join(data, 'ledger.json'));
    const folder = from === undefined ? LedgerFolder.read(data) : placedFolder(data, options);
    const notTaken = isNew ? adoptEvidence(from, folder) : [];
    const heads = (log: LogName, lab: Lab) => vouchedHeads(folder, log, lab);
    const { logs, lab } = await replicate(source, store, { heads });
    // Last: a restore that was refused or cut off begins anew.
    if (from !== undefined) folder.write();
    if (isNew) nameWitnesses(folder, lab);
    const restored = await recordRestore(store, folder, source.name, logs, options);
    // Nothing that the restored lab records as erased comes back: it reaches everything that was signed.
    const records = { store, logs: logs.map(({ log }) => log) };
    const names = from && (await restoreDisclosures(from, folder.disclosures, records, Date.now()));
    const files = await restoreFiles(from, folder, records);
    return {
      ...restored,
      ...(files && { attachments: files }),
      ...(notTaken.length > 0 && { notTaken }),
      ...(names && { disclosures: names }),
    };
  } finally {
    await source.close();
    await store?.close();
  }
}

/** Brings back the files that the records name, from a copy or a bundle; without one, only looks for them. */
async function restoreFiles(
  from: string | undefined,
  { attachments }: LedgerFolder,
  { store, logs }: { readonly store: EventStore; readonly logs: readonly LogName[] },
): Promise<CopiedAttachments | undefined> {
  const named = await attachmentsNamed(store, logs);
  if (named.size === 0) return undefined;
  return copyAttachments(named, from === undefined ? attachments : attachmentsIn(from), attachments);
}

/** Of a ledger, a backup or an unpacked bundle. */
function attachmentsIn(path: string): Attachments {
  const bundled = ['data/ledger/attachments', 'ledger/attachments'].map((folder) => join(path, folder));
  const folder = bundled.find((one) => existsSync(one));
  return folder === undefined ? LedgerFolder.read(path).attachments : new Attachments(folder);
}

function sourceNeeded(data: string): RestoreError {
  return new RestoreError(
    'source-needed',
    `There are no records of the lab in ${data}: name a copy with --from.`,
  );
}

/** The folder with the places that a person names for it. An address with a password in it is not written down. */
function placedFolder(data: string, { marks, disclosures, seedFile, store }: RestoreOptions): LedgerFolder {
  return LedgerFolder.read(data).with({
    ...(store !== undefined && !store.includes('@') && { store }),
    ...(marks !== undefined && { marks: resolve(marks) }),
    ...(disclosures !== undefined && { disclosures: resolve(disclosures) }),
    ...(seedFile !== undefined && { seedFile: resolve(seedFile) }),
  });
}

/** What was signed, anchored and published of a log. @throws RestoreError where the signed head cannot be read. */
export async function vouchedHeads(folder: LedgerFolder, log: LogName, lab: Lab): Promise<TreeHead[]> {
  const origin = originOf(lab.facility, log);
  const keys = lab.keys.get(origin) ?? [];
  const heads: TreeHead[] = [];
  const note = await folder.heads.load(log);
  if (note !== undefined) {
    const head = readSignedHead(note, origin, keys);
    if (!head)
      throw new RestoreError(
        'mark-unreadable',
        `The signed head of ${log} (marks/${log}.note) is not a note that this log has signed. Find out whose it is; where it is lost, move the file away.`,
      );
    heads.push(head);
  }
  const published = log === 'lab' ? folder.anchors.newest(isOwnNote(lab))?.note : undefined;
  const head = published === undefined ? undefined : readSignedHead(published, origin, keys);
  if (head) heads.push(head);
  const anchor = lab.anchors.get(log);
  if (anchor) heads.push({ size: anchor.size, root: hashFromBase64(anchor.root) });
  return heads;
}

/** The records are there again by now, so the record of it passes the gate like any other. */
async function recordRestore(
  store: EventStore,
  folder: LedgerFolder,
  source: string,
  replicated: readonly ReplicatedLog[],
  { from, cause, seedDescriptor }: RestoreOptions,
): Promise<Restored> {
  const logs = replicated.map(({ log, from: before, size, vouched }) => ({
    log,
    from: before,
    size,
    vouched,
  }));
  const engine = new Engine(store, () => Date.now(), { custody: new FolderCustody(folder, seedDescriptor) });
  await engine.lab();
  const isSigned = (await folder.heads.load('lab')) !== undefined;
  const grown = logs.filter(({ from: before, size }) => size > before);
  const isAlarmed = folder.alarm() !== undefined || (from === undefined && openClaims(folder).length > 0);
  if (grown.length === 0 && isSigned && !isAlarmed)
    throw new RestoreError('nothing-to-restore', 'Everything that was signed is there: nothing was done.');
  for (const { log, size } of grown.length > 0 ? grown : logs.slice(0, 1)) {
    const root = hashToBase64((await engine.log(log)).log.root(size));
    const data = { log, size, root, source, cause };
    await engine.recordInLab(
      proposeLabFact(
        { type: 'RestoredFromBackup', command: 'RestoreFromBackup', commandId: v7(), data: () => data },
        engine.now,
      ),
    );
  }
  folder.clearAlarm();
  if (from === undefined) dismissClaims(folder);
  try {
    await engine.heads.signAgain();
    return { logs };
  } catch (error) {
    return { logs, unsigned: (error as Error).message };
  }
}
