import { strToU8, zipSync } from 'fflate';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unpackZip } from '../../src/exports/zip.js';
import { compiledSources, studyLedger } from '../support/compiled.js';
import { flip } from '../verify/tamper.js';
import { freshFolder, labVkey, makeLedger, verifier, weigh, withLedger } from '../verify/real-ledger.js';

const ledger = join(freshFolder(), 'ledger');
beforeAll(async () => {
  await makeLedger(ledger);
  // As the build puts it beside the compiled sources.
  writeFileSync(join(compiledSources(), 'verify.mjs'), verifier());
}, 60_000);

describe('study-ledger export', () => {
  it('makes a zip that study-ledger verify takes, until a byte of it is changed', async () => {
    const zip = join(freshFolder(), 'KET-01.zip');
    const made = await studyLedger('export', '--study', 'KET-01', '--data', ledger, '--to', zip);
    expect(made).toMatchObject({ code: 0, err: '' });
    expect(made.out).toContain('verified as its receiver will: COMPLETE');
    expect(made.out).toContain('recorded in the access log');
    const passed = await studyLedger('verify', zip, '--lab-vkey', labVkey(ledger));
    expect(passed).toMatchObject({ code: 0, err: '' });
    expect(passed.out).toMatch(/^COMPLETE {2}study KET-01/);
    expect(await studyLedger('verify', zip)).toMatchObject({ code: 2 });
    expect(await studyLedger('verify', zip, '--lab-vkey', 'nonsense')).toMatchObject({ code: 3 });
    flip(zip, readFileSync(zip).length >> 1, 4);
    expect(await studyLedger('verify', zip, '--lab-vkey', labVkey(ledger))).toMatchObject({ code: 1 });
    expect(await studyLedger('verify', '--data', ledger)).toMatchObject({ code: 0 });
  }, 30_000);

  it('says who holds the ledger, and exports beside it what is anchored where that is wanted', async () => {
    const to = join(freshFolder(), 'bundle');
    await withLedger(ledger, async (open) => {
      const args = ['export', '--study', 'KET-01', '--data', ledger, '--to', to];
      const held = await studyLedger(...args);
      expect(held).toMatchObject({ code: 1 });
      expect(held.err).toContain('is being written by process');
      expect(held.err).toContain('--unrecorded');
      expect(existsSync(to)).toBe(false);
      const before = await open.engine.store.size('access');
      const beside = await studyLedger(...args, '--unrecorded');
      expect(beside).toMatchObject({ code: 0 });
      expect(beside.out).toContain('NOT recorded in the access log');
      expect(await open.engine.store.size('access')).toBe(before);
      await weigh(open, 'KET-01', 1);
      const newer = await studyLedger(
        'export',
        '--study',
        'KET-01',
        '--data',
        ledger,
        '--to',
        `${to}-2`,
        '--unrecorded',
      );
      expect(newer).toMatchObject({ code: 1 });
      expect(newer.err).toContain('not-anchored');
    });
  }, 30_000);

  it('refuses what is no place, no size, no ledger', async () => {
    const on = ['export', '--study', 'KET-01', '--to', join(freshFolder(), 'x')];
    expect((await studyLedger(...on, '--data', '/nowhere')).err).toContain('There is no ledger');
    expect((await studyLedger(...on, '--data', ledger, '--at', 'x')).err).toContain('not a tree size');
    expect((await studyLedger(...on, '--data', ledger, '--at', '0')).code).toBe(1);
  });
});

describe('a zip', () => {
  it.each(['../evil', '/evil', 'a/../../evil', 'a\\..\\evil'])(
    'with a name that leads out of it is refused: %s',
    (name) => {
      const folder = freshFolder();
      const zip = join(folder, 'evil.zip');
      writeFileSync(zip, zipSync({ [name]: strToU8('x') }));
      mkdirSync(join(folder, 'target'));
      expect(() => unpackZip(zip, join(folder, 'target'))).toThrow('leads elsewhere');
      expect(existsSync(join(folder, 'evil'))).toBe(false);
    },
  );

  it.each([
    ['nothing', ''],
    ['text', 'x'.repeat(1000)],
  ])('that is %s is none', (_, content) => {
    const folder = freshFolder();
    writeFileSync(join(folder, 'file.zip'), content);
    mkdirSync(join(folder, 'target'));
    expect(() => unpackZip(join(folder, 'file.zip'), join(folder, 'target'))).toThrow('not a zip file');
  });
});
