import { rmSync } from 'node:fs';
import { proposeAnchor } from '../../src/anchoring/anchor-facts.js';
import { originOf, type LogName } from '../../src/lab/origins.js';
import { Engine } from '../../src/recording/engine.js';
import { ownCommandId } from '../../src/recording/lab-records.js';
import type { Receipt } from '../../src/recording/open-stream.js';
import { passingCustody } from '../../src/signing/custody.js';
import { MemoryStore } from '../../src/store/memory.store.js';
import { freshFolder } from '../support/folders.js';
import { START, codeOf, failures, opened, plant, sender, type TestLedger } from './test-ledger.js';

/** A command id stands for one command in the lab and in the access log, whoever chose it. */

const ID = '11111111-1111-4111-8111-111111111111';
const OTHER = '22222222-2222-4222-8222-222222222222';
const FACILITY = 'lab.example';
const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

async function onSqlite(): Promise<TestLedger> {
  const path = freshFolder('command-ids');
  folders.push(path);
  return opened(path, { facility: FACILITY });
}

async function inMemory(): Promise<Pick<TestLedger, 'engine'>> {
  const engine = new Engine(new MemoryStore(), () => START);
  await engine.initialise(FACILITY, true, ID);
  return { engine };
}

/** The command id of an anchor follows from the log and its size: anybody can work it out beforehand. */
const anchorId = (log: LogName, size: number) => ownCommandId('anchor', originOf(FACILITY, log), size);

async function anchor(engine: Engine, log: LogName): Promise<Receipt> {
  const open = await engine.log(log);
  const head = { size: open.size, root: open.log.root(open.size), note: '' };
  return engine.recordInLab(proposeAnchor(engine, await engine.lab(), open, head, undefined));
}

describe.each([
  ['SQLite', onSqlite],
  ['memory', inMemory],
] as const)('on %s', (_, begin) => {
  let engine: Engine;
  beforeEach(async () => ({ engine } = await begin()));
  afterEach(() => engine.close());

  it('a planted command id is never taken as the anchor that it was derived for', async () => {
    await sender(engine)('RegisterStudy');
    expect(codeOf(await plant(engine, 'NP-666', anchorId('study-NP-001', 1)))).toBe('recorded');

    await expect(anchor(engine, 'study-NP-001')).rejects.toThrow(
      'Record 2 bears the command id of CheckpointStudy and says something else',
    );
    expect((await engine.lab()).anchors.get('study-NP-001')).toBeUndefined();

    await sender(engine)('ApproveProtocol');
    await anchor(engine, 'study-NP-001');
    expect((await engine.lab()).anchors.get('study-NP-001')).toMatchObject({ size: 2 });
  });

  it('an anchor that is there is answered, and its id is not free for a registration', async () => {
    await sender(engine)('RegisterStudy');
    const first = await anchor(engine, 'study-NP-001');

    expect(await anchor(engine, 'study-NP-001')).toEqual(first);
    expect(codeOf(await plant(engine, 'NP-666', anchorId('study-NP-001', 1)))).toBe('command-id-reused');
    expect((await engine.lab()).studies.has('NP-666')).toBe(false);
  });

  it('two studies are not registered under one id, not even at once', async () => {
    const register = (study: string, id: string) => sender(engine, study)('RegisterStudy', {}, id);
    expect(codeOf(await register('NP-001', OTHER))).toBe('recorded');
    expect(codeOf(await register('NP-002', OTHER))).toBe('command-id-reused');

    const third = '33333333-3333-4333-8333-333333333333';
    const answers = await Promise.all(['NP-003', 'NP-004'].map((code) => register(code, third)));
    expect(answers.map(codeOf)).toEqual(['recorded', 'command-id-reused']);
    expect(await register('NP-003', third)).toEqual(answers[0]);
    expect([...(await engine.lab()).studies.keys()]).toEqual(['NP-001', 'NP-003']);
  });

  it('an export under the id of another is refused, and the same is answered', async () => {
    const data = { study: 'NP-001', size: 1, root: `${'A'.repeat(43)}=`, sha256: '0'.repeat(64) };
    const who = { actor: 'qa-1', role: 'quality', id: OTHER };
    const first = await engine.recordExport(data, who);

    expect(await engine.recordExport(data, who)).toEqual(first);
    const taken = 'Record 0 bears the command id of ExportBundle and says something else';
    await expect(engine.recordExport({ ...data, size: 2 }, who)).rejects.toThrow(taken);
    await expect(engine.recordExport(data, { ...who, actor: 'mallory' })).rejects.toThrow(taken);
  });
});

describe('two processes', () => {
  it('register two studies under one id at once: one of them is refused', async () => {
    const store = new MemoryStore();
    const custody = passingCustody();
    const engines = [1, 2].map(() => new Engine(store, () => START, { custody }));
    await engines[0]!.initialise(FACILITY, true, ID);
    await Promise.all(engines.map((engine) => engine.lab()));

    const answers = await Promise.all(
      engines.map((engine, index) => sender(engine, `NP-00${index}`)('RegisterStudy', {}, OTHER)),
    );

    expect(answers.map(codeOf).sort()).toEqual(['command-id-reused', 'recorded']);
    expect((await engines[0]!.lab()).studies.size).toBe(1);
  });
});

describe('an anchor that cannot be recorded', () => {
  it('is named in the status, and the other logs are anchored', async () => {
    const ledger = await onSqlite();
    await ledger.study();
    await plant(ledger.engine, 'NP-666', anchorId('study-NP-001', 3));

    await ledger.anchoring.anchor();

    const { problems } = ledger.anchoring.status();
    expect(problems).toEqual({
      'study-NP-001': expect.stringContaining('bears the command id of CheckpointStudy') as string,
    });
    expect([...(await ledger.engine.lab()).anchors.keys()]).toEqual(['study-NP-666']);

    await ledger.grow(1);
    await ledger.anchoring.anchor();
    expect(ledger.anchoring.status().problems).toEqual({});
    expect((await ledger.engine.lab()).anchors.get('study-NP-001')).toMatchObject({ size: 4 });
    await ledger.engine.close();
    expect(await failures(folders.at(-1)!)).toEqual([]);
  });
});
