import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnchorReason, StudyCheckpointed } from '../../src/lab/events.js';
import { hashFromBase64 } from '../../src/tlog/encoding.js';
import { verifyConsistency } from '../../src/tlog/merkle.js';
import { sha256 } from '../../src/shared/sha256.js';
import { freshFolder } from '../support/folders.js';
import { signableStudy } from '../recording/simulated-people.js';
import { commandNamed } from '../../src/study/catalogue.js';
import { START, codeOf, failures, opened, openedReal, type TestLedger } from '../recording/test-ledger.js';
import { Database } from '../../src/store/sqlite/driver.js';
import { itEditsTheFile } from '../support/test-store.js';
import { until } from '../support/until.js';

/** The lab’s records of one type, with their numbers. */
async function labRecords({ engine }: TestLedger, type: string): Promise<{ number: number; data: object }[]> {
  const found: { number: number; data: object }[] = [];
  for await (const page of engine.store.read('lab')) {
    for (const { number, text } of page) {
      const record = JSON.parse(text) as { type: string; data: object };
      if (record.type === type) found.push({ number, data: record.data });
    }
  }
  return found;
}

const anchorsOf = async (ledger: TestLedger) =>
  (await labRecords(ledger, 'StudyCheckpointed')) as { number: number; data: StudyCheckpointed }[];

describe('anchoring (2.8)', () => {
  it('records the head of a study where there is news, each with the proof from the one before [R47]', async () => {
    const folder = freshFolder('anchoring');
    const ledger = await opened(folder);
    await ledger.anchoring.anchor();
    expect(await anchorsOf(ledger)).toEqual([]);
    await ledger.study();
    for (const count of [0, 4, 1, 0, 9]) {
      await ledger.grow(count);
      await ledger.anchoring.anchor();
    }
    const anchors = await anchorsOf(ledger);
    expect(anchors.map(({ data }) => [data.size, data.reason])).toEqual<[number, AnchorReason][]>([
      [3, 'protocolApproved'],
      [7, 'interval'],
      [8, 'interval'],
      [17, 'interval'],
    ]);
    expect(anchors[0]?.data).not.toHaveProperty('from');
    expect(anchors[0]?.data.proof).toEqual([]);
    for (const [index, { data }] of anchors.entries()) {
      const before = anchors[index - 1];
      if (!before) continue;
      expect(data.from).toEqual({ record: before.number, size: before.data.size });
      const head = ({ size, root }: StudyCheckpointed) => ({ size, root: hashFromBase64(root) });
      const proof = data.proof.map(hashFromBase64);
      expect(verifyConsistency(sha256, head(before.data), head(data), proof)).toBe(true);
    }
    await ledger.engine.close();
    expect(await failures(folder)).toEqual([]);
  });

  it('publishes the lab’s head, and keeps a signed head for every anchor', async () => {
    const folder = freshFolder('anchoring');
    const ledger = await opened(folder);
    await ledger.study();
    await ledger.anchoring.anchor();
    await ledger.anchoring.anchor();
    expect(readdirSync(join(folder, 'anchors')).filter((name) => name.endsWith('.note'))).toEqual([
      'lab-3.note',
      'study-NP-001-3.note',
    ]);
    expect(readFileSync(join(folder, 'anchors', 'lab-3.note'), 'utf8')).toBe(
      (await ledger.engine.signHead('lab')).note,
    );
    expect(ledger.anchoring.status()).toMatchObject({
      state: 'unwitnessed',
      published: { size: 3 },
      problems: {},
    });
    await ledger.engine.close();
  });

  it('anchors a closed study as locked, and the access log when something was taken out', async () => {
    const ledger = await opened(freshFolder('anchoring'));
    await ledger.study();
    await ledger.send('CloseStudy');
    const { root } = await ledger.engine.signHead('study-NP-001');
    expect(root).toHaveLength(32);
    const data = { study: 'NP-001', size: 4, root: `${'A'.repeat(43)}=`, sha256: '00'.repeat(32) };
    const id = '0199d3f2-6a3c-7c1e-8a55-3f5b8a1d2c01';
    await ledger.engine.recordExport(data, { actor: 'qa-01', role: 'quality-assurance', id });
    await ledger.anchoring.anchor();
    expect((await anchorsOf(ledger)).map(({ data }) => data.reason)).toEqual(['studyLocked']);
    expect(await labRecords(ledger, 'AccessCheckpointed')).toMatchObject([
      { data: { size: 1, reason: 'interval' } },
    ]);
    await ledger.engine.close();
  });

  it('takes the reason that an export gives, and only that log', async () => {
    const ledger = await opened(freshFolder('anchoring'));
    await ledger.study();
    await ledger.anchoring.anchor({ reason: 'export', logs: ['study-NP-001'] });
    expect((await anchorsOf(ledger)).map(({ data }) => data.reason)).toEqual(['export']);
    await ledger.anchoring.anchor({ reason: 'export', logs: ['study-NP-001'] });
    expect(await anchorsOf(ledger)).toHaveLength(1);
    await ledger.engine.close();
  });

  it('anchors soon after a milestone once it is started, and milestones that fall together once', async () => {
    const ledger = await opened(freshFolder('anchoring'));
    ledger.anchoring.start();
    await ledger.anchoring.anchor();
    await ledger.study();
    await ledger.send('CloseStudy');
    await until(async () => (await anchorsOf(ledger)).length > 0);
    expect((await anchorsOf(ledger)).map(({ data }) => [data.size, data.reason])).toEqual([
      [4, 'studyLocked'],
    ]);
    await ledger.engine.close();
  });

  it('anchors soon after signatures, those that fall together once, and archiving before them', async () => {
    const ledger = await opened(freshFolder('anchoring'));
    const people = await signableStudy(ledger.engine);
    await ledger.anchoring.anchor();
    ledger.anchoring.start();
    await ledger.anchoring.anchor();
    const sign = (records: number[], meaning = 'approved') =>
      people.send('sd-01', 'SignRecords', { data: { meaning, records } });
    for (const answer of [await sign([1]), await sign([1]), await sign([0], 'authored')])
      expect(codeOf(answer)).toBe('recorded');
    await until(async () => (await anchorsOf(ledger)).length > 1);
    await people.send('sd-01', 'CloseStudy', commandNamed('CloseStudy')!.example);
    expect(codeOf(await sign([5], 'closed'))).toBe('recorded');
    await people.send('mgr-1', 'ArchiveStudy', commandNamed('ArchiveStudy')!.example);
    await ledger.anchoring.anchor();
    expect((await anchorsOf(ledger)).map(({ data }) => [data.size, data.reason])).toEqual([
      [2, 'protocolApproved'],
      [5, 'signatureApplied'],
      [8, 'studyArchived'],
    ]);
    await ledger.engine.close();
  });

  it('records that the clock went back, once, and goes on (A10) [R4 R22]', async () => {
    const folder = freshFolder('anchoring');
    const before = await openedReal(folder);
    await before.study();
    await before.engine.close();
    const ledger = await opened(folder, { clock: () => START - 86_400_000 });
    // By its clock the animal is weighed on the day before it was enrolled.
    expect(codeOf(await ledger.send('RecordBodyWeight'))).toBe('reason-required');
    expect(codeOf(await ledger.send('RecordBodyWeight', { reason: 'The clock went back' }))).toBe('recorded');
    await ledger.anchoring.anchor();
    await ledger.anchoring.anchor();
    const anomalies = await labRecords(ledger, 'ClockAnomaly');
    expect(anomalies).toMatchObject([
      { data: { lastRecorded: '2026-03-02T09:15:00.000Z', clock: '2026-03-01T09:15:00.000Z' } },
    ]);
    await ledger.engine.close();
    expect(await failures(folder)).toEqual([]);
  });

  itEditsTheFile('anchors the other studies where one cannot be', async () => {
    const folder = freshFolder('anchoring');
    const first = await opened(folder);
    await first.study();
    await first.grow(4);
    await first.anchoring.anchor();
    await first.engine.close();
    const db = new Database(join(folder, 'ledger.sqlite'));
    db.exec('DROP TRIGGER records_are_never_changed');
    db.exec(
      `UPDATE records SET bytes = CAST(replace(CAST(bytes AS TEXT), '"dev"', '"eve"') AS BLOB) WHERE stream = 'study-NP-001' AND number = 4`,
    );
    db.close();
    const ledger = await opened(folder);
    const other = (await import('../recording/test-ledger.js')).sender(ledger.engine, 'NP-002');
    await other('RegisterStudy');
    await ledger.anchoring.anchor();
    expect((await anchorsOf(ledger)).map(({ data }) => data.code)).toEqual(['NP-001', 'NP-002']);
    await ledger.engine.close();
  });
});

/** Lets one call of a method through and ends the “process” before or after it. */
function breaks<T extends object>(
  target: T,
  method: keyof T & string,
  when: 'before' | 'after',
  skip = 0,
): void {
  const original = (target[method] as (...args: unknown[]) => unknown).bind(target);
  let calls = 0;
  Object.assign(target, {
    [method]: (...args: unknown[]) => {
      if (calls++ < skip) return original(...args);
      if (when === 'before') throw new Error('power cut');
      const result = original(...args);
      if (result instanceof Promise)
        return result.then(() => {
          throw new Error('power cut');
        });
      throw new Error('power cut');
    },
  });
}

describe('a crash between any two steps', () => {
  type Target = (ledger: TestLedger) => { target: object; method: string };
  const store: Target = ({ engine }) => ({ target: engine.store, method: 'append' });
  const swap: Target = ({ folder }) => ({ target: folder.heads, method: 'swap' });
  const keep: Target = ({ folder }) => ({ target: folder.anchors, method: 'keep' });
  const remember: Target = ({ folder }) => ({ target: folder.anchors, method: 'remember' });
  const steps: [string, Target, 'before' | 'after', number][] = [
    ['before the study’s mark is swapped', swap, 'before', 0],
    ['after the study’s mark was swapped', swap, 'after', 0],
    ['before the study’s head is kept', keep, 'before', 0],
    ['after the study’s head was kept', keep, 'after', 0],
    ['before the head is recorded in the lab', store, 'before', 0],
    ['after the head was recorded in the lab', store, 'after', 0],
    ['before the lab’s mark is swapped', swap, 'before', 1],
    ['after the lab’s mark was swapped', swap, 'after', 1],
    ['before the lab’s head is published', keep, 'before', 1],
    ['after the lab’s head was published', keep, 'after', 1],
    ['before that is remembered', remember, 'before', 0],
  ];

  it.each(steps)('%s is healed by the next round', async (_, target, when, skip) => {
    const folder = freshFolder('anchoring');
    const first = await opened(folder);
    await first.study();
    await first.grow(2);
    const { target: object, method } = target(first);
    breaks(object, method as never, when, skip);
    await first.anchoring.anchor();
    expect(Object.keys(first.anchoring.status().problems ?? {})).not.toEqual([]);
    await first.engine.close();

    const ledger = await opened(folder);
    await ledger.grow(1);
    await ledger.anchoring.anchor();
    expect(ledger.anchoring.status()).toMatchObject({ problems: {} });
    const anchors = await anchorsOf(ledger);
    expect(anchors.at(-1)?.data.size).toBe(6);
    for (const { data } of anchors)
      expect(readFileSync(join(folder, 'anchors', `study-NP-001-${data.size}.note`), 'utf8')).toContain(
        data.root,
      );
    const { size } = await ledger.engine.log('lab');
    expect(ledger.anchoring.status().published.size).toBe(size);
    await ledger.engine.close();
    expect(await failures(folder)).toEqual([]);
  });
});

describe('the folder of published heads', () => {
  it('counts as a mark: a lab that is shorter refuses, and a note of another lab does not count', async () => {
    const folder = freshFolder('anchoring');
    const ledger = await opened(folder);
    await ledger.study();
    await ledger.anchoring.anchor();
    await ledger.engine.close();
    writeFileSync(
      join(folder, 'anchors', 'lab-99.note'),
      'lab.example/ledger/lab\n99\nAAAA\n\n— lab.example/ledger/lab AAAA\n',
    );
    const again = await opened(folder);
    expect((await again.engine.signHead('lab')).size).toBe(3);
    await again.grow(1);
    await again.anchoring.anchor();
    expect(again.anchoring.status().published.size).toBe(4);
    await again.engine.close();
    rmSync(join(folder, 'anchors', 'lab-99.note'));
  });
});
