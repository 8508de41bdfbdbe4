import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { packZip } from '../../src/exports/bundle/bundle-zip.js';
import { studyLedger } from '../support/cli.js';
import { directed, weighing } from './test-ledger.js';
import { freshFolder } from '../support/folders.js';
import { compiledSources } from '../support/compiled.js';

/** Every command of the line that keeps evidence, run once as a person would. */
describe('the command line', () => {
  const home = freshFolder('commands');
  const data = join(home, 'ledger');
  const at = (...parts: string[]): string => join(home, ...parts);

  it('makes a ledger, and says what it leaves undetected; never shows the seed', async () => {
    const { code, out, err } = await studyLedger(
      'init',
      '--data',
      data,
      '--facility',
      'lab.example',
      '--anchors',
      at('anchors'),
      '--marks',
      at('marks'),
      '--seed-file',
      at('seed'),
    );
    expect([code, err]).toEqual([0, '']);
    for (const name of ['lab', 'access', 'esign'])
      expect(out).toMatch(new RegExp(`lab\\.example/ledger/${name}\\+[0-9a-f]{8}\\+`));
    expect(out).toMatch(/quorum none/);
    expect(out).toMatch(/Unwitnessed:/);
    expect(statSync(at('seed')).mode & 0o777).toBe(0o600);
    expect(out).not.toContain(readFileSync(at('seed'), 'utf8').trim());
    expect(existsSync(at('anchors', 'lab-1.note'))).toBe(true);
    expect(existsSync(at('marks', 'lab.note'))).toBe(true);
    expect(existsSync(join(data, 'master.seed'))).toBe(false);
  });

  it.each([
    ['a second time', ['--facility', 'lab.example'], 1, 'ledger-exists'],
    ['for a facility of no such name', ['--facility', 'Lab Example'], 2, 'usage'],
    ['with two seeds', ['--facility', 'lab.example', '--seed-file', 'a', '--seed-fd', '3'], 2, 'usage'],
    ['with half an authority', ['--facility', 'lab.example', '--tsa', 'https://tsa.example'], 2, 'usage'],
    ['with an authority of no address', ['--facility', 'a.b', '--tsa', 'x', '--tsa-ca', 'y'], 2, 'usage'],
    [
      'with an authority whose certificates cannot be read',
      ['--facility', 'a.b', '--tsa', 'https://tsa.example', '--tsa-ca', '/nowhere'],
      1,
      'failed',
    ],
  ])('refuses to make one %s', async (_, args, exit, refusal) => {
    const { code, err } = await studyLedger('init', '--data', data, ...args);
    expect(code).toBe(exit);
    expect(err).toContain(`(${refusal})`);
  });

  it('plays commands into it and anchors them at the end', async () => {
    const token = await directed(data);
    const { code, err } = await studyLedger('play', weighing(), '--data', data, '--token-file', token);
    expect([code, err]).toEqual([0, '']);
    const shown = await studyLedger('anchors', '--data', data);
    expect(shown.out).toMatch(/study-NP-001\s+4\s+4\s+12\s+lab/);
    const { logs, state } = JSON.parse((await studyLedger('anchors', '--data', data, '--json')).out) as {
      logs: object[];
      state: string;
    };
    expect(state).toBe('unwitnessed');
    expect(logs).toContainEqual(
      expect.objectContaining({ log: 'study-NP-001', size: 4, anchored: 4, labRecord: 12 }),
    );
    expect((await studyLedger('studies', '--data', data)).out).toMatch(/NP-001\s+open\s+4\s+4/);
  });

  it('lists keys, and rotates them', async () => {
    const before = await studyLedger('keys', 'list', '--data', data);
    expect(before.out.trim().split('\n')).toHaveLength(4);
    const rotated = await studyLedger('keys', 'rotate', '--data', data);
    expect([rotated.code, rotated.err]).toEqual([0, '']);
    expect(rotated.out).toMatch(/^Epoch 2: 3 heads/);
    const { keys } = JSON.parse((await studyLedger('keys', 'list', '--data', data, '--json')).out) as {
      keys: { epoch: number }[];
    };
    expect(keys.filter(({ epoch }) => epoch === 2)).toHaveLength(4);
  });

  it('backs up, and drills the restore', async () => {
    const made = await studyLedger('backup', '--data', data, '--to', at('copy'));
    expect([made.code, made.err]).toEqual([0, '']);
    expect((await studyLedger('backup', '--data', data, '--to', at('copy'))).code).toBe(1);
    const drill = await studyLedger('restore-drill', at('copy'));
    expect([drill.code, drill.err]).toEqual([0, '']);
    expect(drill.out).toMatch(/can be restored/);
    expect(JSON.parse((await studyLedger('restore-drill', at('copy'), '--json')).out)).toMatchObject({
      failures: [],
    });
  });

  it.each(['copy', 'copy.zip'])('restores from %s', async (source) => {
    if (source === 'copy.zip') {
      // The first copy is behind what was signed since it was restored, and would be refused.
      await studyLedger('backup', '--data', data, '--to', at('later'));
      packZip(at('later'), 'later', at(source));
    }
    for (const name of ['ledger.sqlite', 'ledger.sqlite-wal', 'ledger.sqlite-shm'])
      rmSync(join(data, name), { force: true });
    const neither = await studyLedger('restore', '--data', data);
    expect(neither.code).toBe(2);
    const { code, out, err } = await studyLedger(
      'restore',
      '--data',
      data,
      '--from',
      at(source),
      '--cause',
      'a test',
    );
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/study-NP-001: records 0 to 3 restored/);
    const verified = await studyLedger('verify', '--data', data);
    expect(verified.out).not.toMatch(/What is wrong/);
  });

  it('takes the seed from a descriptor, and stores it nowhere', async () => {
    const other = at('by-descriptor');
    const child = spawn(
      process.execPath,
      [
        join(compiledSources(), 'cli.js'),
        'init',
        '--data',
        other,
        '--facility',
        'lab.example',
        '--seed-fd',
        '3',
      ],
      {
        stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
      },
    );
    (child.stdio[3] as NodeJS.WritableStream).end(`${'42'.repeat(32)}\n`);
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
    expect(existsSync(join(other, 'master.seed'))).toBe(false);
  });

  it('serves: signs, anchors soon after a start, says how it stands in /health, and checks itself', async () => {
    const served = at('served');
    await studyLedger('init', '--data', served, '--facility', 'lab.example');
    const child = spawn(
      process.execPath,
      [join(compiledSources(), 'cli.js'), 'serve', '--data', served, '--port', '0'],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let warned = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (warned += text));
    // Two lines, which may come in one piece or in two.
    let said = '';
    const url = await new Promise<string>((resolve) => {
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        const [found] = /http:\/\/\S+/.exec((said += text)) ?? [];
        if (found !== undefined) resolve(found);
      });
    });
    const health = (await (await fetch(`${url}/health`)).json()) as { anchoring: { state: string } };
    expect(health.anchoring).toMatchObject({ state: 'unwitnessed', witnesses: [] });
    expect(await (await fetch(`${url}/api/v1/lab/checkpoint`)).text()).toMatch(
      /^lab\.example\/ledger\/lab\n1\n/,
    );
    const closed = new Promise((resolve) => child.on('close', resolve));
    child.kill('SIGTERM');
    expect(await closed).toBe(0);
    expect(warned).toBe('');
  });
});
