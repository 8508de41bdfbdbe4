import { join } from 'node:path';
import { Database } from '../../src/store/sqlite/driver.js';
import { rotateKeys } from '../../src/signing/rotation.js';
import { codeOf, failures, opened, sender, twoStudies } from '../recording/test-ledger.js';
import { studyLedger } from '../support/cli.js';
import { freshFolder } from '../support/folders.js';
import { itEditsTheFile } from '../support/test-store.js';

const CHANGES = {
  emptied: "DROP TRIGGER records_are_never_deleted; DELETE FROM records WHERE stream = 'study-NP-001'",
  altered:
    'DROP TRIGGER records_are_never_changed; ' +
    `UPDATE records SET bytes = CAST(replace(CAST(bytes AS TEXT), '"dev"', '"eve"') AS BLOB) ` +
    "WHERE stream = 'study-NP-001' AND number = 1",
};
const PROBLEM = {
  emptied: 'study-NP-001 holds 0 records, but the lab anchored its first 3',
  altered: 'Record 1 of study-NP-001 does not have the hash that is stored beside it',
};

/** Two anchored studies, the first of which is damaged in the file; the second has a record more. */
async function withDamage(how: keyof typeof CHANGES): Promise<string> {
  const folder = freshFolder(how);
  await twoStudies(folder);
  const db = new Database(join(folder, 'ledger.sqlite'));
  db.exec(CHANGES[how]);
  db.close();
  return folder;
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

describe.each(['emptied', 'altered'] as const)('one study that was %s in the store', (how) => {
  itEditsTheFile('is named by anchoring and rotation, which go on with the others', async () => {
    const folder = await withDamage(how);
    const ledger = await opened(folder);
    // Looked at: that its bytes were altered is known once they are read.
    await ledger.send('RecordBodyWeight').catch(() => undefined);
    expect(codeOf(await sender(ledger.engine, 'NP-002')('RecordBodyWeight'))).toBe('recorded');
    await ledger.anchoring.anchor();
    expect((await ledger.engine.lab()).anchors.get('study-NP-002')?.size).toBe(5);
    const { problems } = ledger.anchoring.status();
    expect(Object.keys(problems ?? {})).toEqual(how === 'emptied' ? ['study-NP-001'] : []);
    expect(ledger.engine.damaged).toEqual(['NP-001']);
    const { signed, unsigned } = await rotateKeys(ledger);
    expect([signed, unsigned.map(({ log }) => log)]).toEqual([2, ['study-NP-001']]);
    await ledger.engine.close();
    expect((await failures(folder)).every((failure) => failure.startsWith('study-NP-001'))).toBe(true);
  });

  itEditsTheFile('is named by studies, anchors and backup, and refused by a return', async () => {
    const folder = await withDamage(how);
    const listed = await studyLedger('studies', '--data', folder, '--json');
    const { studies } = JSON.parse(listed.out) as { studies: object[] };
    expect(studies).toMatchObject([
      {
        study: 'NP-001',
        state: 'damaged',
        problem: expect.stringContaining(PROBLEM[how]),
        anchor: { size: 3 },
      },
      { study: 'NP-002', state: 'open', treeSize: 4 },
    ]);
    expect(studies[0]).not.toHaveProperty('treeSize');
    expect(oneLine((await studyLedger('studies', '--data', folder)).out)).toContain(PROBLEM[how]);

    const anchors = await studyLedger('anchors', '--data', folder);
    expect(anchors.code).toBe(0);
    expect(anchors.out).toMatch(/study-NP-002 +4 +3/);
    if (how === 'emptied') expect(oneLine(anchors.out)).toContain(PROBLEM[how]);

    const copy = join(freshFolder('backup'), 'copy');
    const backup = await studyLedger('backup', '--data', folder, '--to', copy);
    expect(backup.code).toBe(1);
    expect(oneLine(backup.out)).toContain(`DAMAGED ${PROBLEM[how]}`);
    const drill = await studyLedger('restore-drill', copy);
    expect(drill.code).toBe(1);
    expect(drill.out).toMatch(/study-NP-002 +4 +3 +1/);
    expect(drill.out).toMatch(/FAILED +study-NP-001/);

    const form = ['--year', '2026', '--format', 'eu', '--to', join(folder, 'return')];
    const made = await studyLedger('welfare', 'return', '--data', folder, ...form);
    if (how === 'emptied') {
      expect(made.code).toBe(1);
      expect(oneLine(made.err)).toContain(PROBLEM[how]);
    }
  });
});
