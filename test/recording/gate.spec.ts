import { copyFileSync, cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { v4 } from 'uuid';
import { restore } from '../../src/operations/restore.js';
import { rotateKeys } from '../../src/signing/rotation.js';
import { Database } from '../../src/store/sqlite/driver.js';
import { freshFolder } from '../support/folders.js';
import { itEditsTheFile } from '../support/test-store.js';
import { codeOf, failures, opened, sender, START, twoStudies, type TestLedger } from './test-ledger.js';

const who = { actor: 'qa-01', role: 'quality-assurance', id: v4() };
const exported = { study: 'NP-001', size: 3, root: 'A'.repeat(43) + '=', sha256: '0'.repeat(64) };

async function sizes({ engine }: TestLedger): Promise<number[]> {
  return Promise.all(['lab', 'access', 'study-NP-001', 'study-NP-002'].map((log) => engine.store.size(log)));
}

/** As it is done by hand: the file of the database alone is put back. */
function putBack(from: string, to: string): void {
  for (const ending of ['', '-wal', '-shm']) {
    rmSync(join(to, `ledger.sqlite${ending}`), { force: true });
    const file = join(from, `ledger.sqlite${ending}`);
    if (existsSync(file)) copyFileSync(file, join(to, `ledger.sqlite${ending}`));
  }
}

describe('a ledger whose database was put back from an older backup, with the signed heads kept', () => {
  const folder = freshFolder('put-back');
  const [data, older, newer] = ['data', 'older', 'newer'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];

  beforeAll(async () => {
    await twoStudies(data);
    cpSync(data, older, { recursive: true });
    const ledger = await opened(data);
    await ledger.grow(2);
    await ledger.anchoring.anchor();
    await ledger.engine.close();
    cpSync(data, newer, { recursive: true });
    putBack(older, data);
  });

  itEditsTheFile('records nothing anywhere: no command, anchor, time stamp, export or rotation', async () => {
    const ledger = await opened(data);
    const before = await sizes(ledger);
    const second = sender(ledger.engine, 'NP-002');
    for (const answer of [
      await ledger.send('RecordBodyWeight'),
      await second('RecordBodyWeight'),
      await sender(ledger.engine, 'NP-003')('RegisterStudy'),
    ])
      expect(codeOf(answer)).toBe('store-behind-mark');
    await ledger.anchoring.anchor();
    await ledger.anchoring.anchor({ reason: 'export', logs: ['study-NP-002'] });
    await expect(ledger.engine.recordExport(exported, who)).rejects.toThrow('study-ledger restore');
    await expect(rotateKeys(ledger)).rejects.toMatchObject({ code: 'store-behind-mark' });
    expect(await sizes(ledger)).toEqual(before);
    expect(ledger.anchoring.status().problems).toMatchObject({ lab: expect.stringContaining('restore') });
    await ledger.engine.close();
  });

  itEditsTheFile('is brought back by a restore afterwards, and verifies', async () => {
    await restore({ data, from: newer, cause: 'An older database was put back' });
    expect(await failures(data)).toEqual([]);
    const ledger = await opened(data);
    expect(codeOf(await ledger.send('RecordBodyWeight'))).toBe('recorded');
    await ledger.anchoring.anchor();
    expect(ledger.anchoring.status().problems).toEqual({});
    await ledger.engine.close();
  });
});

itEditsTheFile(
  'a study that holds less than was signed is neither recorded in nor anchored; the others go on',
  async () => {
    const data = freshFolder('cut-study');
    await twoStudies(data);
    const ledger = await opened(data);
    await ledger.grow(1);
    await ledger.engine.signHead('study-NP-001');
    await ledger.engine.close();
    const db = new Database(join(data, 'ledger.sqlite'));
    db.exec(
      "DROP TRIGGER records_are_never_deleted; DELETE FROM records WHERE stream = 'study-NP-001' AND number = 3",
    );
    db.close();

    const cut = await opened(data);
    expect(codeOf(await cut.send('RecordBodyWeight'))).toBe('store-behind-mark');
    expect(codeOf(await sender(cut.engine, 'NP-002')('RecordBodyWeight'))).toBe('recorded');
    await cut.anchoring.anchor();
    const { anchors } = await cut.engine.lab();
    expect([anchors.get('study-NP-001')?.size, anchors.get('study-NP-002')?.size]).toEqual([3, 5]);
    await cut.engine.close();
  },
);

itEditsTheFile('a folder whose database is gone is not begun anew beside its signed heads', async () => {
  const data = freshFolder('gone');
  await twoStudies(data);
  for (const ending of ['', '-wal', '-shm']) rmSync(join(data, `ledger.sqlite${ending}`), { force: true });
  await expect(opened(data, { clock: () => START })).rejects.toMatchObject({ code: 'store-behind-mark' });
});
