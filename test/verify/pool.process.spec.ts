import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Chunk } from '../../src/verify/runtime/chunk.js';
import { CheckerPool, type PoolOptions } from '../../src/verify/runtime/pool.js';
import { allSchemas } from '../../src/verify/folder/record-schemas.js';
import { compiledProgram } from '../support/compiled.js';

const RECORDS = 300;
/** Together more than what threads are started for. */
const CHUNKS = 40;

/** Long lines that are JSON and no records, one of them not in canonical form. */
function chunk(index: number): Chunk {
  const lines = Array.from({ length: RECORDS }, (_, i) => {
    const text = `${index}.${i} ${'x'.repeat(900)}`;
    return i === index ? `{ "data":"${text}"}` : `{"data":"${text}"}`;
  });
  return {
    log: 'study-A',
    source: '/studies/A',
    first: index * RECORDS,
    bytes: Uint8Array.from(Buffer.from(lines.map((line) => `\n${line}`).join(''))),
    keep: false,
    hashOnly: false,
  };
}

async function answers(options: Omit<PoolOptions, 'schemas'>, work: (checker: CheckerPool) => unknown) {
  const checker = new CheckerPool({ schemas: allSchemas(), ...options });
  try {
    return await work(checker);
  } finally {
    await checker.close();
  }
}

const worker = compiledProgram('verify/runtime/chunk-worker.js');
const all = (checker: CheckerPool) =>
  Promise.all(Array.from({ length: CHUNKS }, (_, index) => checker.check(chunk(index))));

describe('whoever checks', () => {
  const alone = answers({ threads: 0, worker }, all) as ReturnType<typeof all>;

  it('finds each fault at its record', async () => {
    const faults = (await alone).map(({ findings }) =>
      findings.filter(({ check, message }) => check === 'canonical' && message.includes('RFC 8785')),
    );
    expect(faults.map((found) => found.map(({ record }) => record))).toEqual(
      Array.from({ length: CHUNKS }, (_, index) => [index * RECORDS + index]),
    );
  });

  it.each([
    ['threads', { threads: 2, joins: false }],
    ['the one that asks, with threads', { threads: 2 }],
    ['the one that asks, where there is no program for a thread', { worker: new URL('file:///none') }],
  ])('says the same: %s', async (_, options) => {
    expect(await answers({ worker, ...options }, all)).toEqual(await alone);
  });

  it('hashes a file, small or large', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pool-'));
    const files = [10, 9_000_000, 20].map((size) => {
      const path = join(folder, String(size));
      writeFileSync(path, Buffer.alloc(size, 'a'));
      return path;
    });
    const hashes = (checker: CheckerPool) => checker.digests(files, 'sha512');
    expect(await answers({ threads: 1, worker }, hashes)).toEqual(
      await answers({ threads: 0, worker }, hashes),
    );
  });

  it('fails where a thread fails, and hangs nobody', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'pool-')), 'broken.mjs');
    writeFileSync(file, 'throw new Error("no memory");');
    await expect(answers({ threads: 1, joins: false, worker: pathToFileURL(file) }, all)).rejects.toThrow(
      'no memory',
    );
  });
});
