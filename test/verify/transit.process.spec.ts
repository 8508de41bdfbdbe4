/** What file managers, mail programs and transfers in text mode do to a bundle: one finding each, with what to do. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packZip, unpackZip } from '../../src/exports/bundle/bundle-zip.js';
import { sha512ByLineEnd, sha512OfFile } from '../../src/verify/runtime/files.js';
import { studyLedger } from '../support/cli.js';
import { zipFiles } from '../../src/shared/zip-files.js';
import { checkBundle, copyOf, exported, freshFolder, labVkey, makeLedger, verifier } from './real-ledger.js';

const ledger = join(freshFolder(), 'ledger');
const bag = join(freshFolder(), 'bundle');
let labKey: string;

beforeAll(async () => {
  await makeLedger(ledger);
  await exported(ledger, bag, { verifier: verifier() });
  labKey = labVkey(ledger);
});

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );

function withWindowsLineEnds(file: string): void {
  writeFileSync(file, readFileSync(file).toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1');
}

/** The messages of what is wrong. Each of them stands in a report that fails. */
async function wrong(folder: string): Promise<string[]> {
  const { exitCode, verdict, findings } = await checkBundle(folder, { labVkey: labKey });
  expect({ exitCode, verdict }).toEqual({ exitCode: 1, verdict: 'FAIL' });
  return findings.filter(({ severity }) => severity === 'fail').map(({ message }) => message);
}

/** What both programs print of a bundle that fails. */
async function printed(folder: string): Promise<string[]> {
  const own = await studyLedger('verify', folder, '--lab-vkey', labKey);
  const mjs = spawnSync(
    process.execPath,
    [join(bag, 'data', 'ledger', 'verify.mjs'), folder, '--lab-vkey', labKey],
    { encoding: 'utf8' },
  );
  expect([own.code, mjs.status]).toEqual([1, 1]);
  return [own.out, mjs.stdout];
}

const findingLines = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('  ['));

describe('a file that a file manager left', () => {
  const LEFT = ['.DS_Store', 'data/Thumbs.db', 'data/files/desktop.ini', 'data/ledger/._verify.mjs'];

  it('fails the bundle with one finding that names it and says to delete it', async () => {
    const folder = copyOf(bag);
    for (const name of LEFT) writeFileSync(join(folder, name), 'left');
    for (const text of await printed(folder)) {
      expect(findingLines(text)).toEqual([
        expect.stringMatching(
          /^ {2}\[layout\] bundle: file managers .* left in the bundle .* Delete it and verify again$/,
        ),
      ]);
      for (const name of LEFT) expect(text).toContain(name);
    }
    for (const name of LEFT) rmSync(join(folder, name));
    expect((await checkBundle(folder, { labVkey: labKey })).verdict).toBe('COMPLETE');
  });

  it('is one finding in every folder that the verifier lists, in the bag or in its ledger folder alone', async () => {
    const folder = copyOf(bag);
    const folders = new Set(filesOf(folder).map((name) => dirname(name)));
    for (const name of folders) writeFileSync(join(folder, name, '.DS_Store'), 'left');
    mkdirSync(join(folder, 'data', 'ledger', 'timestamps'));
    writeFileSync(join(folder, 'data', 'ledger', 'timestamps', '._x'), 'left');
    expect(await wrong(folder)).toEqual([
      expect.stringMatching(`left .*: .DS_Store, .* and ${folders.size + 1 - 5} more. Delete`),
    ]);
    expect(await wrong(join(folder, 'data', 'ledger'))).toEqual([
      expect.stringContaining('left in the bundle'),
    ]);
  });

  it('does not hide another file', async () => {
    const folder = copyOf(bag);
    writeFileSync(join(folder, 'data', '.DS_Store'), 'left');
    writeFileSync(join(folder, 'data', 'more.txt'), 'more');
    expect(await wrong(folder)).toEqual([
      expect.stringContaining('data/.DS_Store'),
      'data/more.txt is not in manifest-sha512.txt',
    ]);
  });

  it('lies beside the bundle in a zip file that a Mac packed anew: the bundle is found', async () => {
    const [packed, unpacked] = [join(freshFolder(), 'anew.zip'), freshFolder()];
    const names = filesOf(bag).map((name) => [`bundle/${name}`, readFileSync(join(bag, name))] as const);
    writeFileSync(
      packed,
      zipFiles({ ...Object.fromEntries(names), '__MACOSX/bundle/._data': Buffer.from('left') }),
    );
    const { folder, seal } = await unpackZip(packed, unpacked);
    expect([folder, seal]).toEqual([join(unpacked, 'bundle'), 'none']);
    expect((await checkBundle(folder, { labVkey: labKey })).verdict).toBe('COMPLETE');
  });

  it('is not packed', async () => {
    const folder = copyOf(bag);
    writeFileSync(join(folder, 'data', '.DS_Store'), 'left');
    const [packed, unpacked] = [join(freshFolder(), 'b.zip'), freshFolder()];
    packZip(folder, 'bundle', packed);
    const { folder: again } = await unpackZip(packed, unpacked);
    expect(filesOf(again).filter((name) => name.endsWith('.DS_Store'))).toEqual([]);
  });
});

describe('line ends that were changed on the way', () => {
  it('of the manifest: one finding, by both programs', async () => {
    const folder = copyOf(bag);
    withWindowsLineEnds(join(folder, 'manifest-sha512.txt'));
    for (const text of await printed(folder))
      expect(findingLines(text)).toEqual([
        expect.stringMatching(
          /^ {2}\[fixity\] bundle: only the line ends were changed of manifest-sha512.txt: .* Ask for the bundle again/,
        ),
      ]);
  });

  it.each([
    'tagmanifest-sha512.txt',
    'bag-info.txt',
    'index.html',
    'data/study.html',
    'data/ledger/README.md',
  ])('of %s: one finding that names it', async (name) => {
    const folder = copyOf(bag);
    withWindowsLineEnds(join(folder, name));
    expect(await wrong(folder)).toEqual([expect.stringContaining(`line ends were changed of ${name}:`)]);
  });

  it('of every text file: one finding, and the records are not judged one by one', async () => {
    const folder = copyOf(bag);
    for (const name of filesOf(folder).filter((one) => !/tile|\.pdf$/.test(one)))
      withWindowsLineEnds(join(folder, name));
    for (const text of await printed(folder))
      expect(findingLines(text)).toEqual([
        expect.stringMatching(/line ends were changed of .* and \d+ more: /),
      ]);
  });

  it('of a table with CRLF, which a transfer made LF', async () => {
    const folder = copyOf(bag);
    const table = join(folder, 'data', 'files', 'table.csv');
    writeFileSync(table, readFileSync(table, 'latin1').replaceAll('\r\n', '\n'), 'latin1');
    expect(await wrong(folder)).toEqual([
      expect.stringContaining('line ends were changed of data/files/table.csv:'),
    ]);
  });

  it('do not excuse a changed word', async () => {
    const folder = copyOf(bag);
    const page = join(folder, 'data', 'study.html');
    writeFileSync(page, readFileSync(page, 'utf8').replace('301.5', '310.5'));
    withWindowsLineEnds(page);
    expect(await wrong(folder)).toEqual(['data/study.html is not what manifest-sha512.txt says it is']);
  });

  it('are found where CR and LF lie in two blocks of a large file', () => {
    const [lf, crlf] = [join(freshFolder(), 'lf'), join(freshFolder(), 'crlf')];
    const line = 'x'.repeat((1 << 20) - 1);
    writeFileSync(lf, `${line}\n${line}\r`);
    writeFileSync(crlf, `${line}\r\n${line}\r`);
    expect(sha512ByLineEnd(crlf)).toEqual([sha512OfFile(lf), sha512OfFile(crlf)]);
    expect(sha512ByLineEnd(lf)).toEqual([sha512OfFile(lf), sha512OfFile(crlf)]);
  });
});

describe('a manifest that is cut off or wrapped', () => {
  it('cut off or gone: one finding, and not one for each file that it no longer lists', async () => {
    const folder = copyOf(bag);
    const manifest = join(folder, 'manifest-sha512.txt');
    writeFileSync(manifest, readFileSync(manifest, 'utf8').slice(0, 1000));
    expect(await wrong(folder)).toEqual([
      'manifest-sha512.txt is not there, or is cut off',
      'manifest-sha512.txt is not what tagmanifest-sha512.txt says it is',
    ]);
    rmSync(manifest);
    expect(await wrong(folder)).toEqual([
      'manifest-sha512.txt is not there, or is cut off',
      'manifest-sha512.txt is missing',
    ]);
  });

  it('wrapped by a mail program: one finding', async () => {
    const folder = copyOf(bag);
    const manifest = join(folder, 'manifest-sha512.txt');
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(/.{76}(?=.)/g, '$&\n'));
    expect(await wrong(folder)).toEqual([
      expect.stringMatching(
        /^manifest-sha512.txt has lines that list no file \(\d+\), such as “[0-9a-f]{76}”$/,
      ),
      'manifest-sha512.txt is not what tagmanifest-sha512.txt says it is',
    ]);
  });
});
