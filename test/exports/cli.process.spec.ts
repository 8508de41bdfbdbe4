import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { studyLedger } from '../support/cli.js';
import { flip } from '../verify/tamper.js';
import { freshFolder, labVkey, makeLedger, weigh, withLedger } from '../verify/real-ledger.js';

const ledger = join(freshFolder(), 'ledger');
beforeAll(() => makeLedger(ledger));

describe('study-ledger export', () => {
  it('makes a zip that study-ledger verify takes, until a byte of it is changed [R43]', async () => {
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
  });

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
      const [, anchored] = /--at (\d+)/.exec(newer.err) ?? [];
      expect(
        await studyLedger(...args.slice(0, -1), `${to}-3`, '--unrecorded', '--at', anchored!),
      ).toMatchObject({
        code: 0,
      });
    });
  });

  it('refuses what is no place, no size, no ledger', async () => {
    const on = ['export', '--study', 'KET-01', '--to', join(freshFolder(), 'x')];
    expect((await studyLedger(...on, '--data', '/nowhere')).err).toContain('There is no ledger');
    expect((await studyLedger(...on, '--data', ledger, '--at', 'x')).err).toContain('not a tree size');
    expect((await studyLedger(...on, '--data', ledger, '--at', '0')).code).toBe(2);
  });
});
