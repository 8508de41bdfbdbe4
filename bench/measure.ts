import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Database } from '../src/store/sqlite/driver.js';

/** Folders on the disk that the ledger would use, not in memory: a ratio to a RAM disk says nothing. */
export function benchFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(process.cwd(), '.bench-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Times a second that a block of 4 KiB can be overwritten and synced: the machine's limit for lone durable writes. */
export function bareSyncsPerSecond(folder: string, seconds = 1): number {
  const file = openSync(join(folder, 'bare'), 'w+');
  const block = Buffer.alloc(4096, 1);
  writeSync(file, block, 0, 4096, 0);
  fdatasyncSync(file);
  const rate = perSecond(seconds, () => {
    block[0] = (block[0] ?? 0) + 1;
    writeSync(file, block, 0, 4096, 0);
    fdatasyncSync(file);
  });
  closeSync(file);
  return rate;
}

/** What SQLite itself gives a lone writer: each step inserts one row in a transaction that is synced to the disk. */
export function bareInserts(folder: string, text: string): { step: () => void; close: () => void } {
  const db = new Database(join(folder, 'bare.sqlite'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(
    'CREATE TABLE records (stream TEXT, number INTEGER, bytes BLOB, leaf BLOB, PRIMARY KEY (stream, number))',
  );
  const insert = db.prepare('INSERT INTO records VALUES (?, ?, CAST(? AS BLOB), ?)');
  const leaf = Buffer.alloc(32, 1);
  let number = 0;
  return { step: () => void insert.run('study-BENCH', number++, text, leaf), close: () => void db.close() };
}

export function perSecond(seconds: number, step: () => void): number {
  const end = performance.now() + seconds * 1000;
  const start = performance.now();
  let count = 0;
  while (performance.now() < end) {
    step();
    count++;
  }
  return (1000 * count) / (performance.now() - start);
}

/** `callers` loops at once, each waiting for its own answer before it asks again. */
export async function concurrentPerSecond(
  seconds: number,
  callers: number,
  step: (caller: number) => Promise<unknown>,
): Promise<number> {
  const start = performance.now();
  const end = start + seconds * 1000;
  let count = 0;
  const caller = async (index: number): Promise<void> => {
    while (performance.now() < end) {
      await step(index);
      count++;
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, index) => caller(index)));
  return (1000 * count) / (performance.now() - start);
}

/** CPU time of this process so far, ms. For work that waits for nothing: others on the machine do not count. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** Of a hundred values 95 are no greater. */
export function p95(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(0.95 * values.length)] ?? NaN;
}

export interface Ratio {
  readonly what: string;
  readonly against: string;
  /** Medians over interleaved rounds, in the unit named. */
  readonly ours: number;
  readonly bare: number;
  readonly unit: string;
  readonly ratio: number;
  readonly bound: { readonly atLeast: number } | { readonly atMost: number };
}

export function isMet({ ratio, bound }: Ratio): boolean {
  return 'atLeast' in bound ? ratio >= bound.atLeast : ratio <= bound.atMost;
}
