import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { studyLedger } from '../support/cli.js';
import { freshFolder } from '../support/folders.js';

const registration = {
  command: 'RegisterStudy',
  id: '00000000-0000-4000-8000-000000000001',
  study: 'CLI-01',
  data: { title: 'Command line', director: 'sd-01' },
};

async function ledger(): Promise<string> {
  const [folder, file] = [freshFolder('ledger'), join(freshFolder('play'), 'commands.ndjson')];
  writeFileSync(file, `${JSON.stringify(registration)}\n`);
  await studyLedger('play', file, '--data', folder, '--json', '--simulated');
  return folder;
}

/** Every subcommand, with those of the groups. */
async function subcommands(): Promise<string[][]> {
  const names = ({ out }: { out: string }): string[] =>
    [...out.slice(out.indexOf('--help')).matchAll(/^ {2}([a-z-]+)/gm)].map(([, name]) => name!);
  const top = names(await studyLedger('--help')).filter((name) => name !== 'help');
  const all: string[][] = top.filter((name) => !GROUPS.includes(name)).map((name) => [name]);
  for (const group of GROUPS)
    for (const name of names(await studyLedger(group, '--help')))
      if (name !== 'help') all.push([group, name]);
  return all;
}

const GROUPS = ['clock', 'keys', 'people', 'protocol', 'welfare'];

describe('a subcommand', () => {
  it('shows an example in its help', async () => {
    const all = [...(await subcommands()), ...GROUPS.map((name) => [name])];
    expect(all.length).toBeGreaterThan(25);
    for (const name of all) {
      const { code, out } = await studyLedger(...name, '--help');
      expect({ name, code, example: out.includes(`Example: study-ledger ${name.join(' ')}`) }).toEqual({
        name,
        code: 0,
        example: true,
      });
    }
  });

  it('that does not exist, or lacks an option, is answered in JSON where that was asked for', async () => {
    const noStudy = ['show', 'welfare', '--study', 'ket 1'];
    for (const args of [
      ['nonsense'],
      ['show', 'welfare'],
      noStudy,
      ['export'],
      ['init'],
      ['import', 'runs.csv'],
    ]) {
      const { code, out, err } = await studyLedger(...args, '--json');
      expect({ args, code, out }).toEqual({ args, code: 2, out: '' });
      expect(JSON.parse(err)).toMatchObject({
        ok: false,
        code: 'usage',
        message: expect.stringMatching(/\S/),
      });
    }
    expect((await studyLedger('verify', '--json')).code).toBe(3);
  });
});

describe('an argument', () => {
  it.each([
    [['serve', '--data', 'DIR', '--port', 'abc']],
    [['serve', '--data', 'DIR', '--port', '65536']],
    [['serve', '--data', 'DIR', '--seed-fd', 'three']],
    [['records', '--study', 'CLI-01', '--data', 'DIR', '--from', '-1']],
    [['records', '--study', 'CLI-01', '--data', 'DIR', '--from', '1e3']],
    [['show', 'nonsense', '--study', 'CLI-01', '--data', 'DIR']],
    [['show', 'welfare', '--study', 'CLI-01', '--data', 'DIR', '--at', 'noon']],
    [['show', 'welfare', '--study', 'CLI-01', '--data', 'DIR', '--until', 'noon']],
    [['export', '--study', 'CLI-01', '--data', 'DIR', '--to', 'x', '--at', 'now']],
    [['init', '--data', 'NEW', '--facility', 'My Lab']],
    [['restore', '--data', 'DIR']],
    [['studies', '--data', 'DIR', '--store', 'postgres://localhost']],
    [['threshold', '--ladder', 'NONE', '--run', 'OX']],
    [['threshold', '--ladder', 'RAT-N8', '--run', 'OXZ']],
    [['threshold', '--ladder', 'RAT-N8', '--run', 'OX', '--step', '0']],
  ])('that cannot be right whatever the ledger holds ends with 2: %j', async (args) => {
    const folder = await ledger();
    const named = args.map((arg) => (arg === 'DIR' ? folder : arg === 'NEW' ? freshFolder('new') : arg));
    const { code, err } = await studyLedger(...named);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching(/\n\([a-z-]+\)\n$/) });
  });

  it.each([
    [['show', 'welfare', '--study', 'NO-1', '--data', 'DIR'], 'study-unknown'],
    [['show', 'welfare', '--study', 'CLI-01', '--data', 'DIR', '--at', '99'], 'at-beyond-head'],
    [['records', '--study', 'CLI-01', '--data', 'DIR', '--from', '1'], 'record-unknown'],
    [['records', '--study', 'NO-1', '--data', 'DIR'], 'study-unknown'],
    [['export', '--study', 'NO-1', '--data', 'DIR', '--to', '/tmp/never'], 'study-unknown'],
    [['export', '--study', 'CLI-01', '--data', 'DIR', '--to', 'DIR/ledger.json'], 'target-exists'],
    [['init', '--data', 'DIR', '--facility', 'lab.example'], 'ledger-exists'],
    [['studies', '--data', '/nonexistent'], 'store-missing'],
  ])('that the ledger says no to ends with 1, in JSON where that was asked for: %j', async (args, code) => {
    const folder = await ledger();
    const result = await studyLedger(...args.map((arg) => arg.replace(/^DIR\b/, folder)), '--json');
    expect({ code: result.code, out: result.out }).toEqual({ code: 1, out: '' });
    expect(JSON.parse(result.err)).toMatchObject({ ok: false, code });
  });

  it('that names a file for a folder of files ends with 1, and the file is as it was', async () => {
    const folder = await ledger();
    const lock = join(folder, 'writer.lock');
    const { code, err } = await studyLedger('files', '--study', 'CLI-01', '--data', folder, '--to', lock);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('(target-exists)') });
    expect(statSync(lock).isFile()).toBe(true);
  });

  it('that gives verify a ledger for a bundle is told how a ledger is given', async () => {
    const folder = await ledger();
    const { code, err } = await studyLedger('verify', folder);
    expect({ code, err }).toEqual({ code: 3, err: expect.stringContaining(`verify --data ${folder}`) });
  });

  it('says which the last record is where one is asked for that is not there yet', async () => {
    const { err } = await studyLedger(
      'records',
      '--study',
      'CLI-01',
      '--data',
      await ledger(),
      '--from',
      '7',
    );
    expect(err).toContain('CLI-01 holds 1 record: there is no record 7.');
    expect(err).toContain('--from 0');
  });
});

describe('what the system refuses', () => {
  it('is said in words: a folder that is a file, a port that is taken', async () => {
    const file = join(freshFolder('file'), 'file');
    writeFileSync(file, '');
    const schemas = await studyLedger('schemas', '--to', join(file, 'schemas'));
    expect(schemas.code).toBe(1);
    expect(schemas.err).toContain('has a file in its path where a folder should be');
    const server = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as net.AddressInfo;
    const taken = await studyLedger('serve', '--data', await ledger(), '--port', String(port));
    server.close();
    expect(taken.code).toBe(1);
    expect(taken.err).toContain(`Port ${port} is in use by another program.`);
    expect(taken.err).not.toMatch(/EADDRINUSE|listen/);
  });

  it('is said without the words of Node or SQLite', async () => {
    const folder = freshFolder('ledger');
    mkdirSync(join(folder, 'ledger.sqlite'));
    const { code, err } = await studyLedger('studies', '--data', folder);
    expect(code).toBe(1);
    expect(err).not.toMatch(/SQLITE_|EISDIR|\n\s+at /);
  });
});

describe('a real ledger', () => {
  const file = join(freshFolder('play'), 'commands.ndjson');
  beforeAll(() => writeFileSync(file, `${JSON.stringify(registration)}\n`));

  it('is not created by play, which says how it is', async () => {
    const data = join(freshFolder('real'), 'ledger');
    const { code, out, err } = await studyLedger('play', file, '--data', data);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    for (const next of ['add --simulated', 'study-ledger init', '--url https://', '(store-missing)'])
      expect(err).toContain(next);
    expect(existsSync(data)).toBe(false);
  });

  it('takes no command before anybody is enrolled, and says what to run', async () => {
    const data = join(freshFolder('real'), 'ledger');
    const { out } = await studyLedger('init', '--data', data, '--facility', 'lab.example');
    expect(out.replaceAll('\n', ' ')).toContain('study-ledger people begin');
    const { code, err } = await studyLedger('play', file, '--data', data);
    expect(code).toBe(1);
    expect(err).toContain('study-ledger people begin');
    expect(err).toContain('(no-administrator)');
  });
});
