import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeDurably } from '../shared/durable-file.js';
import type { Lab } from '../lab/lab.js';
import { logsOf } from '../lab/lab.js';
import type { LogName } from '../lab/origins.js';
import { copySqliteLedger } from '../store/sqlite/copy-database.js';
import { openSqliteReader } from '../store/sqlite/open-sqlite.js';
import type { Attachments } from '../store/attachments.js';
import { isStoreError } from '../store/store-error.js';
import { utcInstant } from '../study/instant.js';
import { verifyLedger } from '../verify/folder/verify-ledger.js';
import { readingCustody } from '../signing/custody.js';
import { Engine } from '../recording/engine.js';
import { LedgerFolder } from '../anchoring/ledger-folder.js';
import {
  assessDisclosures,
  backUpDisclosures,
  type DisclosureBackup,
  type DisclosureCopy,
} from './disclosure-backup.js';
import type { FileDisclosures } from '../identity/disclosure-store.js';
import { attachmentsNamed, copyAttachments, type CopiedAttachments } from './attachments.js';
import { adoptEvidence } from './adopt-evidence.js';
import { replicate } from './replicate.js';
import { isOwnNote } from '../signing/signed-note.js';

export interface CopiedLog {
  readonly log: LogName;
  /** Absent, with the root, where the log is damaged. */
  readonly size?: number;
  /** Base64. */
  readonly root?: string;
  /** Size of its last head in the lab; absent for the lab itself. */
  readonly anchored?: number;
  /** How it is damaged. Its records are in the copy as they are in the original. */
  readonly problem?: string;
}

export interface Backup {
  readonly madeAt: string;
  readonly logs: readonly CopiedLog[];
  /** Size of the newest lab checkpoint in the copy that was published; 0 for none. */
  readonly published: number;
  /** Names are a class of their own; absent where there are none. */
  readonly disclosures?: DisclosureBackup;
  /** Absent where no record names a file. */
  readonly attachments?: CopiedAttachments;
}

/**
 * A consistent copy of a ledger while it is in use: records, the files that they name, published evidence, policy. Not the seed, which a thief of
 * backups would sign with, and not the signed heads, which a restore must not bring back.
 */
export async function backUp(
  path: string,
  to: string,
  nowMs: number,
  disclosuresUntil?: string,
): Promise<Backup> {
  const { config, anchors, disclosures, attachments } = LedgerFolder.read(path);
  // Published heads first: then the records, which are copied after them, cannot be fewer.
  if (existsSync(anchors.path)) cpSync(anchors.path, join(to, 'anchors'), { recursive: true });
  copySqliteLedger(path, to);
  const { marks: _marks, seedFile: _seedFile, anchors: _anchors, ...rest } = config;
  const { disclosures: _names, attachments: _files, ...portable } = rest;
  const copy = new LedgerFolder(to, { ...portable, policyFile: join('policy', 'lab.policy') });
  copy.write();
  const policy = new LedgerFolder(path, config).policy();
  if (policy !== undefined) copy.writePolicy(policy);
  const names = await copyDisclosures(disclosures, to, { nowMs, until: disclosuresUntil });
  const sizes = await sizesOf(to);
  const files = await filesNamed(to, sizes.logs, attachments, copy.attachments);
  const backup = {
    madeAt: utcInstant(nowMs),
    ...sizes,
    ...(names && { disclosures: names }),
    ...(files && { attachments: files }),
  };
  writeDurably(join(to, 'backup.json'), `${JSON.stringify(backup, null, 2)}\n`);
  const damaged = backup.logs.filter(({ problem }) => problem !== undefined).map(({ log }) => log);
  await compareCopy(path, to, new Set(damaged));
  return backup;
}

/** After the records: what these commit to was kept before them. */
async function copyDisclosures(
  from: FileDisclosures,
  to: string,
  at: { nowMs: number; until: string | undefined },
): Promise<DisclosureBackup | undefined> {
  const copy = openSqliteReader(to);
  try {
    return await backUpDisclosures(copy, from, to, at);
  } finally {
    await copy.close();
  }
}

export interface Drill {
  readonly logs: readonly CopiedLog[];
  /** Size of the newest lab checkpoint in the copy that was published; 0 for none. */
  readonly published: number;
  /** What is wrong with the copy; nothing where it can be restored. */
  readonly failures: readonly string[];
  readonly simulated: boolean;
  /** Absent where the copy has no disclosures. */
  readonly disclosures?: DisclosureCopy;
  /** Absent where no record names a file. */
  readonly attachments?: CopiedAttachments;
}

/** Restores a copy into a temporary folder, verifies it from its bytes, and folds every study. */
export async function restoreDrill(path: string, nowMs = Date.now()): Promise<Drill> {
  const elsewhere = mkdtempSync(join(tmpdir(), 'study-ledger-drill-'));
  try {
    copySqliteLedger(path, elsewhere);
    adoptEvidence(path, LedgerFolder.read(elsewhere));
    const { findings, simulated } = await verifyLedger(elsewhere, {
      threads: 0,
      attachments: LedgerFolder.read(path).attachments.folder,
    });
    const failures = findings
      .filter(({ severity }) => severity === 'fail')
      .map(({ log, message }) => `${log}: ${message}`);
    const sizes = await sizesOf(elsewhere);
    const names = await namesIn(path, elsewhere, sizes.logs, nowMs);
    const own = LedgerFolder.read(path).attachments;
    const files = await filesNamed(elsewhere, sizes.logs, own, own);
    return {
      ...sizes,
      failures,
      simulated,
      ...(names && { disclosures: names }),
      ...(files && { attachments: files }),
    };
  } finally {
    rmSync(elsewhere, { recursive: true, force: true });
  }
}

/** Copies the files that the records in a folder name; where `from` is `to`, only looks for them. */
async function filesNamed(
  records: string,
  logs: readonly CopiedLog[],
  from: Attachments,
  to: Attachments,
): Promise<CopiedAttachments | undefined> {
  const store = openSqliteReader(records);
  try {
    const named = await attachmentsNamed(store, readable(logs));
    return named.size === 0 ? undefined : await copyAttachments(named, from, to);
  } finally {
    await store.close();
  }
}

function readable(logs: readonly CopiedLog[]): LogName[] {
  return logs.filter(({ problem }) => problem === undefined).map(({ log }) => log);
}

async function namesIn(
  copy: string,
  records: string,
  logs: readonly CopiedLog[],
  nowMs: number,
): Promise<DisclosureCopy | undefined> {
  const store = openSqliteReader(records);
  try {
    return await assessDisclosures(copy, { store, logs: readable(logs) }, nowMs);
  } finally {
    await store.close();
  }
}

/** @throws ReplicationError where a record of the copy is not the one of the original. */
async function compareCopy(path: string, copied: string, damaged: ReadonlySet<LogName>): Promise<void> {
  const [original, copy] = [openSqliteReader(path), openSqliteReader(copied)];
  try {
    await replicate(original, copy, { dryRun: true, leaveOut: damaged });
  } finally {
    await original.close();
    await copy.close();
  }
}

/** Every log with its size and root, by folding all of it; and how far the copy was published. */
async function sizesOf(path: string): Promise<{ logs: readonly CopiedLog[]; published: number }> {
  const store = openSqliteReader(path);
  try {
    const folder = LedgerFolder.read(path);
    const engine = new Engine(store, () => 0, { custody: readingCustody(folder) });
    const lab = await engine.lab();
    const logs: CopiedLog[] = [];
    for (const log of logsOf(lab)) logs.push(await sizeOf(engine, lab, log));
    return { logs, published: folder.anchors.newest(isOwnNote(lab))?.size ?? 0 };
  } finally {
    await store.close();
  }
}

async function sizeOf(engine: Engine, lab: Lab, log: LogName): Promise<CopiedLog> {
  const place = { log, ...(log !== 'lab' && { anchored: lab.anchors.get(log)?.size ?? 0 }) };
  try {
    const open = await engine.log(log);
    const { size, problem } = open;
    return problem === undefined ? { ...place, size, root: open.root(size) } : { ...place, problem };
  } catch (error) {
    if (log === 'lab' || !isStoreError(error, 'integrity')) throw error;
    return { ...place, problem: error.message };
  }
}
