import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ledgerExists, openSqliteReader, openSqliteStore } from '../../../src/store/sqlite/open-sqlite.js';
import { describeStore } from '../store-contract.js';
import { expectCode, readAll, record, records } from '../test-records.js';
import { Database } from '../../../src/store/sqlite/driver.js';

const root = mkdtempSync(join(tmpdir(), 'store-spec-'));
let folders = 0;
const newFolder = () => join(root, String(folders++));
const create = (folder: string) => openSqliteStore(folder, { create: true, holder: 'test' });
const raw = (folder: string) => new Database(join(folder, 'ledger.sqlite'));

afterAll(() => rmSync(root, { recursive: true, force: true }));

describeStore('sqlite', { open: async () => create(newFolder()) });

describe('sqlite: the file', () => {
  it('is created only when asked for, and is known afterwards', async () => {
    const folder = join(newFolder(), 'deep', 'er');
    expect(ledgerExists(folder)).toBe(false);
    expect(() => openSqliteStore(folder, { holder: 'test' })).toThrow(
      expect.objectContaining({ code: 'missing' }),
    );
    expect(() => openSqliteReader(folder)).toThrow(expect.objectContaining({ code: 'missing' }));
    expect(existsSync(folder)).toBe(false);
    await create(folder).close();
    expect(ledgerExists(folder)).toBe(true);
  });

  it('can be created again where the creation was cut short', async () => {
    const folder = newFolder();
    mkdirSync(folder);
    writeFileSync(join(folder, 'ledger.sqlite'), '');
    expect(ledgerExists(folder)).toBe(false);
    await create(folder).close();
    expect(ledgerExists(folder)).toBe(true);
  });

  it('holds after reopening what it held before', async () => {
    const folder = newFolder();
    const all = records(300);
    const first = create(folder);
    await first.append('lab', 0, all);
    await first.close();
    const second = openSqliteStore(folder, { holder: 'test' });
    expect((await readAll(second, 'lab')).map(({ text }) => text)).toEqual(all.map(({ text }) => text));
    await expectCode(second.append('lab', 299, records(1, 'late')), 'conflict');
    await second.append('lab', 300, records(1, 'next'));
    await second.close();
  });

  it('lists its streams in order, each once, and none after it was closed', async () => {
    const store = create(newFolder());
    const names = ['B', 'A', 'AB', 'A-1', 'a'].map((end) => `study-${end}`);
    for (const name of names) {
      await store.append(name, 0, records(1, name));
      await store.append(name, 1, records(1, `${name}+`));
    }
    await store.size('study-NONE');
    expect(await store.streams()).toEqual([...names].sort());
    await store.close();
    await expectCode(store.streams(), 'closed');
  });

  it('keeps the bytes and the leaf hash as they are, in columns of their own', async () => {
    const folder = newFolder();
    const store = create(folder);
    const { text, leaf } = record('{"unit":"µg"}');
    await store.append('lab', 0, [{ text, leaf }]);
    await store.close();
    const db = raw(folder);
    expect(db.prepare('SELECT * FROM records').get()).toEqual({
      stream: 'lab',
      number: 0,
      bytes: Buffer.from(text),
      leaf: Buffer.from(leaf, 'latin1'),
    });
    db.close();
  });

  it.each([
    ['an UPDATE', "UPDATE records SET bytes = x'00'", /never changed/],
    ['a DELETE', 'DELETE FROM records', /never deleted/],
    [
      'a REPLACE by number',
      'REPLACE INTO records SELECT stream, 0, bytes, leaf FROM records',
      /only appended/,
    ],
    [
      'an UPSERT',
      "INSERT INTO records SELECT * FROM records WHERE true ON CONFLICT DO UPDATE SET bytes = x'00'",
      /only appended|never/,
    ],
    ['a gap', 'INSERT INTO records SELECT stream, 2, bytes, leaf FROM records', /only appended/],
    ['a half leaf hash', "INSERT INTO records SELECT stream, 1, bytes, x'00' FROM records", /CHECK/],
    ['text for bytes', "INSERT INTO records SELECT stream, 1, 'text', leaf FROM records", /TEXT/],
  ])('refuses %s by any program', async (_, sql, message) => {
    const folder = newFolder();
    const store = create(folder);
    const [only] = records(1);
    await store.append('lab', 0, [only!]);
    const db = raw(folder);
    expect(() => db.exec(sql)).toThrow(message);
    db.close();
    expect(await readAll(store, 'lab')).toEqual([{ number: 0, text: only!.text, leaf: only!.leaf }]);
    await store.close();
  });

  it('tells a writer that went round the lock by a conflict with the actual size', async () => {
    const folder = newFolder();
    const store = create(folder);
    await store.append('lab', 0, records(1));
    const db = raw(folder);
    db.exec('INSERT INTO records SELECT stream, 1, bytes, leaf FROM records');
    db.close();
    const append = store.append('lab', 1, records(1, 'second'));
    await expect(append).rejects.toMatchObject({ code: 'conflict', actualSize: 2 });
    await store.append('lab', 2, records(1, 'third'));
    await store.close();
  });

  it.each([
    ['a gap', 'DELETE FROM records WHERE number = 1'],
    ['a missing beginning', 'DELETE FROM records WHERE number = 0'],
    [
      'a leaf hash that is none',
      "PRAGMA ignore_check_constraints = 1; UPDATE records SET leaf = x'00' WHERE number = 1",
    ],
    ['bytes that are no UTF-8', "UPDATE records SET bytes = x'ff' WHERE number = 1"],
  ])('stops a read at %s made behind its back', async (_, damage) => {
    const folder = newFolder();
    const store = create(folder);
    await store.append('lab', 0, [record('{}'), record('\ufffd'), record('{"z":1}')]);
    await store.close();
    const db = raw(folder);
    db.exec('DROP TRIGGER records_are_never_changed; DROP TRIGGER records_are_never_deleted');
    db.exec(damage);
    db.close();
    const reader = openSqliteReader(folder);
    await expectCode(readAll(reader, 'lab'), 'integrity');
    await reader.close();
  });

  it('refuses a database of another program, of another version, and what is none', async () => {
    const folder = newFolder();
    await create(folder).close();
    const db = raw(folder);
    db.pragma('user_version = 2');
    expect(() => create(folder)).toThrow(expect.objectContaining({ code: 'unsupported' }));
    db.pragma('user_version = 1');
    db.pragma('application_id = 1');
    db.close();
    expect(() => openSqliteReader(folder)).toThrow(expect.objectContaining({ code: 'unsupported' }));
  });

  it('names the process that opened it, each time', async () => {
    const folder = newFolder();
    await create(folder).close();
    await openSqliteStore(folder, { holder: 'again' }).close();
    const db = raw(folder);
    expect(db.prepare('SELECT pid, what FROM openings').all()).toEqual([
      { pid: process.pid, what: 'test' },
      { pid: process.pid, what: 'again' },
    ]);
    db.close();
  });
});
