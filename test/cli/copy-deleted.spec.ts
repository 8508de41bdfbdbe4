import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { Database } from '../../src/store/sqlite/driver.js';
import { opened } from '../recording/test-ledger.js';
import { KurrentDBDouble } from '../store/kurrentdb/server-double.js';
import { studyLedger } from '../support/cli.js';
import { freshFolder } from '../support/folders.js';

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

/** A ledger in a folder, and a copy of it under the prefix `there.` of a cluster. */
async function copied() {
  const double = await KurrentDBDouble.start();
  const folder = freshFolder('copy');
  const ledger = await opened(folder, { store: undefined });
  await ledger.study();
  await ledger.anchoring.anchor();
  await ledger.engine.close();
  const there = `${double.url}${double.url.includes('?') ? '&' : '?'}prefix=there.`;
  expect((await studyLedger('copy', '--from', folder, '--to', there)).code).toBe(0);
  return { double, folder, there };
}

describe('copy and a prefix whose streams were deleted', () => {
  it.each(['lab', 'study-NP-001'])('names it in the source (%s), and makes no copy', async (stream) => {
    const { double, there } = await copied();
    double.streams.softDelete(`there.${stream}`);
    const to = join(freshFolder('copy'), 'new');
    const { code, err } = await studyLedger('copy', '--from', there, '--to', to);
    expect(code).toBe(1);
    expect(oneLine(err)).toContain(`Stream ${stream} was deleted in KurrentDB`);
    if (stream === 'lab') expect(existsSync(to)).toBe(false);
    double.stop();
  });

  it('names it in the target before anything is written', async () => {
    const { double, folder, there } = await copied();
    for (const stream of ['lab', 'study-NP-001']) double.streams.softDelete(`there.${stream}`);
    const before = double.appends.length;
    const { code, err } = await studyLedger('copy', '--from', folder, '--to', there);
    expect(code).toBe(1);
    expect(oneLine(err)).toMatch(/Stream (lab|study-NP-001) was deleted in KurrentDB.* use another prefix/);
    expect(double.appends).toHaveLength(before);
    const made = await studyLedger(
      'init',
      '--data',
      freshFolder('init'),
      '--store',
      there,
      '--facility',
      'lab.example',
    );
    expect(made.code).toBe(1);
    expect(oneLine(made.err)).toContain('Stream lab was deleted in KurrentDB');
    expect(double.appends).toHaveLength(before);
    double.stop();
  });

  it('names a study that was emptied in the file of the source', async () => {
    const folder = freshFolder('copy');
    const ledger = await opened(folder, { store: undefined });
    await ledger.study();
    await ledger.anchoring.anchor();
    await ledger.engine.close();
    const db = new Database(join(folder, 'ledger.sqlite'));
    db.exec("DROP TRIGGER records_are_never_deleted; DELETE FROM records WHERE stream = 'study-NP-001'");
    db.close();
    const { code, err } = await studyLedger(
      'copy',
      '--from',
      folder,
      '--to',
      join(freshFolder('copy'), 'new'),
    );
    expect(code).toBe(1);
    expect(oneLine(err)).toContain('study-NP-001 holds 0 records, but the lab anchored its first 3');
  });
});
