import { Engine } from '../../src/recording/engine.js';
import type { NewRecord, StoredRecord } from '../../src/store/event-store.js';
import { StoreError } from '../../src/store/store-error.js';
import { MemoryStore } from '../../src/store/memory.store.js';
import { Refusal } from '../../src/study/refusal.js';
import { until } from '../support/until.js';
import { codeOf, sender, START, type Send } from './test-ledger.js';

const STREAM = 'study-NP-001';

/** A store that several engines write to; it counts reads, and can hold back what it knows. */
class SharedStore extends MemoryStore {
  override readonly soleWriter: boolean = false;
  reads = 0;
  /** Awaited after an append is written and before it is answered. */
  beforeAnswer: () => Promise<unknown> = async () => undefined;
  /** Awaited after a reading has fixed where it ends and before it hands over anything. */
  duringRead: () => Promise<unknown> = async () => undefined;

  override async append(stream: string, size: number, records: readonly NewRecord[]): Promise<void> {
    await super.append(stream, size, records);
    await this.beforeAnswer();
  }

  override async *read(stream: string, from = 0): AsyncGenerator<readonly StoredRecord[]> {
    this.reads++;
    const pages: (readonly StoredRecord[])[] = [];
    for await (const page of super.read(stream, from)) pages.push(page);
    await this.duringRead();
    yield* pages;
  }
}

interface Process {
  readonly engine: Engine;
  readonly send: Send;
}

async function processOn(store: MemoryStore): Promise<Process> {
  const engine = new Engine(store, () => START);
  await engine.initialise('lab.example', true, '00000000-0000-4000-8000-000000000001');
  return { engine, send: sender(engine) };
}

/** Two processes that both know a study with one animal: records 0 to 2. */
async function twoProcesses(): Promise<{ store: SharedStore; one: Process; other: Process }> {
  const store = new SharedStore();
  const [one, other] = [await processOn(store), await processOn(store)];
  for (const name of ['RegisterStudy', 'ApproveProtocol', 'EnrolSubject']) await one.send(name);
  await other.engine.study('NP-001');
  return { store, one, other };
}

const sizeAt = async ({ engine }: Process): Promise<number> => (await engine.study('NP-001')).size;

describe('several processes on one store', () => {
  it('accept without a look at the store, and look before they refuse', async () => {
    const { store, one, other } = await twoProcesses();
    store.reads = 0;
    expect(codeOf(await one.send('RecordBodyWeight'))).toBe('recorded');
    expect(store.reads).toBe(0);
    await other.send('EnrolSubject', { subject: 'R02' });
    store.reads = 0;
    expect(codeOf(await one.send('RecordBodyWeight', { subject: 'R02' }))).toBe('recorded');
    // The study, and the lab that it is authorised on.
    expect(store.reads).toBe(2);
    expect(codeOf(await one.send('RecordBodyWeight', { subject: 'R99' }))).toBe('subject-unknown');
  });

  it('record a command once that both are sent at once, and answer it alike', async () => {
    const { one, other } = await twoProcesses();
    for (let round = 0; round < 50; round++) {
      const id = `00000000-0000-4000-9000-${String(round).padStart(12, '0')}`;
      const answers = await Promise.all(
        [one, other, one].map(({ send }) => send('RecordBodyWeight', {}, id)),
      );
      expect(answers[0]).not.toBeInstanceOf(Refusal);
      expect(answers[1]).toEqual(answers[0]);
      expect(answers[2]).toEqual(answers[0]);
    }
    expect(await sizeAt(one)).toBe(53);
  });

  it('register a study once that both are asked to', async () => {
    const store = new SharedStore();
    const [one, other] = [await processOn(store), await processOn(store)];
    const id = '00000000-0000-4000-9000-000000000001';
    const [first, second] = await Promise.all([one, other].map(({ send }) => send('RegisterStudy', {}, id)));
    expect(first).not.toBeInstanceOf(Refusal);
    expect(second).toEqual(first);
    expect(codeOf(await other.send('RegisterStudy'))).toBe('study-exists');
  });

  it('know a study at once that the other has registered', async () => {
    const { one, other } = await twoProcesses();
    const sendTo = (process: Process): Send => sender(process.engine, 'NP-002');
    await sendTo(one)('RegisterStudy');
    expect(codeOf(await sendTo(other)('ApproveProtocol'))).toBe('recorded');
  });

  it('answer a query with all that had been confirmed when it was asked', async () => {
    const { store, one, other } = await twoProcesses();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    store.duringRead = () => held;
    const reads = store.reads;
    const before = sizeAt(other);
    await until(() => store.reads > reads);
    await one.send('RecordBodyWeight');
    const after = [sizeAt(other), sizeAt(other)];
    store.duringRead = async () => undefined;
    release();
    expect(await before).toBeGreaterThanOrEqual(3);
    expect(await Promise.all(after)).toEqual([4, 4]);
  });

  it('fold a record once that a query meets before its append is answered', async () => {
    const { store, one } = await twoProcesses();
    store.beforeAnswer = () => sizeAt(one);
    const answers = await Promise.all(Array.from({ length: 5 }, () => one.send('RecordBodyWeight')));
    expect(answers.map((answer) => (answer instanceof Refusal ? answer.code : answer.treeSize))).toEqual([
      4, 5, 6, 7, 8,
    ]);
    const open = await one.engine.study('NP-001');
    expect([open.size, open.state.size, open.state.records.length]).toEqual([8, 8, 8]);
    expect(open.root(8)).toBe((await (await processOn(store)).engine.study('NP-001')).root(8));
  });

  it('read a log anew that could not be read the first time', async () => {
    const { store } = await twoProcesses();
    const engine = new Engine(store, () => START);
    const read = store.read.bind(store);
    for (const log of ['lab', 'access', STREAM] as const) {
      store.read = () => {
        throw new StoreError('unavailable', 'Nobody answers.');
      };
      await expect(engine.log(log)).rejects.toMatchObject({ code: 'unavailable' });
      store.read = read;
      expect((await engine.log(log)).size).toBe(await store.size(log));
    }
  });

  it('do not go on where the store shows them another past', async () => {
    const { store, one, other } = await twoProcesses();
    await one.send('RecordBodyWeight');
    await sizeAt(other);
    const [stored] = await recordsFrom(store, 3);
    store.read = async function* () {
      yield [{ ...stored!, text: stored!.text.replace('"dev"', '"eve"') }];
    };
    await expect(sizeAt(other)).rejects.toMatchObject({ code: 'integrity' });
  });
});

describe('a tree size that was seen elsewhere', () => {
  it('is read on for', async () => {
    const { store, one, other } = await twoProcesses();
    expect(await other.engine.reaches(STREAM, 3)).toBe(true);
    const reads = store.reads;
    const reached = other.engine.reaches(STREAM, 4);
    await until(() => store.reads > reads + 1);
    await one.send('RecordBodyWeight');
    expect(await reached).toBe(true);
    expect((await other.engine.study('NP-001')).size).toBe(4);
  });

  it('is not promised where it does not come', async () => {
    const { other } = await twoProcesses();
    expect(await other.engine.reaches(STREAM, 4)).toBe(false);
    expect(await other.engine.reaches('study-NONE', 4)).toBe(true);
  });
});

async function recordsFrom(store: MemoryStore, from: number): Promise<readonly StoredRecord[]> {
  for await (const page of store.read(STREAM, from)) return page;
  return [];
}
