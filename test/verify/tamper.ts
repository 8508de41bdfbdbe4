import type Sqlite from 'better-sqlite3';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../src/shared/sha256.js';
import { KeyRing } from '../../src/signing/key-ring.js';
import { demoRing } from '../../src/signing/custody.js';
import { canonical } from '../../src/tlog/canonical.js';
import { leafHash } from '../../src/tlog/merkle.js';
import { MerkleTree } from '../../src/tlog/tree.js';
import { signCheckpoint } from '../../src/tlog/sign.js';
import { Database } from '../../src/store/sqlite/driver.js';

export interface Row {
  stream: string;
  number: number;
  bytes: Buffer;
  leaf: Buffer;
}

/** What an administrator does: opens the file, drops the rules against changes, and changes. */
export function tamper<T>(folder: string, work: (db: Sqlite.Database) => T): T {
  const db = new Database(join(folder, 'ledger.sqlite'));
  try {
    for (const trigger of ['never_changed', 'never_deleted', 'only_appended'])
      db.exec(`DROP TRIGGER IF EXISTS records_are_${trigger}`);
    return work(db);
  } finally {
    db.close();
  }
}

export function rowsOf(db: Sqlite.Database, stream: string): Row[] {
  return db.prepare<[string], Row>('SELECT * FROM records WHERE stream = ? ORDER BY number').all(stream);
}

export function put(db: Sqlite.Database, stream: string, number: number, text: string): void {
  const leaf = Buffer.from(leafHash(sha256, text), 'latin1');
  db.prepare('INSERT OR REPLACE INTO records (stream, number, bytes, leaf) VALUES (?, ?, ?, ?)').run(
    stream,
    number,
    Buffer.from(text),
    leaf,
  );
}

export function cut(db: Sqlite.Database, stream: string, size: number): void {
  db.prepare('DELETE FROM records WHERE stream = ? AND number >= ?').run(stream, size);
}

export type Edit = (record: Record<string, unknown>) => void;

/** A record made to say something else, in form: canonical again. */
export function edited(text: string, edit: Edit): string {
  const record = JSON.parse(text) as Record<string, unknown>;
  edit(record);
  return canonical(record);
}

export function sequence(number: number): string {
  return String(number).padStart(10, '0');
}

/** The keys of a ledger, by whoever stole its seed: the true ones. The ledgers of these tests are simulated. */
export function stolenRing(): KeyRing {
  return demoRing();
}

/** Keys of somebody else. */
export function otherRing(): KeyRing {
  return new KeyRing(new Uint8Array(32).fill(9));
}

/** A checkpoint over these records, signed with the true key. */
export function forgedNote(ring: KeyRing, origin: string, texts: readonly (string | Buffer)[]): string {
  const tree = new MerkleTree(sha256);
  for (const text of texts) tree.append(leafHash(sha256, text));
  const { key, sign } = ring.key(origin);
  return signCheckpoint({ origin, size: tree.size, root: tree.root() }, key, sign);
}

export function flip(file: string, at: number, mask: number): () => void {
  const bytes = readFileSync(file);
  const before = Buffer.from(bytes);
  bytes[at] = bytes[at]! ^ mask;
  writeFileSync(file, bytes);
  return () => writeFileSync(file, before);
}

/** Random numbers that are the same in every run. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return Math.floor((state / 2 ** 32) * below);
  };
}
