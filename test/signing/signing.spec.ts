import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FileSignedHeads } from '../../src/signing/signed-head-store.js';
import { DEMO_SEED } from '../../src/signing/seed.js';
import { openCheckpoint } from '../../src/tlog/checkpoint.js';
import { ed25519Verifier, parseVkey } from '../../src/tlog/note.js';
import { ed25519Verify } from '../../src/signing/ed25519.js';
import { verifyConsistency } from '../../src/tlog/merkle.js';
import { originOf, type LogName } from '../../src/lab/origins.js';
import { SigningError } from '../../src/signing/signing-error.js';
import { sha256 } from '../../src/shared/sha256.js';
import { rotateKeys } from '../../src/signing/rotation.js';
import { freshFolder } from '../support/folders.js';
import { codeOf, failures, opened, openedReal, type TestLedger } from '../recording/test-ledger.js';
import { Database } from '../../src/store/sqlite/driver.js';

const STUDY = 'study-NP-001';

/** The checkpoint in a note, verified with the key that the lab has published. */
function verified({ engine }: TestLedger, log: LogName, note: string) {
  const { facility, keys } = engine.labNow;
  const all = keys.get(originOf(facility, log)) ?? [];
  return openCheckpoint(
    note,
    all.map(({ vkey }) => ed25519Verifier(parseVkey(sha256, vkey), ed25519Verify)),
  ).checkpoint;
}

async function refusalToSign(ledger: TestLedger, log: LogName = STUDY): Promise<string> {
  try {
    await ledger.engine.signHead(log);
  } catch (error) {
    if (error instanceof SigningError) return error.code;
    throw error;
  }
  return 'signed';
}

/** Changes the database as somebody with root would. */
function attack(folder: string, ...statements: string[]): void {
  const db = new Database(join(folder, 'ledger.sqlite'));
  const triggers = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
    .pluck()
    .all() as string[];
  for (const trigger of triggers) db.exec(`DROP TRIGGER ${trigger}`);
  for (const statement of statements) db.exec(statement);
  db.close();
}

/** A ledger with a study of ten records whose head was signed at `signed`, closed. */
async function folderWithStudy({
  signed = 10,
  size = 10,
  anchor = false,
  simulated = true,
} = {}): Promise<string> {
  const folder = freshFolder('signing');
  const ledger = await opened(folder, { simulated });
  await ledger.study();
  await ledger.grow(signed - 3);
  await ledger.engine.signHead(STUDY);
  if (anchor) await ledger.anchoring.anchor();
  await ledger.grow(size - signed);
  await ledger.engine.close();
  return folder;
}

describe('signing a head (2.7.2)', () => {
  it('gives a note that the published key verifies, and the same one again', async () => {
    const folder = freshFolder('signing');
    const ledger = await opened(folder);
    await ledger.study();
    const first = await ledger.engine.signHead(STUDY);
    expect(verified(ledger, STUDY, first.note)).toEqual({
      origin: 'lab.example/ledger/study/NP-001',
      size: 3,
      root: first.root,
    });
    expect(readFileSync(join(folder, 'marks', `${STUDY}.note`), 'utf8')).toBe(first.note);
    expect((await ledger.engine.signHead(STUDY)).note).toBe(first.note);
    await ledger.grow(4);
    const second = await ledger.engine.signHead(STUDY);
    expect(second.size).toBe(7);
    const { log } = await ledger.engine.study('NP-001');
    expect(verifyConsistency(sha256, first, second, log.consistencyProof(3, 7))).toBe(true);
    await ledger.engine.close();
    expect(await failures(folder)).toEqual([]);
  });

  it('signs the empty access log, and what grows from it', async () => {
    const ledger = await opened(freshFolder('signing'));
    const empty = await ledger.engine.signHead('access');
    expect(empty.size).toBe(0);
    const data = { study: 'NP-001', size: 3, root: `${'A'.repeat(43)}=`, sha256: '00'.repeat(32) };
    const who = { actor: 'qa-01', role: 'quality-assurance', id: '0199d3f2-6a3c-7c1e-8a55-3f5b8a1d2c01' };
    await ledger.engine.recordExport(data, who);
    await ledger.engine.recordExport(data, who);
    expect((await ledger.engine.signHead('access')).size).toBe(1);
    await ledger.engine.close();
  });

  it('gives concurrent callers heads that are all of one history', async () => {
    const folder = freshFolder('signing');
    const ledger = await opened(folder);
    await ledger.study();
    const heads = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        if (index % 3 === 0) await ledger.grow(2);
        return ledger.engine.signHead(STUDY);
      }),
    );
    const { log } = await ledger.engine.study('NP-001');
    for (const { size, root } of heads) expect(log.root(size)).toBe(root);
    await ledger.engine.close();
    expect(await failures(folder)).toEqual([]);
  });

  it('does not sign what another process has swapped away under it, but what is there then', async () => {
    const folder = freshFolder('marks');
    const [mine, theirs] = [new FileSignedHeads(folder), new FileSignedHeads(folder)];
    expect(await mine.swap('lab', undefined, 'a')).toBe(true);
    expect(await theirs.swap('lab', undefined, 'b')).toBe(false);
    expect(await theirs.swap('lab', 'a', 'b')).toBe(true);
    expect(await mine.swap('lab', 'a', 'c')).toBe(false);
    expect(await mine.load('lab')).toBe('b');
  });

  it('is refused without the seed, and with another one; recording goes on, but no study begins', async () => {
    const folder = await folderWithStudy({ simulated: false });
    const seed = join(folder, 'master.seed');
    const own = readFileSync(seed);
    rmSync(seed);
    const blind = await opened(folder);
    expect(blind.seedProblem).toMatch(/no seed/);
    await blind.grow(1);
    expect(codeOf(await blind.send('RegisterStudy', {}, undefined))).toBe('study-exists');
    expect((await blind.engine.signHead(STUDY)).size).toBe(10);
    await blind.engine.close();
    writeFileSync(seed, `${'11'.repeat(32)}\n`, { mode: 0o600 });
    const strange = await opened(folder);
    expect(await refusalToSign(strange)).toBe('key-mismatch');
    await strange.grow(1);
    await strange.engine.close();
    writeFileSync(seed, own, { mode: 0o600 });
    const mine = await opened(folder);
    expect((await mine.engine.signHead(STUDY)).size).toBe(12);
    await mine.engine.close();
  });

  it('refuses the published seed for a real ledger', async () => {
    const folder = freshFolder('signing');
    writeFileSync(join(folder, 'master.seed'), `${Buffer.from(DEMO_SEED).toString('hex')}\n`, {
      mode: 0o600,
    });
    await expect(openedReal(folder)).rejects.toMatchObject({ code: 'seed-published' });
  });
});

describe('two inconsistent heads', () => {
  it('are not signed when the tail was cut (A3): that study refuses, others and reads go on [R5]', async () => {
    const folder = await folderWithStudy();
    attack(folder, `DELETE FROM records WHERE stream = '${STUDY}' AND number >= 7`);
    const ledger = await opened(folder);
    expect(codeOf(await ledger.send('RecordBodyWeight'))).toBe('store-behind-mark');
    expect(await refusalToSign(ledger)).toBe('store-behind-mark');
    expect((await ledger.engine.study('NP-001')).size).toBe(7);
    expect((await ledger.engine.signHead('lab')).size).toBe(2);
    await ledger.engine.close();
    expect((await failures(folder)).join()).toContain(STUDY);
  });

  it('are not signed when the tail was cut and grown again (A4)', async () => {
    const folder = await folderWithStudy();
    const mark = readFileSync(join(folder, 'marks', `${STUDY}.note`));
    attack(folder, `DELETE FROM records WHERE stream = '${STUDY}' AND number >= 7`);
    rmSync(join(folder, 'marks', `${STUDY}.note`));
    const forger = await opened(folder);
    await forger.grow(5);
    await forger.engine.close();
    writeFileSync(join(folder, 'marks', `${STUDY}.note`), mark);
    const ledger = await opened(folder);
    expect(codeOf(await ledger.send('RecordBodyWeight'))).toBe('store-inconsistent');
    expect(await refusalToSign(ledger)).toBe('store-inconsistent');
    await ledger.engine.close();
  });

  it('are not signed with the study’s mark deleted either, where the lab has an anchor', async () => {
    const folder = await folderWithStudy({ anchor: true });
    attack(folder, `DELETE FROM records WHERE stream = '${STUDY}' AND number >= 7`);
    rmSync(join(folder, 'marks', `${STUDY}.note`));
    const ledger = await opened(folder);
    const missing = /holds 7 records, but the lab anchored its first 10/;
    await expect(ledger.send('RecordBodyWeight')).rejects.toThrow(missing);
    await expect(ledger.engine.signHead(STUDY)).rejects.toThrow(missing);
    await expect(ledger.engine.study('NP-001')).rejects.toThrow(missing);
    await ledger.engine.close();
  });

  it('are not signed over bytes that were edited, whatever hash stands beside them (A1)', async () => {
    const folder = await folderWithStudy();
    attack(
      folder,
      `UPDATE records SET bytes = CAST(replace(CAST(bytes AS TEXT), '"dev"', '"eve"') AS BLOB) WHERE stream = '${STUDY}' AND number = 4`,
    );
    const ledger = await opened(folder);
    expect(codeOf(await ledger.send('RecordBodyWeight'))).toBe('store-inconsistent');
    expect(await refusalToSign(ledger)).toBe('store-inconsistent');
    expect((await ledger.engine.study('NP-001')).size).toBe(10);
    await ledger.engine.close();
  });

  it('are not signed when the database is exchanged under the running process', async () => {
    const folder = freshFolder('signing');
    const ledger = await opened(folder);
    await ledger.study();
    await ledger.grow(7);
    attack(folder, `DELETE FROM records WHERE stream = '${STUDY}' AND number >= 8`);
    expect(await refusalToSign(ledger)).toBe('store-inconsistent');
    expect(codeOf(await ledger.send('RecordBodyWeight'))).toBe('store-inconsistent');
    await ledger.engine.close();
  });

  it('are not signed when the mark is rolled back or deleted under the running process', async () => {
    const folder = freshFolder('signing');
    const ledger = await opened(folder);
    await ledger.study();
    const old = (await ledger.engine.signHead(STUDY)).note;
    await ledger.grow(3);
    const { size, root } = await ledger.engine.signHead(STUDY);
    const mark = join(folder, 'marks', `${STUDY}.note`);
    for (const rolledBack of [old, undefined]) {
      if (rolledBack === undefined) rmSync(mark);
      else writeFileSync(mark, rolledBack);
      const again = await ledger.engine.signHead(STUDY);
      expect(again.size).toBe(size);
      expect(again.root).toBe(root);
    }
    await ledger.engine.close();
  });

  it('are not signed over a mark that nobody can have signed', async () => {
    const folder = await folderWithStudy();
    const mark = join(folder, 'marks', `${STUDY}.note`);
    writeFileSync(mark, readFileSync(mark, 'utf8').replace('\n10\n', '\n9\n'));
    const ledger = await opened(folder);
    expect(await refusalToSign(ledger)).toBe('mark-unreadable');
    await ledger.grow(1);
    await ledger.engine.close();
  });

  it('are not signed by a lab whose marks are gone; recording goes on', async () => {
    const folder = await folderWithStudy();
    rmSync(join(folder, 'marks'), { recursive: true });
    const ledger = await opened(folder);
    expect(await refusalToSign(ledger, 'lab')).toBe('mark-missing');
    await ledger.grow(1);
    await ledger.engine.close();
  });

  it('are not signed by a backup in the store’s place (A12): the lab refuses, and so does every command', async () => {
    const folder = freshFolder('signing');
    const first = await opened(folder);
    await first.study();
    await first.engine.close();
    const yesterday = freshFolder('yesterday');
    cpSync(join(folder, 'ledger.sqlite'), join(yesterday, 'ledger.sqlite'));
    const today = await opened(folder);
    await today.anchoring.anchor();
    await today.engine.close();
    for (const name of ['ledger.sqlite-wal', 'ledger.sqlite-shm'])
      rmSync(join(folder, name), { force: true });
    cpSync(join(yesterday, 'ledger.sqlite'), join(folder, 'ledger.sqlite'));
    const ledger = await opened(folder);
    expect(codeOf(await ledger.send('RecordBodyWeight'))).toBe('store-behind-mark');
    expect(codeOf(await ledger.send('RegisterStudy'))).toBe('store-behind-mark');
    expect(await refusalToSign(ledger, 'lab')).toBe('store-behind-mark');
    expect((await ledger.engine.study('NP-001')).size).toBe(3);
    await ledger.engine.close();
  });
});

describe('rotation of keys (2.6.5)', () => {
  it('ties the new key to the old one: both sign the head at the change, the new one alone after it', async () => {
    const folder = freshFolder('rotation');
    const ledger = await opened(folder);
    await ledger.study();
    await ledger.engine.signHead(STUDY);
    const { epoch, labVkey } = await rotateKeys(ledger);
    expect(epoch).toBe(2);
    const [old, current] = ledger.engine.labNow.keys
      .get('lab.example/ledger/lab')!
      .map(({ vkey }) => parseVkey(sha256, vkey));
    expect(current).toEqual(parseVkey(sha256, labVkey));
    for (const log of ['lab', STUDY] as const) {
      const { note } = await ledger.engine.signHead(log);
      expect(note.match(/^— /gm)).toHaveLength(2);
      expect(() => verified(ledger, log, note)).not.toThrow();
    }
    const { note } = await ledger.engine.signHead('lab');
    for (const key of [old!, current!])
      expect(openCheckpoint(note, [ed25519Verifier(key, ed25519Verify)]).checkpoint.size).toBe(3);
    await ledger.grow(1);
    expect((await ledger.engine.signHead(STUDY)).note.match(/^— /gm)).toHaveLength(1);
    await ledger.engine.close();
    const again = await opened(folder);
    await again.grow(1);
    expect((await again.engine.signHead(STUDY)).size).toBe(5);
    await again.anchoring.anchor();
    await again.engine.close();
    expect(await failures(folder)).toEqual([]);
  });

  it('is finished by the next signature where it was cut short', async () => {
    const folder = freshFolder('rotation');
    const ledger = await opened(folder);
    await ledger.study();
    await ledger.engine.signHead('lab');
    Object.assign(ledger.folder.heads, { swap: () => Promise.reject(new Error('cut off')) });
    await expect(rotateKeys(ledger)).rejects.toThrow(/cut off/);
    expect(ledger.engine.labNow.epoch).toBe(2);
    await ledger.engine.close();
    const again = await opened(folder);
    const { note } = await again.engine.signHead('lab');
    expect(note.match(/^— /gm)).toHaveLength(2);
    await again.engine.close();
  });
});
