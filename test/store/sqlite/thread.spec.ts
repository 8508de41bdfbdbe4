import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { openSqliteReader, openSqliteStore } from '../../../src/store/sqlite/open-sqlite.js';
import type { SqliteStore } from '../../../src/store/sqlite/sqlite.store.js';
import { compiledProgram } from '../../support/compiled.js';
import { describeStore } from '../store-contract.js';
import { expectCode, failure, readAll, record, records } from '../test-records.js';

const root = mkdtempSync(join(tmpdir(), 'store-thread-'));
let count = 0;
const newFolder = () => join(root, String(count++));
const PROGRAM = compiledProgram('store/sqlite/writer-thread.js');

afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A store whose thread is at work, and gets every append. */
async function threaded(folder: string, program = PROGRAM): Promise<SqliteStore> {
  const threading = { program, records: 1 };
  const store = openSqliteStore(folder, { create: true, holder: 'test', threading });
  await store.append('warming', 0, records(1));
  while (store.appendsAhead === 1) await setTimeout(5);
  return store;
}

/** The real program, and beside it one that ends the thread when a record asks for it. */
function mortal(when: 'before' | 'after'): URL {
  const file = join(root, `mortal-${when}.mjs`);
  const real = `await import(${JSON.stringify(PROGRAM.href)});`;
  const end = "parentPort.on('message', (asked) => JSON.stringify(asked).includes('die') && process.exit());";
  const body = when === 'before' ? [end, real] : [real, end];
  writeFileSync(file, ["import { parentPort } from 'node:worker_threads';", ...body].join('\n'));
  return pathToFileURL(file);
}

describeStore('sqlite, written by its thread', { open: async () => threaded(newFolder()) });

describe('sqlite: the thread that writes', () => {
  it('is there only for a crowd', async () => {
    const threading = { program: PROGRAM, records: 3 };
    const store = openSqliteStore(newFolder(), { create: true, holder: 'test', threading });
    for (let size = 0; size < 20; size++) await store.append('lone', size, records(1, `lone-${size}`));
    expect(store.appendsAhead).toBe(1);
    await store.append('crowd', 0, records(3));
    while (store.appendsAhead === 1) await setTimeout(5);
    await store.close();
  });

  it('makes what follows after what it follows, whatever comes between', async () => {
    const store = await threaded(newFolder());
    const [a, b, c, d] = records(4);
    await Promise.all([
      store.append('A', 0, [a!, b!]),
      store.append('B', 0, [a!]),
      store.append('A', 2, [c!], true),
      store.append('A', 3, [d!], true),
    ]);
    expect(await readAll(store, 'A')).toMatchObject([a, b, c, d]);
    await store.close();
  });

  it('makes nothing that follows what was not made, even where the size would fit', async () => {
    const store = await threaded(newFolder());
    await store.append('A', 0, records(2, 'there'));
    const refused = [
      store.append('A', 0, records(2, 'late')),
      store.append('A', 2, records(1, 'decided on late'), true),
      store.append('A', 3, records(1, 'and on that'), true),
    ];
    for (const each of refused) await expectCode(each, 'conflict');
    expect(await store.size('A')).toBe(2);
    await store.append('A', 2, records(1, 'decided on what is there'));
    expect(await store.size('A')).toBe(3);
    await store.close();
  });

  it('answers all that was asked before it is let go, and leaves the folder to the next', async () => {
    const folder = newFolder();
    const store = await threaded(folder);
    const asked = [store.append('A', 0, records(5)), store.append('A', 5, records(5, 'more'), true)];
    await store.close();
    await Promise.all(asked);
    await expectCode(store.append('A', 10, records(1)), 'closed');
    const next = openSqliteStore(folder, { holder: 'test' });
    expect(await readAll(next, 'A')).toHaveLength(10);
    await next.close();
  });

  it('syncs every commit as the store itself does', async () => {
    const folder = newFolder();
    const store = await threaded(folder);
    const reader = openSqliteReader(folder);
    const openings = reader['db'].prepare('SELECT count(*) FROM openings').pluck().get();
    // Each of them was written by a connection that was asked afterwards whether it syncs at FULL.
    expect(openings).toBe(2);
    await reader.close();
    await store.close();
  });

  it('is done without once it is lost: what it had written counts, what not is refused', async () => {
    for (const when of ['before', 'after'] as const) {
      const folder = newFolder();
      const store = await threaded(folder, mortal(when));
      await store.append('A', 0, records(2));
      const last = store.append('A', 2, [record('{"die":true}')]);
      const next = store.append('A', 3, records(1, 'next'), true).then(
        () => 'written',
        () => 'refused',
      );
      if (when === 'after') await last;
      else expect(await failure(last)).toMatchObject({ code: 'unavailable' });
      const written = (await next) === 'written' ? 1 : 0;
      if (when === 'before') expect(written).toBe(0);
      const size = when === 'after' ? 3 + written : 2;
      expect(await store.size('A')).toBe(size);
      while (store.appendsAhead > 1) await setTimeout(5);
      await store.append('A', size, records(9, 'on its own'));
      expect(await store.size('A')).toBe(size + 9);
      await store.close();
    }
  });

  it('is not missed where it cannot be started', async () => {
    const broken = join(root, 'broken.mjs');
    writeFileSync(broken, 'throw new Error("no");');
    const threading = { program: pathToFileURL(broken), records: 1 };
    const store = openSqliteStore(newFolder(), { create: true, holder: 'test', threading });
    for (let size = 0; size < 20; size++) await store.append('A', size, records(1, `r${size}`));
    await setTimeout(100);
    await store.append('A', 20, records(1, 'then'));
    expect(await store.size('A')).toBe(21);
    await store.close();
  });
});
