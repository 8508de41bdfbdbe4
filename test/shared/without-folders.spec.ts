import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteReader } from '../../src/store/sqlite/open-sqlite.js';
import { withoutFolders } from '../../src/shared/without-folders.js';
import { freshFolder } from '../support/folders.js';

it('names a file that cannot be read by its last part', () => {
  const folder = freshFolder('paths');
  try {
    readFileSync(join(folder, 'lab.note'));
  } catch (error) {
    expect(withoutFolders(error)).toBe("ENOENT: no such file or directory, open 'lab.note'");
  }
  expect(withoutFolders(new Error('two'))).toBe('two');
  expect(withoutFolders('text')).toBe('text');
  expect.assertions(3);
});

it('a damaged database is named in an answer to a client without its folder', () => {
  const folder = freshFolder('paths');
  writeFileSync(join(folder, 'ledger.sqlite'), 'no database '.repeat(1000));
  expect(() => openSqliteReader(folder)).toThrow(
    expect.objectContaining({ code: 'integrity', message: expect.not.stringContaining(folder) }),
  );
});
