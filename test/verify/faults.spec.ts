/** Faults that were found in the field: what an inspector must not be told. */
import { spawnSync } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { ed25519Key } from '../../src/signing/ed25519.js';
import { rotateKeys } from '../../src/signing/rotation.js';
import { sha256 } from '../../src/shared/sha256.js';
import { COSIGNATURE, formatVkey, verifierKey } from '../../src/tlog/note.js';
import { addSignatures, cosign } from '../../src/tlog/sign.js';
import type { Finding } from '../../src/verify/checks/findings.js';
import { reportText } from '../../src/verify/checks/report.js';
import { verifyLedger } from '../../src/verify/folder/verify-ledger.js';
import { opened } from '../recording/test-ledger.js';
import { KurrentDBDouble, type Faults } from '../store/kurrentdb/server-double.js';
import { LedgerBuilder } from './ledger-builder.js';
import { checkBundle, copyOf, exported, freshFolder, labVkey, makeLedger, verifier } from './real-ledger.js';

const ledger = join(freshFolder(), 'ledger');
const bag = join(freshFolder(), 'bundle');

beforeAll(async () => {
  await makeLedger(ledger);
  await exported(ledger, bag);
});

const check = (folder: string) => checkBundle(folder, { labVkey: labVkey(ledger) });
const failing = (findings: readonly Finding[]): Finding[] =>
  findings.filter(({ severity }) => severity === 'fail');

describe('a file that does not belong to a bundle', () => {
  it('is named, also where a backslash makes it look like one that does', async () => {
    const folder = copyOf(bag);
    writeFileSync(join(folder, 'data', 'ledger\\README.md'), 'other');
    const { exitCode, findings } = await check(folder);
    expect(exitCode).toBe(1);
    expect(failing(findings)).toMatchObject([
      { check: 'fixity', message: expect.stringContaining('data/ledger\\README.md is not in') as string },
    ]);
  });

  it.each([
    ['to a file', join('data', 'ledger', 'study', 'hosts'), '/etc/hosts'],
    ['to a folder', join('data', 'files', 'etc'), '/etc'],
    ['by a relative path', join('data', 'up'), join('..', '..', '..')],
    ['that leads nowhere', 'gone', 'nothing'],
  ])('is refused where it is a link %s, and nothing is read', async (_, path, target) => {
    const folder = copyOf(bag);
    symlinkSync(target, join(folder, path));
    const { exitCode, findings, records } = await check(folder);
    expect({ exitCode, records }).toEqual({ exitCode: 1, records: 0 });
    expect(findings).toMatchObject([{ check: 'layout', message: expect.stringContaining(path) as string }]);
  });

  it('cannot write a verdict of its own, or clear the screen, by its name', async () => {
    const folder = copyOf(bag);
    writeFileSync(join(folder, 'data', '\u001b[2J\nCOMPLETE  study KET-01\n\u202Egnihton'), '');
    const text = reportText(await check(folder));
    expect(text).toContain('\\u001b[2J\\u000aCOMPLETE  study KET-01\\u000a\\u202egnihton');
    expect(text).toMatch(/^FAIL/);
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{C}/u);
    expect(text.split('\n').filter((line) => line.startsWith('COMPLETE'))).toEqual([]);
  });

  it('cannot turn the direction of writing in --json of verify.mjs, which stays JSON', () => {
    const folder = copyOf(bag);
    const program = join(freshFolder(), 'verify.mjs');
    writeFileSync(program, verifier());
    writeFileSync(join(folder, 'data', '\u009b2J\u202Egnihton'), '');
    const { status, stdout } = spawnSync(process.execPath, [program, folder, '--json'], { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stdout.replaceAll('\n', '')).not.toMatch(/\p{C}/u);
    expect(JSON.stringify(JSON.parse(stdout))).toContain('\u009b2J\u202Egnihton');
  });
});

describe('a schema in a bundle', () => {
  const schema = join('data', 'ledger', 'schemas', 'KeyRotated.1.schema.json');
  const altered = (madeBy: string): string => {
    const folder = copyOf(bag);
    const info = join(folder, 'bag-info.txt');
    writeFileSync(join(folder, schema), '{}\n');
    writeFileSync(info, readFileSync(info, 'utf8').replace('Study Ledger 0.0.0', `Study Ledger ${madeBy}`));
    return folder;
  };
  const ofSchemas = async (folder: string) =>
    (await check(folder)).findings.filter(({ check: id }) => id === 'schema');

  it('is compared with that of this version, and not with that of another', async () => {
    expect(await ofSchemas(altered('0.0.0'))).toHaveLength(1);
    expect(await ofSchemas(altered('0.0.1'))).toEqual([]);
  });
});

describe('a cosignature', () => {
  it('that is later than the time given is not called forged', async () => {
    const { publicKey, sign } = ed25519Key(Uint8Array.from({ length: 32 }, () => 9));
    const key = verifierKey(sha256, 'witness.example/w1', COSIGNATURE, publicKey);
    const folder = join(copyOf(bag), 'data', 'ledger');
    const checkpoint = join(folder, 'lab', 'checkpoint');
    const note = readFileSync(checkpoint, 'utf8');
    const policy = `log ${labVkey(ledger)}\nwitness w1 ${formatVkey(key)}\nquorum w1\n`;
    const signedAt = async (ms: number) => {
      const line = cosign(note.slice(0, note.lastIndexOf('\n\n') + 1), key, Math.floor(ms / 1000), sign);
      writeFileSync(checkpoint, addSignatures(note, [line]));
      const { findings } = await checkBundle(folder, { policy, now: Date.now() });
      return findings.filter(({ check: id }) => id === 'cosignature');
    };
    expect(await signedAt(Date.now())).toEqual([]);
    expect(await signedAt(Date.now() + 3_600_000)).toMatchObject([
      { severity: 'incomplete', message: expect.stringContaining('is your clock right?') as string },
    ]);
  });
});

describe('the lab policy after a rotation of keys', () => {
  const policyFindings = async (folder: string) =>
    failing((await verifyLedger(folder, { threads: 0 })).findings).filter(({ check: id }) => id === 'policy');

  it('is the one that the rotation recorded, and no other', async () => {
    const folder = join(freshFolder(), 'ledger');
    const open = await opened(folder);
    await open.study();
    await rotateKeys(open);
    await open.anchoring.anchor();
    await open.engine.close();
    const file = join(folder, 'policy', 'lab.policy');
    const text = readFileSync(file, 'utf8');
    expect(await policyFindings(folder)).toEqual([]);
    writeFileSync(file, text.replace(/^# .*\n/, ''));
    expect(await policyFindings(folder)).toMatchObject([{ record: expect.any(Number) as number }]);
    // Nor are keys rotated again over a policy that was replaced.
    const again = await opened(folder);
    await expect(rotateKeys(again)).rejects.toMatchObject({ code: 'policy-mismatch' });
    await again.engine.close();
  });

  it('is completed at the next start where the rotation was cut short before it was written', async () => {
    const folder = join(freshFolder(), 'ledger');
    const open = await opened(folder);
    await open.study();
    const file = join(folder, 'policy', 'lab.policy');
    const before = readFileSync(file, 'utf8');
    await rotateKeys(open);
    await open.engine.close();
    const after = readFileSync(file, 'utf8');
    writeFileSync(file, before);
    await (await opened(folder)).engine.close();
    expect(readFileSync(file, 'utf8')).toBe(after);
  });

  it.each([
    [
      'is the old text with the line of the new key, where the rotation stated none',
      (text: string) => text,
      0,
    ],
    ['is refused with another line', (text: string) => `${text}# mine\n`, 1],
    ['is refused without the line', (text: string) => text.replace(/^# .*\n.*\n/, ''), 1],
    ['is refused with another lab size', (text: string) => text.replace('lab size 2', 'lab size 3'), 1],
  ])('%s', async (_, change, faults) => {
    const builder = new LedgerBuilder();
    const names = ['lab', 'access', 'esign'] as const;
    const next = (name: string) => builder.ring.key(builder.origin(name), 2).vkey;
    const keys = names.map((name) => ({ origin: builder.origin(name), vkey: next(name) }));
    builder.add('lab', 'KeyRotated', { epoch: 2, keys });
    const line = `# epoch 2, from lab size 2\nlog ${next('lab')}\n`;
    builder.policy = change(line + builder.policy);
    const folder = freshFolder();
    await builder.write(folder);
    expect(await policyFindings(folder)).toHaveLength(faults);
  });
});

describe('a store that has lost one study', () => {
  it('is checked in all the others', async () => {
    const double = await KurrentDBDouble.start();
    const quiet = { report: () => undefined };
    const folder = freshFolder();
    const open = await opened(folder, { store: double.url, ...quiet });
    await open.study();
    await open.anchoring.anchor();
    await open.engine.close();
    const whole = await verifyLedger(folder, { threads: 0, store: double.url, ...quiet });
    double.streams.tombstone('study-NP-001');
    const { findings, logs } = await verifyLedger(folder, { threads: 0, store: double.url, ...quiet });
    expect(logs).toEqual(whole.logs.filter(({ log }) => log !== 'study-NP-001'));
    expect(failing(findings)).toMatchObject([{ check: 'stream', log: 'study-NP-001' }]);
    double.stop();
  });
});

describe('a store that denies its user one study', () => {
  const denied = (name: string): Faults => ({
    read: (stream) =>
      stream === name
        ? { kind: 'error', code: status.PERMISSION_DENIED, details: 'Access Denied', after: false }
        : undefined,
  });

  it.each([
    ['study-NP-001', 1, /^KurrentDB denied access to study-NP-001/],
    ['$$study-NP-001', 0, /denies this user its metadata.* the right \$mr/],
  ])('(%s) is checked in all the rest', async (stream, missing, message) => {
    const double = await KurrentDBDouble.start();
    const quiet = { report: () => undefined };
    const folder = freshFolder();
    const open = await opened(folder, { store: double.url, ...quiet });
    await open.study();
    await open.anchoring.anchor();
    await open.engine.close();
    const whole = await verifyLedger(folder, { threads: 0, store: double.url, ...quiet });
    double.faults = denied(stream);
    const { findings, logs } = await verifyLedger(folder, { threads: 0, store: double.url, ...quiet });
    expect(logs).toHaveLength(whole.logs.length - missing);
    expect(failing(findings)).toEqual([
      expect.objectContaining({
        check: 'stream',
        log: 'study-NP-001',
        message: expect.stringMatching(message),
      }),
    ]);
    double.stop();
  });

  it('anchors the others, and says of that one why not', async () => {
    const double = await KurrentDBDouble.start();
    const open = await opened(freshFolder(), { store: double.url, report: () => undefined });
    await open.study();
    await open.anchoring.anchor();
    double.faults = denied('study-NP-001');
    await open.anchoring.anchor();
    expect(open.anchoring.status().problems).toEqual({
      'study-NP-001': expect.stringContaining('denied access to study-NP-001'),
    });
    await open.engine.close();
    double.stop();
  });
});

describe('a store that was told to drop records below a number ($tb)', () => {
  async function cutBelow(first: number, stream: string) {
    const double = await KurrentDBDouble.start();
    const quiet = { report: () => undefined };
    const folder = freshFolder();
    const open = await opened(folder, { store: double.url, ...quiet });
    await open.study();
    await open.grow(5);
    await open.anchoring.anchor();
    await open.anchoring.anchor();
    await open.engine.close();
    const whole = await verifyLedger(folder, { threads: 0, store: double.url, ...quiet });
    double.stream(stream).first = first;
    const cut = await verifyLedger(folder, { threads: 0, store: double.url, ...quiet });
    double.stop();
    const sizeOf = (log: string): number => whole.logs.find((one) => one.log === log)!.size;
    return { whole, cut, sizeOf };
  }

  it('is missing those, and no others: a study', async () => {
    const { whole, cut, sizeOf } = await cutBelow(5, 'study-NP-001');
    expect(sizeOf('study-NP-001')).toBeGreaterThan(5);
    expect(failing(cut.findings)).toEqual([
      expect.objectContaining({
        check: 'missing',
        log: 'study-NP-001',
        message: expect.stringContaining('records 0…4 are missing') as string,
      }),
    ]);
    const others = (logs: typeof cut.logs) => logs.filter(({ log }) => log !== 'study-NP-001');
    expect(others(cut.logs)).toEqual(others(whole.logs));
    expect(reportText(cut)).toContain(
      `0 records before the first that is missing, of ${sizeOf('study-NP-001')}`,
    );
  });

  it('is missing those, and no others: the lab, without which nothing else can be told', async () => {
    const { cut, sizeOf } = await cutBelow(2, 'lab');
    expect(sizeOf('lab')).toBeGreaterThan(2);
    expect(failing(cut.findings)).toEqual([
      expect.objectContaining({
        check: 'missing',
        log: 'lab',
        message: expect.stringContaining('records 0…1 are missing') as string,
      }),
    ]);
    expect(cut.findings).toContainEqual(
      expect.objectContaining({ check: 'register', severity: 'incomplete' }),
    );
  });
});

describe('verify.mjs', () => {
  it('says which Node it needs where this one is too old, and not that a check failed', () => {
    const program = join(freshFolder(), 'verify.mjs');
    writeFileSync(program, verifier());
    // What an older Node lacks, it lacks when modules are linked: no name may be imported by itself.
    expect(verifier()).not.toMatch(/^import (?!\* as )/m);
    const older = `import crypto from 'node:crypto'; import { syncBuiltinESMExports } from 'node:module'; delete crypto.hash; syncBuiltinESMExports();`;
    const run = spawnSync(
      process.execPath,
      ['--import', `data:text/javascript,${encodeURIComponent(older)}`, program, bag],
      { encoding: 'utf8' },
    );
    expect(run).toMatchObject({ status: 3, stdout: '' });
    expect(run.stderr).toBe(`verify.mjs needs Node 20.12 or later; this is Node ${process.versions.node}.\n`);
  });
});
