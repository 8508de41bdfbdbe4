import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteStore } from '../../src/store/sqlite/open-sqlite.js';
import { studyLedger } from '../support/cli.js';
import { compiledSources } from '../support/compiled.js';
import { freshFolder } from '../support/folders.js';

const registration = {
  command: 'RegisterStudy',
  id: '00000000-0000-4000-8000-000000000001',
  study: 'CLI-01',
  data: { title: 'Command line', director: 'sd-01' },
};

function playFile(...lines: object[]): string {
  const file = join(freshFolder('play'), 'commands.ndjson');
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return file;
}

/** A spreadsheet with a mapping, for `import`. */
const SHEET = ['examples/import/one-run-a-row.csv', '--mapping', 'examples/import/one-run-a-row.json'];

/** Every subcommand that needs a ledger in the folder that `--data` names. */
const NEEDS_A_LEDGER: string[][] = [
  ['studies'],
  ['serve', '--port', '0'],
  ['import', ...SHEET, '--study', 'CLI-01'],
  ['import', ...SHEET, '--study', 'CLI-01', '--dry-run'],
  ['show', 'welfare', '--study', 'CLI-01'],
  ['records', '--study', 'CLI-01'],
  ['export', '--study', 'CLI-01', '--to', 'DIR/bundle'],
  ['export', '--study', 'CLI-01', '--to', 'DIR/bundle', '--unrecorded'],
  ['files', '--study', 'CLI-01', '--to', 'DIR/files'],
  ['table', '--study', 'CLI-01', '--to', 'DIR/table.csv'],
  ['grouped', '--study', 'CLI-01', '--to', 'DIR/grouped.tsv'],
  ['dataset-json', '--study', 'CLI-01', '--to', 'DIR/send'],
  ['figures', '--study', 'CLI-01', '--to', 'DIR/figures'],
  ['report', '--study', 'CLI-01', '--to', 'DIR/report.html'],
  ['data-pack', '--study', 'CLI-01', '--to', 'DIR/pack.json'],
  ['eln', '--study', 'CLI-01', '--to', 'DIR/study.eln'],
  ['keys', 'list'],
  ['keys', 'rotate'],
  ['clock', 'confirm', '--cause', 'stored'],
  ['anchors'],
  ['people', 'begin', '--url', 'https://ledger.lab.example', '--administrator', 'admin-1'],
  ['people', 'recover', '--cause', 'lost'],
  ['people', 'list'],
  ['backup', '--to', 'DIR/copy'],
  ['welfare', 'return', '--year', '2026', '--format', 'eu', '--to', 'DIR/return'],
  ['welfare', 'alerts'],
];

describe('a folder without a ledger', () => {
  it.each(NEEDS_A_LEDGER)('is not made one by a mistyped --data: %s %s', async (...args) => {
    const home = freshFolder('mistyped');
    const line = args.filter((arg) => arg !== undefined).map((arg) => arg.replace('DIR', home));
    for (const data of [join(home, 'lodger'), home]) {
      const { code, out, err } = await studyLedger(...line, '--data', data);
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toContain(`There is no ledger in ${data}: `);
      expect(err).toContain('study-ledger init');
      expect(err).toContain('(store-missing)');
    }
    expect(readdirSync(home)).toEqual([]);
  });

  it('is not created for seed and marks of a ledger on a cluster either', async () => {
    const data = join(freshFolder('mistyped'), 'lodger');
    const store = 'kurrentdb://127.0.0.1:9?tls=false&insecure=true';
    const { code, err } = await studyLedger('serve', '--data', data, '--store', store, '--port', '0');
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(`There is no ledger in ${data}`) });
    expect(existsSync(data)).toBe(false);
  });

  it('is no failed check for verify, but nothing to check: exit code 3', async () => {
    const missing = join(freshFolder('mistyped'), 'lodger');
    for (const args of [['--data', missing], [missing], [`${missing}.zip`]])
      expect(await studyLedger('verify', ...args)).toMatchObject({ code: 3, out: '' });
    expect(existsSync(missing)).toBe(false);
  });

  it('is left alone by a restore that has nothing to restore', async () => {
    const home = freshFolder('mistyped');
    for (const from of [['--without-source'], ['--from', join(home, 'none')]])
      expect((await studyLedger('restore', '--data', join(home, 'lodger'), ...from)).code).toBe(1);
    expect(readdirSync(home)).toEqual([]);
  });
});

describe('study-ledger play', () => {
  it('leaves no folder where every command is refused', async () => {
    const data = join(freshFolder('play'), 'ledger');
    const refused = [
      { ...registration, data: { title: '' } },
      { ...registration, command: 'CloseStudy', data: {} },
      { ...registration, command: 'Nonsense' },
    ];
    const { code, out } = await studyLedger(
      'play',
      playFile(...refused),
      '--data',
      data,
      '--simulated',
      '--keep-going',
    );
    expect(code).toBe(1);
    expect(out).toContain(`no ledger was created in ${data}`);
    expect(existsSync(data)).toBe(false);
  });

  it('creates the ledger with the first command that is accepted', async () => {
    const data = join(freshFolder('play'), 'ledger');
    const file = playFile({ ...registration, command: 'Nonsense' }, registration);
    const { code, out } = await studyLedger('play', file, '--data', data, '--simulated', '--keep-going');
    expect(code).toBe(1);
    expect(out).toContain(`1 command recorded in ${data}`);
    const { out: found } = await studyLedger('studies', '--data', data, '--json');
    expect(JSON.parse(found)).toMatchObject({ studies: [{ study: 'CLI-01', treeSize: 1 }] });
  });
});

describe('a folder with seed and marks and no database', () => {
  it('says that its records are missing, and is not begun anew', async () => {
    const data = freshFolder('emptied');
    await studyLedger('init', '--data', data, '--facility', 'lab.example');
    for (const name of readdirSync(data)) if (name.startsWith('ledger.sqlite')) rmSync(join(data, name));
    const before = readdirSync(data).sort();
    for (const args of [
      ['serve'],
      ['studies'],
      ['init', '--facility', 'lab.example'],
      ['play', playFile(registration)],
      ['verify'],
      ['backup', '--to', join(freshFolder('copy'), 'copy')],
    ]) {
      const { code, err } = await studyLedger(...args, '--data', data);
      expect({ args, code, err }).toEqual({
        args,
        code: 1,
        err: expect.stringContaining('(store-behind-mark)'),
      });
      expect(err).toContain(`The records of the ledger in ${data} are missing`);
      expect(err).toContain('study-ledger restore');
    }
    expect(readdirSync(data).sort()).toEqual(before);
  });
});

describe('init', () => {
  it('finishes a ledger whose creation was cut short before its first record', async () => {
    const data = freshFolder('half');
    await openSqliteStore(data, { create: true, holder: 'test' }).close();
    expect(await studyLedger('serve', '--data', data)).toMatchObject({ code: 1 });
    expect(await studyLedger('init', '--data', data, '--facility', 'lab.example')).toMatchObject({ code: 0 });
  });
});

describe('the default folder', () => {
  it('is ledger, for every subcommand that takes --data but the demo', async () => {
    for (const [command, ...rest] of NEEDS_A_LEDGER) {
      const group = ['keys', 'clock', 'people', 'welfare'].includes(command ?? '') ? rest.slice(0, 1) : [];
      const { out } = await studyLedger(command ?? '', ...group, '--help');
      expect(out.replaceAll(/\s+/g, ' ')).toContain(
        '--data <folder> the ledger’s folder (default: "ledger")',
      );
    }
  });
});

/** The program of the container, in a folder of its own, until it ends or listens. */
async function container(env: Record<string, string>) {
  const cwd = freshFolder('container');
  const child = spawn(process.execPath, [join(compiledSources(), 'main.js')], {
    cwd,
    env: { PATH: process.env['PATH'], PORT: '0', ...env },
  });
  let [out, err] = ['', ''];
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    if (out.includes('listening on') && !child.killed) child.kill('SIGTERM');
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, err, files: readdirSync(cwd) };
}

describe('main.js', () => {
  it.each([[{}], [{ STUDY_LEDGER_FACILITY: '' }]])(
    'creates no ledger without a facility: %j',
    async (env) => {
      const { code, err, files } = await container(env as Record<string, string>);
      expect({ code, files }).toEqual({ code: 1, files: [] });
      expect(err).toContain('There is no ledger in ledger');
      expect(err).toContain('set STUDY_LEDGER_FACILITY');
    },
  );

  it('creates one where STUDY_LEDGER_FACILITY is set', async () => {
    const { code, files } = await container({ STUDY_LEDGER_FACILITY: 'lab.example' });
    expect({ code, files }).toEqual({ code: 0, files: ['ledger'] });
  });
});
