import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { backUp, restoreDrill } from '../../src/operations/backup.js';
import { ReplicationError } from '../../src/operations/replication-error.js';
import { RestoreError, restore, type RestoreOptions, type Restored } from '../../src/operations/restore.js';
import { openSqliteReader } from '../../src/store/sqlite/open-sqlite.js';
import { freshFolder } from '../support/folders.js';
import { START, codeOf, failures, openedReal, type TestLedger } from '../recording/test-ledger.js';
import { Database } from '../../src/store/sqlite/driver.js';

const STUDY = 'study-NP-001';
const CAUSE = 'disk failure';

/** The bytes of a log as they stand in the store. */
async function textsOf(folder: string, log: string): Promise<string[]> {
  const store = openSqliteReader(folder);
  const texts: string[] = [];
  for await (const page of store.read(log)) texts.push(...page.map(({ text }) => text));
  await store.close();
  return texts;
}

async function lastOfLab(ledger: TestLedger): Promise<{ type: string; data: object }> {
  let last = '';
  for await (const page of ledger.engine.store.read('lab')) last = page.at(-1)!.text;
  return JSON.parse(last) as { type: string; data: object };
}

/** A ledger with a study of twelve anchored records, and a backup from when it had seven. */
async function withBackup(): Promise<{ folder: string; copy: string }> {
  const folder = freshFolder('restore');
  const ledger = await openedReal(folder);
  await ledger.study();
  await ledger.grow(4);
  await ledger.anchoring.anchor();
  const copy = join(freshFolder('backup'), 'copy');
  await backUp(folder, copy, START);
  await ledger.grow(5);
  await ledger.anchoring.anchor();
  await ledger.engine.close();
  return { folder, copy };
}

/** Puts the database of a copy in the place of a ledger’s own. */
function exchange(folder: string, copy: string): void {
  for (const name of ['ledger.sqlite', 'ledger.sqlite-wal', 'ledger.sqlite-shm'])
    rmSync(join(folder, name), { force: true });
  cpSync(join(copy, 'ledger.sqlite'), join(folder, 'ledger.sqlite'));
}

async function refusalOf(options: Partial<RestoreOptions> & { data: string }): Promise<string> {
  try {
    await restore({ cause: CAUSE, ...options });
  } catch (error) {
    if (error instanceof RestoreError || error instanceof ReplicationError) return error.code;
    throw error;
  }
  return 'restored';
}

const sizes = ({ logs }: Restored) => logs.map(({ log, from, size, vouched }) => [log, from, size, vouched]);

describe('a backup', () => {
  it('is made while the ledger is written to, is consistent, and holds neither seed nor marks [R48]', async () => {
    const folder = freshFolder('backup');
    const ledger = await openedReal(folder);
    await ledger.study();
    await ledger.anchoring.anchor();
    const copy = join(freshFolder('backup'), 'copy');
    await ledger.grow(1);
    const writing = { on: true };
    const writer = (async () => {
      while (writing.on) await ledger.grow(5);
    })();
    const { logs } = await backUp(folder, copy, START);
    writing.on = false;
    await writer;
    const open = await ledger.engine.study('NP-001');
    const copied = logs.find(({ log }) => log === STUDY)!;
    expect(copied.size).toBeGreaterThan(3);
    expect(copied.size).toBeLessThanOrEqual(open.size);
    expect(open.root(copied.size!)).toBe(copied.root);
    expect(copied.anchored).toBe(3);
    expect(readdirSync(copy).sort()).toEqual([
      'anchors',
      'backup.json',
      'disclosures',
      'ledger.json',
      'ledger.sqlite',
      'policy',
    ]);
    const seed = readFileSync(join(folder, 'master.seed'), 'utf8').trim();
    for (const name of readdirSync(copy, { recursive: true, encoding: 'utf8' }))
      if (!name.endsWith('.sqlite') && existsSync(join(copy, name)) && /\.\w+$/.test(name))
        expect(readFileSync(join(copy, name), 'utf8')).not.toContain(seed);
    await ledger.engine.close();
    expect(await failures(folder)).toEqual([]);
  });

  it('is tried elsewhere, and what it is worth is said [R48]', async () => {
    const { copy } = await withBackup();
    const before = readdirSync(copy).sort();
    const drill = await restoreDrill(copy);
    expect(drill.failures).toEqual([]);
    expect(drill.published).toBe(11);
    expect(drill.logs.map(({ log, size, anchored }) => [log, size, anchored])).toEqual([
      ['lab', 11, undefined],
      ['access', 1, 1],
      [STUDY, 7, 7],
    ]);
    expect(readdirSync(copy).sort()).toEqual(before);
  });

  it('that was damaged is found out by the drill [R48]', async () => {
    const { copy } = await withBackup();
    const db = new Database(join(copy, 'ledger.sqlite'));
    db.exec('DROP TRIGGER records_are_never_changed');
    db.exec(
      `UPDATE records SET bytes = CAST(replace(CAST(bytes AS TEXT), '"sd-01"', '"sd-02"') AS BLOB) WHERE stream = '${STUDY}' AND number = 4`,
    );
    db.close();
    expect((await restoreDrill(copy)).failures.join()).toMatch(/record 4/);
  });
});

describe('a restore', () => {
  it('brings the lost records back byte for byte from a later copy, and says so in the lab [R4 R48]', async () => {
    const { folder, copy } = await withBackup();
    const [lab, study] = [await textsOf(folder, 'lab'), await textsOf(folder, STUDY)];
    const mirror = join(freshFolder('mirror'), 'copy');
    await backUp(folder, mirror, START);
    exchange(folder, copy);
    const behind = await openedReal(folder);
    expect(codeOf(await behind.send('RecordBodyWeight'))).toBe('store-behind-mark');
    await behind.engine.close();
    const restored = await restore({ data: folder, from: mirror, cause: CAUSE });
    expect(sizes(restored)).toEqual([
      ['lab', 11, 12, 12],
      ['access', 1, 1, 1],
      [STUDY, 7, 12, 12],
    ]);
    expect(restored.unsigned).toBeUndefined();
    expect(await textsOf(folder, STUDY)).toEqual(study);
    expect((await textsOf(folder, 'lab')).slice(0, lab.length)).toEqual(lab);
    const ledger = await openedReal(folder);
    expect(await lastOfLab(ledger)).toMatchObject({
      type: 'RestoredFromBackup',
      data: { log: STUDY, size: 12, source: 'copy', cause: CAUSE },
    });
    await ledger.grow(1);
    await ledger.anchoring.anchor();
    expect(ledger.anchoring.status()).toMatchObject({ problems: {} });
    await ledger.engine.close();
    expect(await failures(folder)).toEqual([]);
  });

  it('takes them from the files of an unpacked bundle as well, wherever they lie in it', async () => {
    const { folder, copy } = await withBackup();
    const bundle = freshFolder('bundle');
    for (const [log, place] of [
      ['lab', 'data/ledger/lab'],
      [STUDY, 'data/ledger/study'],
    ] as const) {
      mkdirSync(join(bundle, place), { recursive: true });
      writeFileSync(
        join(bundle, place, 'records.ndjson'),
        (await textsOf(folder, log)).map((text) => `${text}\n`).join(''),
      );
    }
    const study = await textsOf(folder, STUDY);
    exchange(folder, copy);
    expect(sizes(await restore({ data: folder, from: bundle, cause: CAUSE }))).toContainEqual([
      STUDY,
      7,
      12,
      12,
    ]);
    expect(await textsOf(folder, STUDY)).toEqual(study);
    expect(await failures(folder)).toEqual([]);
  });

  it('refuses a source that does not reach far enough, and one with other records; nothing is changed', async () => {
    const { folder, copy } = await withBackup();
    exchange(folder, copy);
    expect(await refusalOf({ data: folder, from: copy })).toBe('source-unfit');
    expect(await refusalOf({ data: folder })).toBe('source-needed');
    const other = await withBackup();
    expect(await refusalOf({ data: folder, from: other.folder })).toBe('source-unfit');
    expect(await textsOf(folder, STUDY)).toHaveLength(7);
    expect(await textsOf(folder, 'lab')).toHaveLength(11);
  });

  it('cannot mend records that are there and are not those that were signed', async () => {
    const { folder } = await withBackup();
    const db = new Database(join(folder, 'ledger.sqlite'));
    db.exec('DROP TRIGGER records_are_never_changed');
    db.exec(
      `UPDATE records SET bytes = CAST(replace(CAST(bytes AS TEXT), '"sd-01"', '"sd-02"') AS BLOB) WHERE stream = '${STUDY}' AND number = 4`,
    );
    db.close();
    expect(await refusalOf({ data: folder })).toBe('store-inconsistent');
  });

  it('into an empty folder takes everything from the copy; the seed and the marks are named by a person', async () => {
    const { folder, copy } = await withBackup();
    const data = join(freshFolder('restore'), 'new');
    const seedFile = join(folder, 'master.seed');
    const restored = await restore({ data, from: copy, cause: CAUSE, seedFile });
    expect(sizes(restored)).toEqual([
      ['lab', 0, 11, 11],
      ['access', 0, 1, 1],
      [STUDY, 0, 7, 7],
    ]);
    expect(restored.unsigned).toBeUndefined();
    const ledger = await openedReal(data);
    await ledger.grow(1);
    await ledger.anchoring.anchor();
    expect(ledger.anchoring.status()).toMatchObject({ problems: {} });
    await ledger.engine.close();
    expect(await failures(data)).toEqual([]);
  });

  it('without the seed brings the records back, and says that nothing is signed yet', async () => {
    const { copy } = await withBackup();
    const data = join(freshFolder('restore'), 'new');
    const { unsigned } = await restore({ data, from: copy, cause: CAUSE });
    expect(unsigned).toMatch(/no seed/);
    const ledger = await openedReal(data);
    await ledger.grow(1);
    await ledger.engine.close();
  });

  it('without a source begins new marks where they are lost, and clears an alarm; it is recorded why', async () => {
    const { folder } = await withBackup();
    rmSync(join(folder, 'marks'), { recursive: true });
    writeFileSync(join(folder, 'alarm.json'), JSON.stringify({ code: 'witness-inconsistent', message: 'm' }));
    const lost = await openedReal(folder);
    await expect(lost.engine.signHead('lab')).rejects.toMatchObject({ code: 'witness-inconsistent' });
    await lost.engine.close();
    expect(
      sizes(await restore({ data: folder, cause: 'marks were on the disk that failed' })),
    ).toContainEqual(['lab', 12, 12, 12]);
    const ledger = await openedReal(folder);
    expect(await lastOfLab(ledger)).toMatchObject({
      type: 'RestoredFromBackup',
      data: { log: 'lab', source: 'none' },
    });
    expect((await ledger.engine.signHead(STUDY)).size).toBe(12);
    await ledger.engine.close();
    expect(await refusalOf({ data: folder })).toBe('nothing-to-restore');
    expect(await failures(folder)).toEqual([]);
  });

  it('is refused while the ledger is being written', async () => {
    const { folder, copy } = await withBackup();
    const ledger = await openedReal(folder);
    await expect(restore({ data: folder, from: copy, cause: CAUSE })).rejects.toMatchObject({
      code: 'locked',
    });
    await ledger.engine.close();
  });
});
