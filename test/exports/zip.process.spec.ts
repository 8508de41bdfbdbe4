import { strToU8, zipSync } from 'fflate';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { withSeal } from '../../src/exports/bundle/check-seal.js';
import { packZip, unpackZip, ZipError } from '../../src/exports/bundle/bundle-zip.js';
import type { Report } from '../../src/verify/checks/report.js';
import { FULL } from '../support/effort.js';
import { freshFolder } from '../support/folders.js';

const folder = freshFolder('zip');

function packed(files: Record<string, string>): Buffer {
  return Buffer.from(
    zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)]))),
  );
}

/** What is found in the unpacked folder, or why there is none. */
async function outcome(bytes: Buffer) {
  const target = mkdtempSync(join(folder, 'target-'));
  const file = `${target}.zip`;
  writeFileSync(file, bytes);
  try {
    const { folder: top, seal } = await unpackZip(file, target);
    const names = readdirSync(top, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    const texts = names.map((one) => readFileSync(join(one.parentPath, one.name), 'utf8'));
    return { seal, top: top.slice(target.length), texts: texts.sort(), message: '' };
  } catch (error) {
    if (error instanceof ZipError) return { seal: 'none', top: '', texts: [], message: error.message };
    throw error;
  } finally {
    rmSync(target, { recursive: true });
    rmSync(file);
  }
}

describe('a sealed zip', () => {
  const source = join(folder, 'source');
  mkdirSync(join(source, 'data'), { recursive: true });
  writeFileSync(join(source, 'bagit.txt'), 'BagIt-Version: 1.0\n');
  // Runs of one letter: a compressed stream in which a byte can be changed without changing what it unpacks to.
  writeFileSync(join(source, 'data', 'µ.txt'), 'a'.repeat(600) + 'ab'.repeat(200) + 'weights\n'.repeat(40));
  packZip(source, 'bundle', join(folder, 'small.zip'));
  const bytes = readFileSync(join(folder, 'small.zip'));

  it('unpacks to its folder, its seal intact', async () => {
    expect(await outcome(bytes)).toMatchObject({ seal: 'intact', top: '/bundle', texts: [{}, {}] });
  });

  it('shows any byte that was changed', async () => {
    const unseen: string[] = [];
    let onlyBySeal = 0;
    // A fifth of the bytes, and all of the end of the directory and the seal.
    for (let at = 0; at < bytes.length; at += FULL || at >= bytes.length - 94 ? 1 : 5)
      for (const mask of [1 << (at % 8), 0x80]) {
        const altered = Buffer.from(bytes);
        altered[at]! ^= mask;
        const { seal, message } = await outcome(altered);
        if (message === '' && seal !== 'broken') unseen.push(`${at} ${mask}`);
        if (message === '') onlyBySeal++;
      }
    expect(unseen).toEqual([]);
    expect(onlyBySeal).toBeGreaterThan(0);
  });

  it('shows what stands before it, behind it, and where it was cut off', async () => {
    const more = Buffer.from('more');
    expect((await outcome(Buffer.concat([more, bytes]))).message).toContain('is damaged');
    expect((await outcome(Buffer.concat([bytes, more]))).message).toContain('is damaged');
    expect((await outcome(bytes.subarray(0, 60))).message).toContain('is damaged');
  });
});

describe('a zip of another program', () => {
  const files = { 'a/one.txt': 'one', 'a/deep/er/two.txt': 'two'.repeat(1000) };

  it('is unpacked, and has no seal', async () => {
    const unpacked = { seal: 'none', top: '/a', texts: Object.values(files).sort() };
    expect(await outcome(packed(files))).toMatchObject(unpacked);
    expect(await outcome(packed({ 'one.txt': 'one' }))).toMatchObject({ top: '', texts: ['one'] });
  });

  const tool = spawnSync('zip', ['-v']).status === 0 ? it : it.skip; // only where there is a zip
  tool('is unpacked: zip, with its folders, dates and comment', async () => {
    const at = join(folder, 'by-tool');
    mkdirSync(join(at, 'a', 'empty'), { recursive: true });
    writeFileSync(join(at, 'a', 'one.txt'), 'one');
    const run = spawnSync('zip', ['-r', '-z', 'out.zip', 'a'], { cwd: at, input: 'packed by hand\n' });
    expect(run.status).toBe(0);
    expect(await outcome(readFileSync(join(at, 'out.zip')))).toEqual({
      seal: 'none',
      top: '/a',
      texts: ['one'],
      message: '',
    });
  });

  it('is refused where a checksum or a size is not as declared', async () => {
    const bytes = packed(files);
    const directory = bytes.readUInt32LE(bytes.length - 6);
    for (const at of [16, 24]) {
      const altered = Buffer.from(bytes);
      altered[directory + at]! ^= 4;
      expect((await outcome(altered)).message).toContain('is damaged');
    }
  });

  it('is refused where its files would take more than half of the free space', async () => {
    const names = Array.from({ length: 20_000 }, (_, number) => [`${number}`, '']);
    const bytes = packed(Object.fromEntries(names) as Record<string, string>);
    const directory = bytes.readUInt32LE(bytes.length - 6);
    for (let at = directory; bytes.readUInt32LE(at) === 0x02014b50; at += 46 + bytes.readUInt16LE(at + 28))
      bytes.writeUInt32LE(0xffff_fff0, at + 24);
    expect((await outcome(bytes)).message).toMatch(/have 85899345600000+ bytes.*half of its free space/);
  });

  it.each([
    '../evil',
    '/evil',
    'a/../../evil',
    'a\\..\\evil',
    'a/./evil',
    'a//evil',
    'C:/evil',
    'a/ev\u0000il',
    `a/${'x'.repeat(239)}`,
    `a/${'µ'.repeat(120)}`,
  ])('is refused with the name %j', async (name) => {
    expect((await outcome(packed({ [name]: 'x' }))).message).not.toBe('');
    expect(existsSync(join(folder, 'evil'))).toBe(false);
  });

  it('may have names of 240 bytes, and a file no twin', async () => {
    expect((await outcome(packed({ [`a/${'x'.repeat(238)}`]: 'x' }))).texts).toEqual(['x']);
    const twins = packed({ 'a/one': '1', 'a/two': '2' });
    for (let at; (at = twins.indexOf('a/two')) >= 0;) twins.write('a/one', at);
    expect((await outcome(twins)).message).toContain('twice');
    expect((await outcome(packed({ a: '1', 'a/two': '2' }))).message).not.toBe('');
  });

  it.each(['', 'x'.repeat(1000)])('is none: %#', async (content) => {
    expect((await outcome(Buffer.from(content))).message).toContain('is not a zip file');
  });
});

describe('the report of a zipped bundle', () => {
  const report: Report = {
    verdict: 'COMPLETE',
    exitCode: 0,
    subject: 'study KET-01',
    simulated: true,
    witnessed: false,
    witnessedTo: 0,
    pinned: true,
    summary: [],
    logs: [],
    findings: [],
    records: 0,
  };

  it('fails where the seal is broken, and notes where there is none', () => {
    expect(withSeal(report, 'intact')).toEqual(report);
    expect(withSeal(report, 'none')).toMatchObject({
      verdict: 'COMPLETE',
      exitCode: 0,
      findings: [{ check: 'fixity', severity: 'note' }],
    });
    expect(withSeal(report, 'broken')).toMatchObject({
      verdict: 'FAIL',
      exitCode: 1,
      findings: [{ check: 'fixity', severity: 'fail' }],
    });
  });
});
