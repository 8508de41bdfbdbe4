import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unpackZip } from '../../src/exports/bundle/bundle-zip.js';
import { verifyLedger } from '../../src/verify/folder/verify-ledger.js';
import { sha512OfFile } from '../../src/verify/runtime/files.js';
import { CRATE_1_2, danglingReferences, unknownTerms, type Crate } from './crate-terms.js';
import {
  checkBundle,
  exported,
  freshFolder,
  labVkey,
  makeLedger,
  verifier,
  weigh,
  withLedger,
} from '../verify/real-ledger.js';

const ledger = join(freshFolder(), 'ledger');
let pins: { labVkey: string };

beforeAll(async () => {
  await makeLedger(ledger);
  pins = { labVkey: labVkey(ledger) };
});

afterAll(async () => {
  expect(
    (await verifyLedger(ledger, { threads: 0 })).findings.filter(({ severity }) => severity !== 'note'),
  ).toEqual([]);
});

function inventory(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    names
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => [name, readFileSync(join(folder, name), 'latin1')]),
  );
}

describe('an audit bundle', () => {
  it('is complete, and says so to whoever has the lab’s key [R6 R44]', async () => {
    const to = join(freshFolder(), 'bundle');
    await exported(ledger, to);
    const report = await checkBundle(to, pins);
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({ verdict: 'COMPLETE', exitCode: 0, pinned: true, witnessed: false });
    expect(report.summary.join(' ')).toMatch(/UNWITNESSED at lab size \d+; witnessed at no lab size\./);
  });

  it('is worth less without a key from elsewhere', async () => {
    const to = join(freshFolder(), 'bundle');
    await exported(ledger, to);
    expect(await checkBundle(to, {})).toMatchObject({ verdict: 'INCOMPLETE', exitCode: 2, pinned: false });
  });

  it('comes out byte for byte the same, as a folder and as a zip, whatever happened in between [R50]', async () => {
    const folder = freshFolder();
    await exported(ledger, join(folder, 'a'), { at: 55 });
    await exported(ledger, join(folder, 'a.zip'), { at: 55 });
    await withLedger(ledger, async (open) => {
      await weigh(open, 'KET-01', 3);
      await open.anchoring.anchor();
    });
    await exported(ledger, join(folder, 'b'), { at: 55 });
    await exported(ledger, join(folder, 'b.zip'), { at: 55 });
    expect(inventory(join(folder, 'b'))).toEqual(inventory(join(folder, 'a')));
    expect(readFileSync(join(folder, 'b.zip')).equals(readFileSync(join(folder, 'a.zip')))).toBe(true);
    const unpacked = join(folder, 'unpacked');
    mkdirSync(unpacked);
    const zip = await unpackZip(join(folder, 'a.zip'), unpacked);
    expect(zip.seal).toBe('intact');
    expect(inventory(zip.folder)).toEqual(inventory(join(folder, 'a')));
  });

  it('anchors a head that is not anchored yet, and records that it was handed out', async () => {
    await withLedger(ledger, (open) => weigh(open, 'KET-01', 2));
    const to = join(freshFolder(), 'bundle');
    const { about, sha256 } = await exported(ledger, to);
    expect(about.anchor.size).toBe(about.size);
    await withLedger(ledger, async ({ engine }) => {
      const access: string[] = [];
      for await (const page of engine.store.read('access')) access.push(...page.map(({ text }) => text));
      expect(JSON.parse(access.at(-1)!)).toMatchObject({
        type: 'BundleExported',
        actor: 'qa-1',
        data: { study: 'KET-01', size: about.size, root: about.root, sha256 },
      });
    });
  });

  it('of an earlier state is tied to the anchor after it', async () => {
    const to = join(freshFolder(), 'bundle');
    await exported(ledger, to, { at: 20 });
    expect(await checkBundle(to, pins)).toMatchObject({ verdict: 'PREFIX', exitCode: 2 });
    rmSync(join(to, 'data', 'ledger', 'anchors'), { recursive: true });
    expect(await checkBundle(join(to, 'data', 'ledger'), pins)).toMatchObject({
      verdict: 'FAIL',
      exitCode: 1,
    });
  });

  it('of one animal proves what it holds and counts what it withholds [R44]', async () => {
    const to = join(freshFolder(), 'bundle');
    const { about } = await exported(ledger, to, { subject: 'R01' });
    const report = await checkBundle(to, pins);
    expect(report).toMatchObject({ verdict: 'PARTIAL', exitCode: 2 });
    const held = about.partial!.records;
    expect(report.findings).toEqual([
      expect.objectContaining({
        message: expect.stringContaining(`${about.size - held} are withheld`) as string,
      }),
    ]);
    const records = readFileSync(join(to, 'data', 'ledger', 'study', 'records.ndjson'), 'utf8');
    expect(records).not.toContain('"subject":"R02"');
    expect(readdirSync(join(to, 'data', 'ledger', 'proofs'))).toHaveLength(held);
  });

  it('is read by people without a script or a link to elsewhere [R44 R46]', async () => {
    const to = join(freshFolder(), 'bundle');
    await exported(ledger, to);
    const page = readFileSync(join(to, 'data', 'study.html'), 'utf8');
    expect(page).toContain('<a href="../index.html">');
    expect(page).toContain('<del>251.1 g</del> → <ins>301.5 g</ins>');
    const start = readFileSync(join(to, 'index.html'), 'utf8');
    for (const one of [page, start])
      expect(one.replaceAll('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/<script|https?:|src=/);
    // A style sheet that is escaped loses its fonts.
    for (const name of ['study.html', 'files/report.html', 'files/data-pack.html'])
      expect(readFileSync(join(to, 'data', name), 'utf8')).toMatch(/<style>[^<&]*'Segoe UI'/);
  });

  it.each([{}, { subject: 'R01' }])(
    '%j has a first page, whose links lead to what is there',
    async (request) => {
      const to = join(freshFolder(), 'bundle');
      const { about } = await exported(ledger, to, request);
      const start = readFileSync(join(to, 'index.html'), 'utf8');
      expect(start).toContain('passes where one of these was altered');
      expect(start).toContain(about.labVkey);
      const links = [...start.matchAll(/href="([^"]+)"/g)].map(([, href]) => href!);
      expect(links.length).toBeGreaterThan(8);
      for (const link of links) {
        const [path, id] = link.split('#') as [string, string | undefined];
        const text = readFileSync(join(to, path === '' ? 'index.html' : path), 'utf8');
        if (id !== undefined) expect(text).toMatch(new RegExp(` id="${id}"`));
      }
    },
  );

  it('is an RO-Crate 1.2: known terms, what must be there, every reference described, every file there', async () => {
    const to = join(freshFolder(), 'bundle');
    const { about } = await exported(ledger, to);
    const crate = JSON.parse(readFileSync(join(to, 'data', 'ro-crate-metadata.json'), 'utf8')) as Crate;
    expect(crate['@context'][0]).toBe('https://w3id.org/ro/crate/1.2/context');
    expect(unknownTerms(crate, CRATE_1_2)).toEqual([]);
    expect(danglingReferences(crate)).toEqual([]);
    const entity = (id: string) => crate['@graph'].find((one) => one['@id'] === id);
    expect(entity('ro-crate-metadata.json')).toMatchObject({
      '@type': 'CreativeWork',
      about: { '@id': './' },
      conformsTo: { '@id': 'https://w3id.org/ro/crate/1.2' },
    });
    const isoTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string;
    expect(entity('./')).toMatchObject({
      name: expect.any(String) as string,
      description: expect.any(String) as string,
      datePublished: isoTime,
      license: { '@id': '#rights' },
    });
    expect(entity('#identifier')).toMatchObject({ '@type': 'PropertyValue', value: `KET-01-${about.size}` });
    const programs = crate['@graph'].filter((one) => one['@type'] === 'SoftwareApplication');
    expect(programs).toEqual([
      expect.objectContaining({ url: { '@id': 'ledger/README.md' }, version: about.version }),
    ]);
    const files = crate['@graph'].filter((one) => one['@type'] === 'File');
    expect(files.length).toBeGreaterThan(15);
    for (const file of files) {
      const path = join(to, 'data', file['@id']);
      expect([file['@id'], file['contentSize']]).toEqual([file['@id'], String(statSync(path).size)]);
      expect(file['sha512']).toBe(sha512OfFile(path));
      expect(file['encodingFormat']).toMatch(/^[a-z]+\/[\w.+-]+$/);
    }
  });

  it('is not written over what is there, and names no study, animal or size that is not', async () => {
    const to = freshFolder();
    mkdirSync(join(to, 'something'));
    await expect(exported(ledger, to)).rejects.toMatchObject({ code: 'target-exists' });
    const free = join(to, 'free');
    await expect(exported(ledger, free, { code: 'NO-1' })).rejects.toMatchObject({ code: 'study-unknown' });
    await expect(exported(ledger, free, { at: 10_000 })).rejects.toMatchObject({ code: 'at-invalid' });
    await expect(exported(ledger, free, { subject: 'R99' })).rejects.toMatchObject({
      code: 'subject-unknown',
    });
    expect(readdirSync(to)).toEqual(['something']);
  });
});

describe('verify.mjs in a bundle', () => {
  it('needs nothing but node [R43]', async () => {
    const to = join(freshFolder(), 'bundle');
    await exported(ledger, to, { verifier: verifier() });
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [join(to, 'data', 'ledger', 'verify.mjs'), ...args], {
        encoding: 'utf8',
        cwd: to,
        env: {},
      });
    const passed = run('--lab-vkey', pins.labVkey);
    expect(passed.stderr).toBe('');
    expect(passed.status).toBe(0);
    expect(passed.stdout).toMatch(
      /^records COMPLETE; pages, README, VERIFY\.md, verify\.mjs not compared: made by 0\.0\.0 {2}study KET-01/,
    );
    expect(run().status).toBe(2);
    expect(run('--nonsense').status).toBe(3);
    expect(run('--lab-vkey', 'nonsense').status).toBe(3);
    expect(JSON.parse(run('--json', '--lab-vkey', pins.labVkey).stdout)).toMatchObject({
      verdict: 'COMPLETE',
    });
  });
});

const tools = ['bash', 'openssl', 'sha256sum', 'xxd', 'jq'];
const missing = tools.filter((tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0);
const byHand = missing.length === 0 ? it : it.skip; // only where a tool that VERIFY.md names is not installed

describe(`VERIFY.md${missing.length === 0 ? '' : ` (skipped: this machine has no ${missing.join(', ')})`}`, () => {
  const lines = (to: string): string =>
    [...readFileSync(join(to, 'data', 'ledger', 'VERIFY.md'), 'utf8').matchAll(/^```bash\n(.*?)^```$/gms)]
      .map(([, shell]) => shell)
      .join('');
  const run = (to: string) =>
    spawnSync('bash', ['-c', lines(to)], { cwd: join(to, 'data', 'ledger'), encoding: 'utf8' });

  byHand.each([
    ['whole', {}, /^COMPLETE: \d+ records of KET-01/m],
    ['earlier', { at: 20 }, /^PREFIX: the first 20 records/m],
    ['one animal', { subject: 'R02' }, /^PARTIAL: \d+ of \d+ records/m],
  ])('passes as written: %s', async (_, more, outcome) => {
    const to = join(freshFolder(), 'bundle');
    await exported(ledger, to, more);
    const { status, stdout, stderr } = run(to);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(outcome);
  });

  byHand('builds each tree once, and says how long it takes', async () => {
    // given: a bundle with several anchors, and a sha256sum that counts how often it is started
    const to = join(freshFolder(), 'bundle');
    const { about } = await exported(ledger, to);
    const [counts, path] = [join(freshFolder(), 'counts'), freshFolder()];
    const real = spawnSync('sh', ['-c', 'command -v sha256sum'], { encoding: 'utf8' }).stdout.trim();
    writeFileSync(join(path, 'sha256sum'), `#!/bin/sh\necho >> ${counts}\nexec ${real} "$@"\n`, {
      mode: 0o755,
    });
    // when
    const { status } = spawnSync('bash', ['-c', lines(to)], {
      cwd: join(to, 'data', 'ledger'),
      env: { ...process.env, PATH: `${path}:${process.env['PATH']}` },
    });
    // then: once a level of each tree, and a few times for each anchor; not once a record
    expect(status).toBe(0);
    expect(readFileSync(counts, 'utf8').length).toBeLessThan(about.size);
    expect(readFileSync(join(to, 'data', 'ledger', 'VERIFY.md'), 'utf8')).toMatch(/take about \d+ seconds/);
  });

  byHand('does not pass a record that was changed in form, nor a head of another key', async () => {
    const to = join(freshFolder(), 'bundle');
    await exported(ledger, to);
    const file = join(to, 'data', 'ledger', 'study', 'records.ndjson');
    const text = readFileSync(file, 'utf8');
    const without = { status: run(to).status, from: lines(to) };
    expect(without.status).toBe(0);
    writeFileSync(file, text.replace('252.2', '352.2'));
    expect(run(to).status).not.toBe(0);
    // An attacker writes the checksums anew: the root still is another.
    const later = without.from.replace(/^\(cd .*$/m, '');
    const spared = spawnSync('bash', ['-c', later], { cwd: join(to, 'data', 'ledger') });
    expect(spared.status).not.toBe(0);
    writeFileSync(file, text);
    const other = spawnSync('bash', ['-c', lines(to)], {
      cwd: join(to, 'data', 'ledger'),
      env: { ...process.env, LAB_VKEY: pins.labVkey.replace('lab.example', 'lab.other') },
    });
    expect(other.status).not.toBe(0);
  });
});
