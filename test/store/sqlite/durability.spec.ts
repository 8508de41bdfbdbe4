import type Database from 'better-sqlite3';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteReader, openSqliteStore } from '../../../src/store/sqlite/open-sqlite.js';
import { openForWriting } from '../../../src/store/sqlite/connection.js';
import { SqliteStore } from '../../../src/store/sqlite/sqlite.store.js';
import { isStoreError } from '../../../src/store/store-error.js';
import { WriterLock } from '../../../src/store/sqlite/writer-lock.js';
import { mayMount, Mount } from './child-process.js';
import { expectCode, readAll, record, records } from '../test-records.js';

const root = mkdtempSync(join(tmpdir(), 'store-durability-'));
let folders = 0;
const newFolder = () => join(root, String(folders++));
const create = (folder: string) => openSqliteStore(folder, { create: true, holder: 'test' });
/** The store's own connection: only that knows how it syncs. */
const connection = (store: SqliteStore): Database.Database => store['db'];
const synchronous = (store: SqliteStore) => connection(store).pragma('synchronous', { simple: true });

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('sqlite: durability', () => {
  it('syncs every commit: FULL after the first write, after more, and after reopening', async () => {
    const folder = newFolder();
    const first = create(folder);
    expect(synchronous(first)).toBe(2);
    await first.append('lab', 0, records(1));
    expect(synchronous(first)).toBe(2);
    await first.close();
    const second = openSqliteStore(folder, { holder: 'test' });
    expect(synchronous(second)).toBe(2);
    await second.append('lab', 1, records(1, 'second'));
    expect(synchronous(second)).toBe(2);
    expect(connection(second).pragma('journal_mode', { simple: true })).toBe('wal');
    await second.close();
  });

  it('is not fooled by the zeros that a busy writer puts behind its log', async () => {
    const folder = newFolder();
    const store = create(folder);
    for (let size = 0; size < 100; size++) await store.append('lab', size, [record(`{"n":${size}}`)]);
    const reader = openSqliteReader(folder);
    expect(await reader.size('lab')).toBe(100);
    expect(connection(store).pragma('integrity_check', { simple: true })).toBe('ok');
    await reader.close();
    await store.close();
    const again = openSqliteStore(folder, { holder: 'test' });
    expect(await readAll(again, 'lab')).toHaveLength(100);
    await again.close();
  });

  it('answers by what stands there when a COMMIT fails that has happened', async () => {
    const store = withFailingCommit(newFolder(), (commit) => commit());
    await store.append('lab', 0, records(1));
    expect(await store.size('lab')).toBe(1);
    await store.close();
  });

  it('refuses all that shared a COMMIT that failed, and works on', async () => {
    const store = withFailingCommit(newFolder(), () => undefined);
    const together = await Promise.allSettled([
      store.append('lab', 0, records(2, 'a')),
      store.append('study-A', 0, records(1, 'b')),
      store.append('lab', 2, records(1, 'c')),
    ]);
    for (const each of together)
      expect(each).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } });
    expect(await store.streams()).toEqual([]);
    await store.append('lab', 0, records(2, 'a'));
    await store.close();
  });
});

describe('sqlite: a full disk', () => {
  it('refuses with "full" where the file may not grow, and takes the same append once it may', async () => {
    const store = create(newFolder());
    const db = connection(store);
    db.pragma(`max_page_count = ${Number(db.pragma('page_count', { simple: true })) + 40}`);
    const size = await appendUntilFull(store);
    expect(await readAll(store, 'lab')).toHaveLength(size);
    db.pragma('max_page_count = 1000000');
    await store.append('lab', size, records(40, 'after'));
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    await store.close();
  });

  const mounting = mayMount() ? it : it.skip; // only where this process may not mount
  mounting('does so on a real one, and loses nothing that was answered', async () => {
    const mount = Mount.memory(newFolder(), '8m')!;
    try {
      const folder = join(mount.folder, 'ledger');
      const ballast = join(mount.folder, 'ballast');
      writeFileSync(ballast, Buffer.alloc(5_500_000));
      const store = create(folder);
      const size = await appendUntilFull(store);
      expect(size).toBeGreaterThan(0);
      await expectCode(store.append('lab', size, large(size)), 'full');
      expect(await readAll(store, 'lab')).toHaveLength(size);
      expect(await store.size('lab')).toBe(size);
      rmSync(ballast);
      await store.append('lab', size, large(size));
      expect(connection(store).pragma('integrity_check', { simple: true })).toBe('ok');
      await store.close();
      const again = openSqliteStore(folder, { holder: 'test' });
      expect(await readAll(again, 'lab')).toHaveLength(size + 20);
      await again.close();
    } finally {
      mount.remove();
    }
  });
});

function large(from: number) {
  return Array.from({ length: 20 }, (_, i) =>
    record(JSON.stringify({ n: from + i, filler: 'x'.repeat(4000) })),
  );
}

async function appendUntilFull(store: SqliteStore): Promise<number> {
  for (let size = 0; ; size += 20) {
    try {
      await store.append('lab', size, large(size));
    } catch (error) {
      if (!isStoreError(error, 'full')) throw error;
      return size;
    }
  }
}

/** A store whose COMMIT does what it is told instead, once, and then fails as on a disk that does not obey. */
function withFailingCommit(folder: string, instead: (commit: () => void) => void): SqliteStore {
  mkdirSync(folder);
  const lock = WriterLock.take(folder, 'test');
  const db = openForWriting(join(folder, 'ledger.sqlite'), true, lock.holder);
  const prepare = db.prepare.bind(db) as (sql: string) => Database.Statement;
  let failed = false;
  const statement = (sql: string) => {
    const real = prepare(sql);
    if (sql !== 'COMMIT') return real;
    const run = () => {
      if (failed) return real.run();
      failed = true;
      instead(() => real.run());
      throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_FSYNC' });
    };
    return { run };
  };
  return new SqliteStore(Object.assign(db, { prepare: statement as Database.Database['prepare'] }), lock);
}
