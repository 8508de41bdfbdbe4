import { Engine } from '../../src/recording/engine.js';
import type { Custody } from '../../src/signing/custody.js';
import { demoRing, passingCustody } from '../../src/signing/custody.js';
import { MemorySignedHeads } from '../../src/signing/signed-head-store.js';
import { MemoryStore } from '../../src/store/memory.store.js';
import { codeOf, sender, START, type Send } from '../recording/test-ledger.js';

const LOG = 'study-NP-001';

/** A store of several processes, in which something happens while it is asked how far the study is. */
class SharedStore extends MemoryStore {
  override readonly soleWriter: boolean = false;
  whileAsked: (() => Promise<unknown>) | undefined;

  override async size(stream: string): Promise<number> {
    const size = await super.size(stream);
    if (stream === LOG) await this.happens();
    return size;
  }

  private async happens(): Promise<void> {
    const { whileAsked } = this;
    this.whileAsked = undefined;
    await whileAsked?.();
  }
}

/** Marks that several processes have in common, in which something happens before one of them looks. */
class SharedHeads extends MemorySignedHeads {
  beforeLoad: (() => Promise<unknown>) | undefined;

  override async load(log: string): Promise<string | undefined> {
    const { beforeLoad } = this;
    if (log === LOG) this.beforeLoad = undefined;
    if (log === LOG) await beforeLoad?.();
    return super.load(log);
  }
}

interface Process {
  readonly engine: Engine;
  readonly send: Send;
}

async function twoProcesses() {
  const store = new SharedStore();
  const heads = new SharedHeads();
  const custody: Custody = { ...passingCustody(), ring: () => demoRing(), heads };
  const processes: Process[] = [];
  for (let i = 0; i < 2; i++) {
    const engine = new Engine(store, () => START, { custody });
    await engine.initialise('lab.example', true, '00000000-0000-4000-8000-000000000001');
    processes.push({ engine, send: sender(engine) });
  }
  const [one, other] = processes as [Process, Process];
  for (const name of ['RegisterStudy', 'ApproveProtocol', 'EnrolSubject']) await one.send(name);
  return { store, heads, one, other };
}

describe('two processes that sign for one ledger', () => {
  it('take no alarm at a record that comes while the store is asked for the last one', async () => {
    const { store, one } = await twoProcesses();
    store.whileAsked = () => one.send('RecordBodyWeight');
    expect((await one.engine.signHead(LOG)).size).toBeGreaterThanOrEqual(3);
    expect(codeOf(await one.send('RecordBodyWeight'))).toBe('recorded');
  });

  it('read on where the other has signed more than has arrived here', async () => {
    const { heads, one, other } = await twoProcesses();
    await one.engine.signHead(LOG);
    heads.beforeLoad = async () => {
      for (let i = 0; i < 3; i++) await other.send('RecordBodyWeight');
      await other.engine.signHead(LOG);
    };
    expect((await one.engine.signHead(LOG)).size).toBe(6);
    expect(codeOf(await one.send('RecordBodyWeight'))).toBe('recorded');
  });

  it('record on where the other signed more before this one had looked at its mark', async () => {
    const { one, other } = await twoProcesses();
    await other.engine.study('NP-001');
    for (let i = 0; i < 3; i++) await one.send('RecordBodyWeight');
    await one.engine.signHead(LOG);
    expect(codeOf(await other.send('RecordBodyWeight'))).toBe('recorded');
  });
});
