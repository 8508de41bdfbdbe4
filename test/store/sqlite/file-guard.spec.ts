import { copyFileSync, renameSync, rmSync, truncateSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteStore } from '../../../src/store/sqlite/open-sqlite.js';
import { freshFolder } from '../../support/folders.js';
import { expectCode, readAll, records } from '../test-records.js';

function openIn(folder: string, create = false) {
  return openSqliteStore(folder, { create, holder: 'test' });
}

describe('sqlite: while the store is open', () => {
  const DAMAGES = [
    ['the database is removed', (file: string) => rmSync(file)],
    ['its log is removed', (file: string) => rmSync(`${file}-wal`)],
    [
      'its log is replaced by a copy',
      (file: string) => {
        copyFileSync(`${file}-wal`, `${file}.copy`);
        renameSync(`${file}.copy`, `${file}-wal`);
      },
    ],
    [
      'the database is replaced by a copy',
      (file: string) => {
        copyFileSync(file, `${file}.copy`);
        renameSync(`${file}.copy`, file);
      },
    ],
    ['the database is cut', (file: string) => truncateSync(file, 512)],
  ] as const;

  describe.each([
    ['just now', 0],
    ['long ago', 3_600_000],
  ])('in a folder that changed %s', (_when, agoMs) => {
    it.each(DAMAGES)('nothing more is recorded once %s', async (_what, damage) => {
      const folder = freshFolder('guard');
      const store = openIn(folder, true);
      const changed = new Date(Date.now() - agoMs);
      utimesSync(folder, changed, changed);
      await store.append('A', 0, records(2));
      damage(join(folder, 'ledger.sqlite'));
      await expectCode(store.append('A', 2, records(1, 'lost')), 'integrity');
      await expectCode(store.append('B', 0, records(1, 'lost too')), 'integrity');
      await store.close();
    });
  });

  it('a database that is moved away and brought back has everything that was answered', async () => {
    const folder = freshFolder('guard');
    const file = join(folder, 'ledger.sqlite');
    const store = openIn(folder, true);
    await store.append('A', 0, records(2));
    renameSync(file, `${file}.away`);
    await expectCode(store.append('A', 2, records(1, 'not taken')), 'integrity');
    renameSync(`${file}.away`, file);
    await store.append('A', 2, records(1, 'taken'));
    await store.close();
    const again = openIn(folder);
    expect(await readAll(again, 'A')).toHaveLength(3);
    await again.close();
  });

  it('goes on beside a reader that comes and goes', async () => {
    const folder = freshFolder('guard');
    const store = openIn(folder, true);
    for (let size = 0; size < 3; size++) {
      const { openSqliteReader } = await import('../../../src/store/sqlite/open-sqlite.js');
      const reader = openSqliteReader(folder);
      expect(await reader.size('A')).toBe(size);
      await reader.close();
      await store.append('A', size, records(1, `r${size}`));
    }
    await store.close();
  });
});
