import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { studyLedger } from '../support/cli.js';
import { verifyLedger } from '../../src/verify/folder/verify-ledger.js';
import { reportText } from '../../src/verify/checks/report.js';
import { LedgerBuilder } from './ledger-builder.js';
import { copyOf, freshFolder, labVkey, makeLedger, weigh, withLedger } from './real-ledger.js';
import { tamper } from './tamper.js';

const ledger = join(freshFolder(), 'ledger');
beforeAll(() => makeLedger(ledger));

const check = (folder: string, pins = {}) => verifyLedger(folder, { threads: 0, ...pins });

describe('verify --data', () => {
  it('passes a ledger as the product makes it', async () => {
    const report = await check(ledger, { labVkey: labVkey(ledger) });
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({ verdict: 'CONSISTENT', exitCode: 0, pinned: true, witnessed: false });
    expect(reportText(report)).toContain('UNWITNESSED');
  });

  it('passes beside a writer, and says what is not anchored yet', async () => {
    const copy = copyOf(ledger);
    await withLedger(copy, async (open) => {
      await weigh(open, 'KET-02', 5);
      const { exitCode, findings } = await check(copy);
      expect(exitCode).toBe(0);
      expect(findings).toEqual([
        expect.objectContaining({ check: 'unanchored', severity: 'note', log: 'study-KET-02', record: 16 }),
      ]);
    });
  });

  it('reports how far it is', async () => {
    const seen: [number, number][] = [];
    const { records } = await check(ledger, {
      onProgress: (done: number, total: number) => seen.push([done, total]),
    });
    expect(seen.at(-1)).toEqual([records, records]);
  });

  it('goes over many pages, and is the same with threads', async () => {
    const folder = join(freshFolder(), 'ledger');
    const built = new LedgerBuilder();
    const study = built.register('KET-01');
    for (const count of [700, 1, 1400, 300]) {
      built.weights(study, count);
      built.anchor(study);
    }
    await built.write(folder);
    const inThread = await check(folder);
    expect(inThread).toMatchObject({ verdict: 'CONSISTENT', exitCode: 0, records: 2408 });
    // Only compiled sources have a file that a thread can begin with.
    const { code, out } = await studyLedger('verify', '--data', folder, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual(inThread);
  });

  it('refuses a key that the ledger does not publish', async () => {
    const other = new LedgerBuilder('other.example').vkey('lab');
    const { exitCode, findings } = await check(ledger, { labVkey: other });
    expect(exitCode).toBe(1);
    expect(findings).toEqual([expect.objectContaining({ check: 'pin', log: 'lab' })]);
  });

  it('does not pass what it could not check', async () => {
    const copy = copyOf(ledger);
    rmSync(join(copy, 'marks', 'lab.note'));
    rmSync(join(copy, 'policy', 'lab.policy'));
    tamper(copy, () => undefined);
    const { exitCode, verdict, findings } = await check(copy);
    expect({ exitCode, verdict }).toEqual({ exitCode: 2, verdict: 'INCOMPLETE' });
    expect(findings.map(({ check: id }) => id).sort()).toEqual(['mark', 'policy', 'rules']);
  });

  it('names what it does not know instead of passing it', async () => {
    const built = new LedgerBuilder();
    built.add('lab', 'RobotCalibrated', { robot: 1 });
    const folder = join(freshFolder(), 'ledger');
    await built.write(folder);
    const { exitCode, findings } = await check(folder);
    expect(exitCode).toBe(2);
    expect(findings).toEqual([expect.objectContaining({ check: 'type', log: 'lab', record: 1 })]);
  });

  it('ends with 1 and names the place, on the command line', async () => {
    const copy = copyOf(ledger);
    tamper(copy, (db) =>
      db.exec(
        "UPDATE records SET bytes = CAST(replace(CAST(bytes AS TEXT), '251.1', '351.1') AS BLOB) WHERE stream = 'study-KET-01' AND number = 5",
      ),
    );
    const { code, out } = await studyLedger('verify', '--data', copy);
    expect(code).toBe(1);
    expect(out).toMatch(/^FAIL/);
    expect(out).toContain('study-KET-01: record 5 is not what its stored leaf hash is the hash of');
    expect((await studyLedger('verify')).code).toBe(3);
    expect((await studyLedger('verify', '--data', '/nowhere')).code).toBe(3);
  });

  it('survives a file that is no database any more', async () => {
    const copy = copyOf(ledger);
    const file = join(copy, 'ledger.sqlite');
    const bytes = readFileSync(file);
    bytes.fill(0xff, 4096, 4096 * 3);
    writeFileSync(file, bytes);
    const report = await check(copy).catch((error: unknown) => error);
    if (report instanceof Error) expect(report).toMatchObject({ code: 'integrity' });
    else expect(report).toMatchObject({ verdict: 'FAIL', exitCode: 1 });
  });
});
