import { cpSync, existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { runWith, studyLedger } from '../support/cli.js';
import { freshFolder } from '../support/folders.js';
import { failures, opened, openedReal } from '../recording/test-ledger.js';

async function aLedger(): Promise<string> {
  const folder = freshFolder('copy-source');
  const ledger = await openedReal(folder);
  await ledger.study();
  await ledger.grow(5);
  await ledger.anchoring.anchor();
  await ledger.engine.close();
  return folder;
}

it('moves a ledger into another folder, where it goes on and signs as before', async () => {
  const from = await aLedger();
  const to = join(freshFolder('copy'), 'new');
  const { code, out, err } = await runWith({ columns: 100 }, 'copy', '--from', from, '--to', to);
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/^study-NP-001 +8 +8 +[A-Za-z0-9+/]{43}=$/m);
  expect(out).toContain('keep no second copy');
  expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  for (const part of ['ledger.json', 'policy', 'anchors', 'marks', 'master.seed'])
    renameSync(join(from, part), join(to, part));
  const moved = await opened(to);
  await moved.grow(1);
  await moved.anchoring.anchor();
  expect(moved.engine.alarm).toBeUndefined();
  await moved.engine.close();
  expect(await failures(to)).toEqual([]);
});

it('says that somebody still records into the source', async () => {
  const from = await aLedger();
  const writer = await opened(from);
  const { code, out } = await studyLedger('copy', '--from', from, '--to', join(freshFolder('copy'), 'new'));
  await writer.engine.close();
  expect(code).toBe(0);
  expect(out).toMatch(/The source is in use \(test\)/);
});

it('refuses what cannot be meant, and leaves nothing behind', async () => {
  const from = await aLedger();
  const to = join(freshFolder('copy'), 'new');
  expect(await studyLedger('copy', '--from', join(to, 'none'), '--to', to)).toMatchObject({ code: 1 });
  expect(existsSync(to)).toBe(false);
  const same = await studyLedger('copy', '--from', from, '--to', join(from, '.'));
  expect([same.code, same.err]).toEqual([1, expect.stringContaining('the same')]);
  const other = await aLedger();
  const differs = await studyLedger('copy', '--from', from, '--to', other);
  expect(differs.code).toBe(1);
  expect(differs.err).toMatch(/Record 0 of lab in the target .*\n\(target-differs\)/s);
});

it('gives programs sizes and roots', async () => {
  const from = await aLedger();
  const to = join(freshFolder('copy'), 'new');
  cpSync(join(from, 'ledger.sqlite'), join(to, 'ledger.sqlite'), { recursive: true });
  const { out } = await studyLedger('copy', '--from', from, '--to', to, '--json');
  const { logs } = JSON.parse(out) as { logs: { log: string; from: number; size: number }[] };
  expect(logs.map(({ log, from: before, size }) => [log, size - before])).toEqual([
    ['lab', 0],
    ['access', 0],
    ['study-NP-001', 0],
  ]);
});
