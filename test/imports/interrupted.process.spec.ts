import { spawnSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freshFolder } from '../support/folders.js';
import { compiledSources } from '../support/compiled.js';
import { failures, opened } from '../recording/test-ledger.js';
import { RUNS, STUDY, prepared, recordsOf } from './importing.js';

const child = fileURLToPath(new URL('../support/import-child.mjs', import.meta.url));
const ROWS = 1300;

/** Runs of three batches; every seventh is irregular, so that flags are compared as well. */
const csv = [
  'animal,date,time,run,last',
  ...Array.from({ length: ROWS }, (_, index) => {
    const day = String(1 + Math.floor(index / 60)).padStart(2, '0');
    const time = `${String(8 + Math.floor((index % 60) / 10)).padStart(2, '0')}:${String(index % 10).padStart(2, '0')}`;
    return [
      `R0${1 + (index % 2)}`,
      `2026-01-${day}`,
      time,
      index % 7 === 0 ? 'xxxo' : 'oxoxox',
      index % 7 === 0 ? '0.6' : '4',
    ].join();
  }),
].join('\n');

function run(
  folder: string,
  kill = '',
  store = '',
): { signal: string | null; outcomes: string[]; err: string } {
  const inputs = freshFolder('sheets');
  const [file, mapping] = [join(inputs, 'runs.csv'), join(inputs, 'mapping.json')];
  writeFileSync(file, csv);
  writeFileSync(mapping, JSON.stringify(RUNS));
  const args = [child, compiledSources(), folder, file, mapping, STUDY, kill, store];
  const { signal, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { signal, outcomes: stdout === '' ? [] : (JSON.parse(stdout) as string[]), err: stderr };
}

/** All that a record says but for the moment of writing. */
async function said(folder: string): Promise<unknown[]> {
  const { engine } = await opened(folder, { clock: () => Date.now() });
  const records = await recordsOf(engine);
  await engine.close();
  return records.map((record) => ({ ...record, recordedtime: '' }));
}

/** A study, a folder for each try, and what an import that nobody disturbs leaves. */
let copy: () => string;
let before: unknown[];
let expected: unknown[];
beforeAll(async () => {
  const start = freshFolder('import');
  const { engine } = await opened(start);
  await prepared(engine);
  await engine.close();
  before = await said(start);
  copy = () => {
    const folder = join(freshFolder('import'), 'ledger');
    cpSync(start, folder, { recursive: true });
    return folder;
  };
  const undisturbed = copy();
  expect(run(undisturbed)).toMatchObject({ signal: null, err: '' });
  expected = await said(undisturbed);
  expect(expected).toHaveLength(4 + ROWS);
});

describe('an import of more than one append that is killed', () => {
  it.each([1, 513, ROWS - 1])(
    'after record %i is handed to the database leaves nothing, and is whole when it is repeated',
    async (count) => {
      const folder = copy();
      expect(run(folder, `written:${count}`).signal).toBe('SIGKILL');
      expect(await said(folder)).toEqual(before);
      expect(await failures(folder)).toEqual([]);
      expect(new Set(run(folder).outcomes)).toEqual(new Set(['recorded']));
      expect(await said(folder)).toEqual(expected);
    },
  );

  it('after the first answer is whole', async () => {
    const folder = copy();
    expect(run(folder, 'answered:1').signal).toBe('SIGKILL');
    expect(await said(folder)).toEqual(expected);
    expect(new Set(run(folder).outcomes)).toEqual(new Set(['known']));
  });
});

describe('an import with keepGoing that is killed, on a store that keeps only single appends together', () => {
  it('is completed by repeating it, and leaves the records that an undisturbed one does', async () => {
    for (const kills of [['answered:600'], ['answered:512', 'answered:1']]) {
      const folder = copy();
      for (const kill of kills) expect(run(folder, kill, 'parts').signal).toBe('SIGKILL');
      const { outcomes, signal } = run(folder, '', 'parts');
      expect(signal).toBeNull();
      expect(new Set(outcomes)).toEqual(new Set(['known', 'recorded']));
      expect(await said(folder)).toEqual(expected);
      expect(await failures(folder)).toEqual([]);
      expect(new Set(run(folder).outcomes)).toEqual(new Set(['known']));
    }
  });
});
