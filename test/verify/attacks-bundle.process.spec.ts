/** The attack table, on an exported bundle: an attacker with the seed, against an auditor with the lab's key. */
import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../src/shared/sha256.js';
import { COSIGNATURE, formatVkey, verifierKey } from '../../src/tlog/note.js';
import { leafHash } from '../../src/tlog/merkle.js';
import { formatProof, parseProof } from '../../src/tlog/proof.js';
import { entryBundles, hashTiles } from '../../src/tlog/tiles.js';
import { MerkleTree } from '../../src/tlog/tree.js';
import { cosign, addSignatures } from '../../src/tlog/sign.js';
import { ed25519Key } from '../../src/signing/ed25519.js';
import type { Finding } from '../../src/verify/checks/findings.js';
import { withMadeFiles, type OwnBuild } from '../../src/exports/bundle/compare-made.js';
import { reportText, type Report } from '../../src/verify/checks/report.js';
import { LedgerBuilder } from './ledger-builder.js';
import {
  checkBundle,
  copyOf,
  exported,
  freshFolder,
  labVkey,
  makeLedger,
  weigh,
  withLedger,
} from './real-ledger.js';
import { times } from '../support/effort.js';
import {
  edited,
  flip,
  forgedNote,
  randomFrom,
  otherRing,
  sequence,
  stolenRing,
  type Edit,
} from './tamper.js';

const STUDY = 'study-KET-01';
const ORIGIN = 'lab.example/ledger/study/KET-01';
const ledger = join(freshFolder(), 'ledger');
const bag = join(freshFolder(), 'bundle');
let pins: { labVkey: string };

beforeAll(async () => {
  await makeLedger(ledger);
  await exported(ledger, bag);
  pins = { labVkey: labVkey(ledger) };
});

/** The evidence alone: checksums are no obstacle to somebody who means it. */
const evidence = (): string => join(copyOf(bag), 'data', 'ledger');
const found = (check: string, log: string, more: object = {}) =>
  expect.objectContaining({ check, log, ...more }) as Finding;

async function failures(folder: string, more: object = {}): Promise<readonly Finding[]> {
  const { exitCode, verdict, findings } = await checkBundle(folder, { ...pins, ...more });
  expect({ exitCode, verdict }).toEqual({ exitCode: 1, verdict: 'FAIL' });
  return findings.filter(({ severity }) => severity === 'fail');
}

function linesOf(folder: string, log = 'study'): string[] {
  return readFileSync(join(folder, log, 'records.ndjson'), 'utf8')
    .trimEnd()
    .split('\n');
}

/** Writes a study's log anew, with everything in it consistent, signed by the true key. */
function rebuild(folder: string, lines: readonly string[], ring = stolenRing()): void {
  writeFileSync(join(folder, 'study', 'records.ndjson'), lines.map((line) => `${line}\n`).join(''));
  writeFileSync(join(folder, 'study', 'checkpoint'), forgedNote(ring, ORIGIN, lines));
  rmSync(join(folder, 'study', 'tile'), { recursive: true });
  const leaves = lines.map((line) => leafHash(sha256, line));
  const entries = lines.map((line) => Buffer.from(line));
  for (const { path, bytes } of [
    ...hashTiles(sha256, lines.length, (i) => leaves[i]!),
    ...entryBundles(lines.length, (i) => entries[i]!),
  ]) {
    cpSync(join(folder, 'study', 'checkpoint'), join(folder, 'study', path));
    writeFileSync(join(folder, 'study', path), bytes);
  }
}

const renumbered = (lines: readonly string[]): string[] =>
  lines.map((line, number) => edited(line, (record) => (record['sequence'] = sequence(number))));

const weight: Edit = ({ data }) => {
  (data as { weight: object }).weight = { value: '111.1', unit: 'g' };
};

describe('A1 · a byte of a bundle is changed', () => {
  it('is found in any file of it, and the file named', async () => {
    const folder = copyOf(bag);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      statSync(join(folder, name)).isFile(),
    );
    const random = randomFrom(4);
    for (let i = 0; i < times(300, 30); i++) {
      const name = files[random(files.length)]!;
      const file = join(folder, name);
      const undo = flip(file, random(readFileSync(file).length), 1 << random(8));
      const messages = (await failures(folder)).map(({ message }) => message).join('\n');
      expect(messages).toContain(name);
      undo();
    }
    expect((await checkBundle(folder, pins)).exitCode).toBe(0);
  });

  it('is found without the checksums, in all that counts as evidence, and the record named', async () => {
    const folder = evidence();
    const files = ['study', 'lab', 'anchors', 'policy', 'schemas', 'keys.txt']
      .flatMap((part) => {
        if (!statSync(join(folder, part)).isDirectory()) return [part];
        return readdirSync(join(folder, part), { recursive: true, encoding: 'utf8' }).map((name) =>
          join(part, name),
        );
      })
      .filter((name) => statSync(join(folder, name)).isFile());
    const random = randomFrom(5);
    for (let i = 0; i < times(300, 30); i++) {
      const name = i % 3 === 0 ? 'study/records.ndjson' : files[random(files.length)]!;
      const file = join(folder, name);
      const bytes = readFileSync(file);
      const place = random(bytes.length);
      const undo = flip(file, place, 1 << random(8));
      const wrong = await failures(folder);
      const record = bytes.subarray(0, place).filter((byte) => byte === 0x0a).length;
      if (name === 'study/records.ndjson') expect(wrong.map((one) => one.record)).toContain(record);
      undo();
    }
  });

  it('a file more, a file less, a file listed twice: found', async () => {
    const folder = copyOf(bag);
    writeFileSync(join(folder, 'data', 'more.txt'), 'more');
    writeFileSync(join(folder, 'more.txt'), 'more');
    rmSync(join(folder, 'data', 'study.html'));
    const messages = (await failures(folder)).map(({ message }) => message);
    expect(messages).toEqual([
      'data/study.html is missing',
      'data/more.txt is not in manifest-sha512.txt',
      'more.txt does not belong to the bundle',
    ]);
  });
});

describe('A6 · two histories for two readers', () => {
  it('a study of the one does not fit the lab of the other', async () => {
    const other = copyOf(ledger);
    const [here, there] = [copyOf(ledger), join(freshFolder(), 'there')];
    await withLedger(here, (open) => weigh(open, 'KET-01', 3));
    await withLedger(other, (open) => weigh(open, 'KET-01', 3));
    const mine = join(freshFolder(), 'mine');
    await exported(here, mine);
    await exported(other, there);
    expect((await checkBundle(mine, pins)).exitCode).toBe(0);
    expect((await checkBundle(there, pins)).exitCode).toBe(0);
    cpSync(join(mine, 'data', 'ledger', 'lab'), join(there, 'data', 'ledger', 'lab'), { recursive: true });
    expect(await failures(join(there, 'data', 'ledger'))).toContainEqual(found('root', STUDY));
  });
});

describe('A7 · a key is replaced', () => {
  it('the study’s: not the one that the lab published', async () => {
    const folder = evidence();
    rebuild(folder, linesOf(folder), otherRing());
    expect(await failures(folder)).toContainEqual(found('note', STUDY));
  });

  it('the lab’s: not the one that the auditor has', async () => {
    const folder = evidence();
    writeFileSync(
      join(folder, 'lab', 'checkpoint'),
      forgedNote(otherRing(), 'lab.example/ledger/lab', linesOf(folder, 'lab')),
    );
    expect(await failures(folder)).toContainEqual(found('note', 'lab'));
    const { vkey: labVkey } = otherRing().key('lab.example/ledger/lab', 1);
    expect((await checkBundle(folder, { labVkey })).exitCode).toBe(1);
  });
});

describe('A8 · the seed is stolen, a rewrite signed with the true key', () => {
  it('tiles and signature are right; the lab anchored another', async () => {
    const folder = evidence();
    const lines = linesOf(folder);
    lines[20] = edited(lines[20]!, weight);
    rebuild(folder, lines);
    const wrong = await failures(folder);
    expect(wrong.map(({ check }) => check)).toEqual(['root', 'root']);
    expect(wrong[0]).toMatchObject({ log: STUDY, record: 4, lab: 5 });
  });
});

describe('A11 · an old lab log is shown', () => {
  const witness = ed25519Key(new Uint8Array(32).fill(7));
  const key = verifierKey(sha256, 'witness.example', COSIGNATURE, witness.publicKey);
  const policy = () => `log ${pins.labVkey}\nwitness w ${formatVkey(key)}\nquorum w\n`;

  function cosigned(folder: string, seconds: number): string {
    const note = readFileSync(join(bag, 'data', 'ledger', 'lab', 'checkpoint'), 'utf8');
    const text = note.slice(0, note.indexOf('\n\n') + 1);
    const signed = addSignatures(note, [cosign(text, key, seconds, witness.sign)]);
    writeFileSync(join(folder, 'lab', 'checkpoint'), signed);
    for (const name of readdirSync(join(folder, 'anchors')).filter((one) => one.endsWith('.tlog-proof'))) {
      const { index, proof } = parseProof(readFileSync(join(folder, 'anchors', name), 'utf8'));
      writeFileSync(join(folder, 'anchors', name), formatProof({ index, proof, note: signed }));
    }
    return folder;
  }

  it('passes as witnessed while the cosignature is fresh, and not three days later', async () => {
    const folder = cosigned(evidence(), Math.floor(Date.now() / 1000));
    expect(await checkBundle(folder, { policy: policy() })).toMatchObject({
      verdict: 'COMPLETE',
      exitCode: 0,
      witnessed: true,
    });
    const later = await checkBundle(folder, { policy: policy(), now: Date.now() + 3 * 86_400_000 });
    expect(later).toMatchObject({ verdict: 'INCOMPLETE', exitCode: 2 });
    expect(later.findings).toContainEqual(found('cosignature', 'lab'));
  });

  it('without the quorum that the auditor asks for, is not passed', async () => {
    const report = await checkBundle(evidence(), { policy: policy() });
    expect(report).toMatchObject({ verdict: 'INCOMPLETE', exitCode: 2, witnessed: false });
  });

  it('a cosignature that is none is found', async () => {
    const folder = cosigned(evidence(), Math.floor(Date.now() / 1000));
    const file = join(folder, 'lab', 'checkpoint');
    const note = readFileSync(file, 'utf8');
    const at = note.lastIndexOf(' ') + 30;
    writeFileSync(file, note.slice(0, at) + (note[at] === 'A' ? 'B' : 'A') + note.slice(at + 1));
    expect(await failures(folder, { policy: policy() })).toContainEqual(found('cosignature', 'lab'));
  });
});

describe('A13 · a correction is hidden with what it refers to', () => {
  it('the pair taken out, renumbered, signed: the root is another', async () => {
    const folder = evidence();
    rebuild(folder, renumbered(linesOf(folder).filter((_, number) => number !== 5 && number !== 34)));
    const wrong = await failures(folder);
    expect(wrong).toContainEqual(found('root', STUDY));
    expect(wrong).toContainEqual(found('missing', STUDY));
  });
});

describe('A18 · what people read is altered, the records are not', () => {
  /** The checksums made right again, as whoever alters a file on purpose does. */
  function rebagged(folder: string): string {
    for (const manifest of ['manifest-sha512.txt', 'tagmanifest-sha512.txt']) {
      const paths = readFileSync(join(folder, manifest), 'utf8')
        .split('\n')
        .slice(0, -1)
        .map((line) => line.slice(130));
      const lines = paths.map((path) => {
        const digest = createHash('sha512')
          .update(readFileSync(join(folder, path)))
          .digest('hex');
        return `${digest}  ${path}\n`;
      });
      writeFileSync(join(folder, manifest), lines.join(''));
    }
    return folder;
  }
  const alter = (folder: string, path: string, from: string, to: string): void => {
    const text = readFileSync(join(folder, path), 'utf8');
    expect(text).toContain(from);
    writeFileSync(join(folder, path), text.replace(from, to));
  };
  const own = { version: '0.0.0', verifier: '// as built\n' };
  const read = async (folder: string, more: Partial<OwnBuild> = {}) =>
    withMadeFiles(folder, await checkBundle(folder, pins), { ...own, ...more });
  const firstLine = (report: Report): string => reportText(report).split('\n')[0]!;
  const NOT_COMPARED = 'records COMPLETE; pages, README, VERIFY.md, verify.mjs not compared: made by';

  it('is made again from the records and compared: page, table and row are named', async () => {
    const folder = copyOf(bag);
    alter(folder, 'data/files/table.csv', '251.1', '231.1');
    alter(folder, 'data/study.html', 'wrong animal', 'right animal');
    rebagged(folder);
    expect((await checkBundle(folder, pins)).exitCode).toBe(0);
    const { exitCode, verdict, findings } = await read(folder);
    expect({ exitCode, verdict }).toEqual({ exitCode: 1, verdict: 'FAIL' });
    const messages = findings.filter(({ check }) => check === 'page').map(({ message }) => message);
    // The description of the bag may name the size or the checksum of the table, which was not written anew.
    expect(messages.filter((message) => !message.startsWith('data/ro-crate-metadata.json'))).toEqual([
      expect.stringMatching(
        /^data\/study\.html is not what the records say, from line \d+ on, .*wrong animal/,
      ),
      expect.stringMatching(
        /^data\/files\/table\.csv is not what the records say, from line \d+ on, .*251\.1/,
      ),
    ]);
  });

  const altered: [string, string, string][] = [
    ['data/study.html', 'wrong animal', 'right animal'],
    ['index.html', 'COMPLETE', 'APPROVED'],
    ['data/files/report.html', 'KET-01', 'KET-99'],
    ['data/ledger/README.md', 'COMPLETE', 'APPROVED'],
    ['data/ledger/VERIFY.md', 'set -eEuo pipefail', 'set +e'],
    ['data/ledger/verify.mjs', '// as built', 'console.log("COMPLETE") //'],
    ['data/ro-crate-metadata.json', 'KET-01', 'KET-99'],
    ['bag-info.txt', 'lab.example', 'lab.other'],
    ['bag-info.txt', 'KET-01', 'KET-99'],
  ];

  it.each(altered)('%s, with its checksums: named as not compared, or found', async (path, from, to) => {
    const folder = copyOf(bag);
    alter(folder, path, from, to);
    rebagged(folder);
    const alone = await checkBundle(folder, pins);
    expect(alone).toMatchObject({ verdict: 'COMPLETE', exitCode: 0 });
    expect(alone.notCompared!.files).toContain(path);
    expect(firstLine(alone)).toContain(`${NOT_COMPARED} 0.0.0`);
    expect(alone.summary.join()).not.toContain('nothing is missing');
    expect(reportText(alone)).toContain(`\n  ${path}\n`);
    const compared = await read(folder);
    expect(compared).toMatchObject({ verdict: 'FAIL', exitCode: 1 });
    expect(compared.findings).toContainEqual(
      found('page', 'bundle', {
        message: expect.stringContaining(`${path} is not what the records say`) as string,
      }),
    );
  });

  it('bagit.txt, of which there is one right content, is found by itself', async () => {
    const folder = copyOf(bag);
    alter(folder, 'bagit.txt', 'UTF-8', 'UTF-16');
    expect(await failures(rebagged(folder))).toEqual([found('fixity', 'bundle')]);
  });

  it('a page taken out of bag and manifests is found; a file put in is named, and found', async () => {
    const folder = copyOf(bag);
    rmSync(join(folder, 'data', 'study.html'));
    writeFileSync(join(folder, 'data', 'ledger', 'READ-ME-FIRST.html'), 'all is well');
    const manifest = join(folder, 'manifest-sha512.txt');
    const lines = readFileSync(manifest, 'utf8').replace(
      /^.*study\.html$/m,
      `${'0'.repeat(128)}  data/ledger/READ-ME-FIRST.html`,
    );
    writeFileSync(manifest, lines);
    const alone = await checkBundle(rebagged(folder), pins);
    expect(alone.exitCode).toBe(0);
    expect(firstLine(alone)).toContain('pages, README, VERIFY.md, verify.mjs, 1 unknown file not compared');
    expect(alone.notCompared!.files).toContain('data/ledger/READ-ME-FIRST.html');
    const compared = await read(folder);
    expect(compared).toMatchObject({ verdict: 'FAIL', exitCode: 1 });
    expect(compared.findings).toContainEqual(
      found('layout', 'bundle', { message: expect.stringContaining('READ-ME-FIRST.html') as string }),
    );
    expect(compared.findings).toContainEqual(
      found('page', 'bundle', { message: 'data/study.html is not there' }),
    );
  });

  const forged: [string, string, string][] = [
    ['another version', 'Study Ledger 9.9.9', 'made by 9.9.9'],
    [
      'a sentence',
      'Study Ledger nobody; all files were compared \u001b[2J',
      'made by “nobody; all files were compared \\u001b[2J”',
    ],
    ['nothing', 'Something Else 1', 'made by a version that bag-info.txt does not name'],
  ];

  it.each(forged)(
    'with %s written into the bag: nobody is told that pages were compared',
    async (_, agent, why) => {
      const folder = copyOf(bag);
      alter(folder, 'data/study.html', 'wrong animal', 'right animal');
      alter(folder, 'bag-info.txt', 'Study Ledger 0.0.0', agent);
      rebagged(folder);
      const report = await read(folder);
      expect(report).toMatchObject({ verdict: 'COMPLETE', exitCode: 0 });
      expect(firstLine(report)).toContain(`${NOT_COMPARED.replace(/made by$/, '')}${why}`);
      expect(report.notCompared!.files).toContain('data/study.html');
    },
  );

  it('a schema is compared where this version made it, and named where another did', async () => {
    const folder = copyOf(bag);
    const schema = 'data/ledger/schemas/SubjectEnrolled.1.schema.json';
    alter(folder, schema, '"type"', '"typo"');
    expect(await failures(rebagged(folder))).toEqual([found('schema', 'bundle')]);
    alter(folder, 'bag-info.txt', 'Study Ledger 0.0.0', 'Study Ledger 9.9.9');
    const report = await checkBundle(rebagged(folder), pins);
    expect(report).toMatchObject({ verdict: 'COMPLETE', exitCode: 0 });
    expect(report.notCompared!.files).toContain(schema);
  });

  it('passes as it was exported, whole, as of an earlier size and of one animal', async () => {
    expect(await read(bag)).toMatchObject({ exitCode: 0, verdict: 'COMPLETE' });
    for (const [more, verdict] of [
      [{ at: 40 }, 'PREFIX'],
      [{ subject: 'R01' }, 'PARTIAL'],
    ] as const) {
      const folder = join(freshFolder(), 'bundle');
      await exported(ledger, folder, more);
      const report = await read(folder);
      expect(report).toMatchObject({ exitCode: 2, verdict });
      expect(report.notCompared).toBeUndefined();
    }
    const report = await read(bag);
    expect(report.notCompared).toBeUndefined();
    expect(firstLine(report)).toMatch(/^COMPLETE {2}study KET-01/);
    expect(report.summary.join()).toContain('All other files were made again by version 0.0.0');
  });

  it('is not judged where another version made it, nor verify.mjs where it was not built', async () => {
    const other = await read(bag, { version: '9.9.9' });
    expect(other).toMatchObject({ exitCode: 0, verdict: 'COMPLETE' });
    expect(firstLine(other)).toContain(`${NOT_COMPARED} 0.0.0`);
    const unbuilt = await read(bag, { verifier: undefined });
    expect(unbuilt).toMatchObject({ exitCode: 0, notCompared: { files: ['data/ledger/verify.mjs'] } });
    expect(firstLine(unbuilt)).toContain('records COMPLETE; verify.mjs not compared');
  });

  it('the page of one animal too, and whose animal it is', async () => {
    const folder = join(freshFolder(), 'bundle');
    await exported(ledger, folder, { subject: 'R01' });
    alter(folder, 'data/study.html', 'R01 only', 'R02 only');
    expect(await read(rebagged(folder))).toMatchObject({ verdict: 'FAIL', exitCode: 1 });
    await exported(ledger, `${folder}-2`, { subject: 'R01' });
    alter(`${folder}-2`, 'data/ledger/study/selection.json', '"R01"', '"R02"');
    const relabelled = await read(rebagged(`${folder}-2`));
    expect(relabelled.findings).toContainEqual(
      found('layout', 'bundle', { message: expect.stringContaining('not the records about R02') as string }),
    );
  });
});

describe('A19 · records are withheld from an export', () => {
  const four: [string, (lines: string[]) => string[], object][] = [
    ['the tail dropped', (lines) => lines.slice(0, -5), { check: 'missing', record: 51 }],
    ['the middle dropped', (lines) => lines.toSpliced(20, 3), { check: 'sequence', record: 20 }],
    [
      'one added',
      (lines) => [
        ...lines,
        edited(lines.at(-1)!, (record) =>
          Object.assign(record, {
            id: '00112233-4455-5677-8899-aabbccddeeff',
            sequence: sequence(lines.length),
          }),
        ),
      ],
      { check: 'id', record: 56 },
    ],
    ['one edited', (lines) => lines.with(20, edited(lines[20]!, weight)), { check: 'root', record: 4 }],
  ];

  it.each(four)('%s, and signed with the true key: found at its place', async (_, change, place) => {
    const folder = evidence();
    expect(linesOf(folder)).toHaveLength(56);
    rebuild(folder, change(linesOf(folder)));
    expect(await failures(folder)).toContainEqual(expect.objectContaining({ log: STUDY, ...place }));
  });

  it('an earlier state declared as such is never called complete', async () => {
    const folder = join(freshFolder(), 'earlier');
    await exported(ledger, folder, { at: 40 });
    expect(await checkBundle(folder, pins)).toMatchObject({ verdict: 'PREFIX', exitCode: 2 });
    const inside = join(folder, 'data', 'ledger');
    const proof = join(
      inside,
      'anchors',
      readdirSync(join(inside, 'anchors')).find((name) => name.endsWith('.consistency'))!,
    );
    writeFileSync(proof, readFileSync(proof, 'utf8').split('\n').slice(1).join('\n'));
    expect(await failures(inside)).toContainEqual(found('proof', STUDY));
  });

  it('a part that claims another record of it is found', async () => {
    const folder = join(freshFolder(), 'part');
    await exported(ledger, folder, { subject: 'R01' });
    const inside = join(folder, 'data', 'ledger');
    const lines = linesOf(inside);
    writeFileSync(
      join(inside, 'study', 'records.ndjson'),
      `${lines.with(4, edited(lines[4]!, weight)).join('\n')}\n`,
    );
    const { record } = {
      record: (
        JSON.parse(readFileSync(join(inside, 'study', 'selection.json'), 'utf8')) as { records: number[] }
      ).records[4],
    };
    expect(await failures(inside)).toContainEqual(found('tile', STUDY, { record }));
  });
});

describe('A20 · a study that the lab does not register', () => {
  it('is not a study', async () => {
    const folder = evidence();
    const origin = 'lab.example/ledger/study/SHADOW';
    writeFileSync(join(folder, 'study', 'checkpoint'), forgedNote(stolenRing(), origin, linesOf(folder)));
    expect(await failures(folder)).toContainEqual(found('register', 'bundle'));
  });

  it('nor is one that was never anchored', async () => {
    const folder = evidence();
    const lab = linesOf(folder, 'lab').slice(0, 3);
    writeFileSync(join(folder, 'lab', 'records.ndjson'), lab.map((line) => `${line}\n`).join(''));
    writeFileSync(join(folder, 'lab', 'checkpoint'), forgedNote(stolenRing(), 'lab.example/ledger/lab', lab));
    expect(await failures(folder)).toContainEqual(found('anchor', STUDY));
  });
});

describe('A23 · proofs, notes and bundles that are malformed', () => {
  const proofs: [string, (text: string) => string][] = [
    ['another header', (text) => text.replace('@v1', '@v2')],
    ['another index', (text) => text.replace(/index \d+/, 'index 0')],
    ['a leading zero', (text) => text.replace(/index /, 'index 0')],
    ['a hash of 31 bytes', (text) => text.replace(/\n([A-Za-z0-9+/]{40})[A-Za-z0-9+/]{3}=\n/, '\n$1\n')],
    ['a hash less', (text) => text.replace(/\n[A-Za-z0-9+/]{43}=\n/, '\n')],
    ['a hash more', (text) => text.replace(/\n([A-Za-z0-9+/]{43}=)\n/, '\n$1\n$1\n')],
    ['CRLF', (text) => text.replaceAll('\n', '\r\n')],
    ['nothing', () => ''],
  ];

  it.each(proofs)('a proof with %s is refused', async (_, change) => {
    const folder = evidence();
    const name = readdirSync(join(folder, 'anchors')).find((one) => one.endsWith('.tlog-proof'))!;
    const file = join(folder, 'anchors', name);
    const text = readFileSync(file, 'utf8');
    expect(change(text)).not.toBe(text);
    writeFileSync(file, change(text));
    expect(await failures(folder)).toEqual([found('proof', STUDY)]);
  });

  const files: [string, string, string | Buffer][] = [
    ['an empty log', 'study/records.ndjson', ''],
    ['a log that is one endless line', 'study/records.ndjson', Buffer.alloc(4 << 20, 0x7b)],
    ['a log of empty lines', 'study/records.ndjson', '\n\n\n'],
    ['a log of zero bytes', 'lab/records.ndjson', Buffer.alloc(1000)],
    ['a note that is none', 'study/checkpoint', 'lab.example\n'],
    ['a note of rubbish', 'lab/checkpoint', Buffer.from([0xff, 0xfe, 0, 1])],
    ['a selection that is none', 'study/selection.json', '{"subject":"R01","size":1e15,"records":[0]}'],
    ['a policy that is none', 'policy/lab.policy', 'quorum none\n'],
  ];

  it.each(files)('%s is refused', async (_, name, content) => {
    const folder = evidence();
    writeFileSync(join(folder, name), content);
    await failures(folder);
  });

  it('a vkey with a plus in its base64 part is taken', async () => {
    const vkeyOf = (number: number): string => new LedgerBuilder(`lab-${number}.example`).vkey('lab');
    let number = 0;
    while (vkeyOf(number).split('+').length <= 3) number++;
    expect((await checkBundle(evidence(), { labVkey: vkeyOf(number) })).exitCode).toBe(1);
  });

  it('a tree of proofs by another index of the same shape is not believed', async () => {
    const folder = join(freshFolder(), 'part');
    await exported(ledger, folder, { subject: 'R02' });
    const inside = join(folder, 'data', 'ledger', 'proofs');
    const [first, second] = readdirSync(inside);
    const text = readFileSync(join(inside, first!), 'utf8');
    writeFileSync(join(inside, second!), text);
    expect(await failures(join(folder, 'data', 'ledger'))).toContainEqual(found('proof', STUDY));
    expect(new MerkleTree(sha256).size).toBe(0);
  });
});
