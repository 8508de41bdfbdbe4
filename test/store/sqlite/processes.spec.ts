import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteReader, openSqliteStore } from '../../../src/store/sqlite/open-sqlite.js';
import { isStoreError, type StoreError } from '../../../src/store/store-error.js';
import { compiledSources } from '../../support/compiled.js';
import { Child, mayMount, Mount } from './child-process.js';
import { expectCode, readAll, records } from '../test-records.js';

const root = mkdtempSync(join(tmpdir(), 'store-processes-'));
const compiled = compiledSources();
const children: Child[] = [];
let folders = 0;
const newFolder = () => join(root, String(folders++));

afterAll(async () => {
  await Promise.all(children.map((child) => child.kill()));
  rmSync(root, { recursive: true, force: true });
});

function start(script: string, folder: string): Child {
  const child = new Child(compiled, script, folder);
  children.push(child);
  return child;
}

const OPEN = `
  import { createHash } from 'node:crypto';
  import { openSqliteStore } from '../store/sqlite/open-sqlite.js';
  const store = openSqliteStore(process.argv[2], { create: true, holder: 'serve' });
  const record = (text) =>
    ({ text, leaf: createHash('sha256').update('\\0' + text).digest().toString('latin1') });
`;
const HOLD = `${OPEN} console.log('open'); setInterval(() => {}, 1000);`;
const APPEND = `${OPEN}
  for (let size = 0; ; size += 3) {
    await store.append('lab', size, [0, 1, 2].map((i) => record(JSON.stringify({ n: size + i }))));
    console.log(size + 3);
  }`;

function refusal(open: () => unknown): StoreError {
  try {
    open();
  } catch (error) {
    if (isStoreError(error)) return error;
    throw error;
  }
  throw new Error('was not refused');
}

describe('sqlite: the writer lock', () => {
  it('refuses a second writer, and names the first: its process, its command, since when', async () => {
    const folder = newFolder();
    const before = Date.now();
    const holder = start(HOLD, folder);
    await holder.line();
    const error = refusal(() => openSqliteStore(folder, { holder: 'import' }));
    expect(error).toMatchObject({ code: 'locked', holder: { pid: holder.process.pid, what: 'serve' } });
    expect(error.message).toContain(`process ${holder.process.pid}`);
    expect(error.message).toContain('(serve)');
    expect(Date.parse(error.holder!.since)).toBeGreaterThanOrEqual(before - 1000);
    await holder.kill();
  });

  it('is free as soon as its holder was killed', async () => {
    const folder = newFolder();
    const holder = start(HOLD, folder);
    await holder.line();
    await holder.kill();
    const store = openSqliteStore(folder, { holder: 'after' });
    await store.append('lab', 0, records(1));
    await store.close();
  });

  it('refuses a second writer in the same process, and does not lose the first its lock by that', async () => {
    const folder = newFolder();
    const first = openSqliteStore(folder, { create: true, holder: 'first' });
    for (let i = 0; i < 2; i++)
      expect(refusal(() => openSqliteStore(folder, { holder: 'second' }))).toMatchObject({
        code: 'locked',
        holder: { pid: process.pid, what: 'first' },
      });
    const other = start(
      `import { openSqliteStore } from '../store/sqlite/open-sqlite.js';
       try { openSqliteStore(process.argv[2], { holder: 'third' }); } catch (error) { console.log(error.code); }`,
      folder,
    );
    expect(await other.line()).toBe('locked');
    await first.close();
    await openSqliteStore(folder, { holder: 'second' }).close();
  });
});

describe('sqlite: a writer that is killed while it appends', () => {
  it('leaves every answered append whole, and nothing half [R12]', async () => {
    const folder = newFolder();
    for (const answers of [1, 20, 150]) {
      rmSync(folder, { recursive: true, force: true });
      const writer = start(APPEND, folder);
      let answered = 0;
      for (let i = 0; i < answers; i++) answered = Number(await writer.line());
      await writer.kill();
      const store = openSqliteStore(folder, { holder: 'after' });
      const size = await store.size('lab');
      expect(size).toBeGreaterThanOrEqual(answered);
      expect(size % 3).toBe(0);
      const texts = (await readAll(store, 'lab')).map(({ text }) => text);
      expect(texts).toEqual(Array.from({ length: size }, (_, n) => JSON.stringify({ n })));
      await store.append('lab', size, records(1, 'after'));
      await store.close();
    }
  });
});

describe('sqlite: a reader', () => {
  it('sees what a writer in another process has committed, and hinders neither it nor its lock', async () => {
    const folder = newFolder();
    const writer = start(APPEND, folder);
    const answered = Number(await writer.line());
    const reader = openSqliteReader(folder);
    expect(reader.soleWriter).toBe(false);
    expect(await reader.size('lab')).toBeGreaterThanOrEqual(answered);
    let last = answered;
    for (let i = 0; i < 50; i++) last = Number(await writer.line());
    const seen = await readAll(reader, 'lab');
    expect(seen.length).toBeGreaterThanOrEqual(last);
    expect(seen.length % 3).toBe(0);
    expect(await reader.streams()).toEqual(['lab']);
    expect(refusal(() => openSqliteStore(folder, { holder: 'second' })).code).toBe('locked');
    await writer.kill();
    await reader.close();
  });

  it('refuses to append, also where nobody writes', async () => {
    const folder = newFolder();
    await openSqliteStore(folder, { create: true, holder: 'test' }).close();
    const reader = openSqliteReader(folder);
    await expectCode(reader.append('lab', 0, records(1)), 'read-only');
    await reader.close();
    await expectCode(reader.size('lab'), 'closed');
  });
});

/** Bind mounts, because the rights of a folder do not stop root, who runs the tests in many containers. */
const describeMounted = mayMount() ? describe : describe.skip; // only where this process may not mount
describeMounted('sqlite: a reader on a medium that cannot be written', () => {
  const texts = async (folder: string) => {
    const reader = openSqliteReader(folder);
    try {
      return (await readAll(reader, 'lab')).map(({ text }) => text);
    } finally {
      await reader.close();
    }
  };
  const mounted = async (folder: string, test: (folder: string) => Promise<void>) => {
    const mount = Mount.readOnly(folder, newFolder())!;
    try {
      await test(mount.folder);
    } finally {
      mount.remove();
    }
  };
  const stored = async () => {
    const folder = newFolder();
    const all = records(400);
    const store = openSqliteStore(folder, { create: true, holder: 'test' });
    await store.append('lab', 0, all);
    return { folder, store, expected: all.map(({ text }) => text) };
  };

  it('reads a ledger that was closed', async () => {
    const { folder, store, expected } = await stored();
    await store.close();
    await mounted(folder, async (there) => expect(await texts(there)).toEqual(expected));
  });

  it('reads a ledger whose writer died, with what only its log holds', async () => {
    const folder = newFolder();
    const writer = start(APPEND, folder);
    let answered = 0;
    for (let i = 0; i < 20; i++) answered = Number(await writer.line());
    await writer.kill();
    await mounted(folder, async (there) =>
      expect((await texts(there)).length).toBeGreaterThanOrEqual(answered),
    );
    rmSync(join(folder, 'ledger.sqlite-shm'));
    await mounted(folder, async (there) =>
      expect((await texts(there)).length).toBeGreaterThanOrEqual(answered),
    );
  });

  it('follows a writer that works on the same files elsewhere', async () => {
    const { folder, store, expected } = await stored();
    await mounted(folder, async (there) => {
      const reader = openSqliteReader(there);
      expect(await reader.size('lab')).toBe(expected.length);
      await store.append('lab', expected.length, records(1, 'more'));
      expect(await reader.size('lab')).toBe(expected.length + 1);
      await reader.close();
    });
    await store.close();
  });

  it('says so to a writer', async () => {
    const { folder, store } = await stored();
    await store.close();
    await mounted(folder, async (there) => {
      expect(refusal(() => openSqliteStore(there, { holder: 'test' })).code).toBe('read-only');
    });
  });
});
