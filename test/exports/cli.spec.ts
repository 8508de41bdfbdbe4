import { strToU8, zipSync } from 'fflate';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packZip, unpackOwnZip, unpackZip, ZipError } from '../../src/exports/bundle/zip.js';
import { SEAL_BYTES } from '../../src/exports/bundle/zip-form.js';
import { studyLedger } from '../support/cli.js';
import { flip } from '../verify/tamper.js';
import { freshFolder, labVkey, makeLedger, weigh, withLedger } from '../verify/real-ledger.js';

const ledger = join(freshFolder(), 'ledger');
beforeAll(() => makeLedger(ledger), 60_000);

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

describe('a zip', () => {
  const packed = (files: Record<string, string>): Buffer =>
    Buffer.from(
      zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)]))),
    );
  const unpacked = (bytes: Buffer): string => {
    const folder = freshFolder();
    writeFileSync(join(folder, 'file.zip'), bytes);
    mkdirSync(join(folder, 'target'));
    return unpackZip(join(folder, 'file.zip'), join(folder, 'target'));
  };

  describe('of an export', () => {
    const folder = freshFolder();
    const [source, zip] = [join(folder, 'source'), join(folder, 'small.zip')];
    mkdirSync(join(source, 'data'), { recursive: true });
    writeFileSync(join(source, 'bagit.txt'), 'BagIt-Version: 1.0\n');
    // Runs of one letter: a compressed stream in which a byte can be changed without changing what it unpacks to.
    writeFileSync(join(source, 'data', 'µ.txt'), 'a'.repeat(600) + 'ab'.repeat(200) + 'weights\n'.repeat(40));
    packZip(source, 'bundle', zip);
    const refused = (bytes: Buffer): string => {
      const target = mkdtempSync(join(folder, 'target-'));
      writeFileSync(zip, bytes);
      try {
        unpackOwnZip(zip, target);
      } catch (error) {
        if (error instanceof ZipError) return error.message;
        throw error;
      } finally {
        rmSync(target, { recursive: true });
      }
      return 'taken';
    };
    const bytes = readFileSync(zip);

    it('is refused with any byte of it changed', () => {
      expect(refused(bytes)).toBe('taken');
      const taken: string[] = [];
      let sealed = 0;
      for (let at = 0; at < bytes.length; at++)
        for (const mask of [1 << (at % 8), 0x80]) {
          const altered = Buffer.from(bytes);
          altered[at]! ^= mask;
          const message = refused(altered);
          if (message === 'taken') taken.push(`${at} ${mask}`);
          if (message.includes('sealed')) sealed++;
        }
      expect(taken).toEqual([]);
      // The seal is not there for nothing: some bits change nothing else.
      expect(sealed).toBeGreaterThan(0);
    });

    it('is refused with the place: a date, an attribute, a version, a length', () => {
      const directory = bytes.readUInt32LE(bytes.length - SEAL_BYTES - 6);
      const at = (offset: number): string => {
        const altered = Buffer.from(bytes);
        altered[offset]! ^= 1;
        return refused(altered);
      };
      expect(at(10)).toContain('the header of bundle/bagit.txt is not');
      expect(at(directory + 38)).toContain('what its directory says of bundle/bagit.txt is not');
      expect(at(directory + 4)).toContain('what its directory says of bundle/bagit.txt is not');
      expect(at(bytes.length - SEAL_BYTES - 2)).toContain('the end of its directory is not');
    });

    it('is refused where something stands before, between or behind, and where another program packed it', () => {
      const more = Buffer.from('more');
      expect(refused(Buffer.concat([more, bytes]))).toContain('the end of its directory');
      expect(refused(Buffer.concat([bytes, more]))).toContain('the end of its directory');
      expect(refused(bytes.subarray(0, 60))).toContain('the end of its directory');
      expect(refused(packed({ 'bundle/bagit.txt': 'BagIt-Version: 1.0\n' }))).toContain(
        'Unpack it, and verify',
      );
    });
  });

  it('is refused where other programs would unpack something else: another name, sum or size at its end', () => {
    const bytes = packed({ 'a/one.txt': 'one', 'a/two.txt': 'two' });
    expect(readFileSync(join(unpacked(bytes), 'two.txt'), 'utf8')).toBe('two');
    const directory = bytes.readUInt32LE(bytes.length - 6);
    // Checksum, size, name length and name of its first entry.
    for (const at of [16, 24, 28, 46, 52]) {
      const altered = Buffer.from(bytes);
      altered[directory + at]! ^= 4;
      expect(() => unpacked(altered)).toThrow('damaged, or was made to deceive');
    }
    for (const at of [22, 14, 12, 10, 6, 2].map((back) => bytes.length - back)) {
      const altered = Buffer.from(bytes);
      altered[at]! ^= 4;
      expect(() => unpacked(altered)).toThrow('damaged, or was made to deceive');
    }
    const shorter = packed({ 'a/one.txt': 'one' });
    const hidden = Buffer.concat([
      bytes.subarray(0, directory),
      shorter.subarray(shorter.readUInt32LE(shorter.length - 6)),
    ]);
    hidden.writeUInt32LE(directory, hidden.length - 6);
    expect(() => unpacked(hidden)).toThrow('does not list a/two.txt');
  });

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
