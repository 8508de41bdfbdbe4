import fc from 'fast-check';
import { replicate } from '../../src/operations/replicate.js';
import { ReplicationError } from '../../src/operations/replication-error.js';
import { leafHash } from '../../src/tlog/merkle.js';
import { sha256 } from '../../src/shared/sha256.js';
import { MemoryStore } from '../../src/store/memory.store.js';
import { openSqliteReader, openSqliteStore } from '../../src/store/sqlite/open-sqlite.js';
import { StoreError } from '../../src/store/store-error.js';
import type { EventStore, NewRecord, StoredRecord } from '../../src/store/event-store.js';
import { Engine } from '../../src/recording/engine.js';
import { freshFolder } from '../support/folders.js';
import { sender } from '../recording/test-ledger.js';
import { runs } from '../support/effort.js';

const CODES = ['ONE-1', 'TWO-2'];

/** A ledger of two studies, in memory: lab, access and two streams of some 30 records. */
async function ledger<S extends EventStore>(store: S): Promise<S> {
  let ms = Date.parse('2026-03-02T09:15:00Z');
  const engine = new Engine(store, () => (ms += 1000));
  await engine.initialise('lab.example', true, '0199d3f2-6a3c-7c1e-8a55-3f5b8a1d2c01');
  for (const code of CODES) {
    const send = sender(engine, code);
    for (const name of ['RegisterStudy', 'ApproveProtocol', 'EnrolSubject']) await send(name);
    for (let i = 0; i < 25; i++) await send('RecordBodyWeight');
  }
  const who = { actor: 'dev', role: 'development', id: '0199d3f2-6a3c-7c1e-8a55-3f5b8a1d2c02' };
  const data = { study: 'ONE-1', size: 5, root: `${'A'.repeat(43)}=`, sha256: '0'.repeat(64) };
  await engine.recordExport(data, who);
  return store;
}

async function textsOf(store: EventStore, log: string): Promise<string[]> {
  const texts: string[] = [];
  for await (const page of store.read(log)) texts.push(...page.map(({ text }) => text));
  return texts;
}

const LOGS = ['lab', 'access', ...CODES.map((code) => `study-${code}`)];

async function expectSame(one: EventStore, other: EventStore): Promise<void> {
  for (const log of LOGS) expect(await textsOf(other, log)).toEqual(await textsOf(one, log));
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'copied',
    (error: unknown) => {
      if (error instanceof ReplicationError) return `${error.code}: ${error.message}`;
      throw error;
    },
  );
}

function record(text: string): NewRecord {
  return { text, leaf: leafHash(sha256, text) };
}

let source: MemoryStore;
beforeAll(async () => {
  source = await ledger(new MemoryStore());
});

it('carries every record, byte for byte, into a folder and out of it again', async () => {
  const folder = freshFolder('copy');
  const embedded = openSqliteStore(folder, { create: true, holder: 'test' });
  const { logs, sourceGrew } = await replicate(source, embedded);
  expect(logs.map(({ log, from }) => [log, from])).toEqual(LOGS.map((log) => [log, 0]));
  expect(sourceGrew).toBe(false);
  await embedded.close();
  const reader = openSqliteReader(folder);
  const back = new MemoryStore();
  expect((await replicate(reader, back)).logs).toEqual(logs);
  await reader.close();
  await expectSame(source, back);
});

it('writes nothing in a dry run, and says what would be there', async () => {
  const target = new MemoryStore();
  const { logs } = await replicate(source, target, { dryRun: true });
  expect(await target.size('lab')).toBe(0);
  expect((await replicate(source, target)).logs).toEqual(logs);
});

it('does nothing where everything is there', async () => {
  const target = new MemoryStore();
  await replicate(source, target);
  const { logs } = await replicate(source, target);
  expect(logs.every(({ from, size }) => from === size)).toBe(true);
});

/** Fails an append once its turn comes, before or after it was written. */
class BreakingStore extends MemoryStore {
  left = Infinity;

  override async append(stream: string, size: number, records: readonly NewRecord[]): Promise<void> {
    if (this.left-- > 0) return super.append(stream, size, records);
    if (this.left % 2) await super.append(stream, size, records);
    throw new StoreError('unknown-outcome', 'cut off');
  }
}

it('goes on where it was cut off, wherever that was; and a copy that is not whole is no ledger', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(3), { minLength: 1, maxLength: 4 }), async (cuts) => {
      const target = new BreakingStore();
      for (const cut of cuts) {
        target.left = cut;
        await replicate(source, target).catch((error: StoreError) =>
          expect(error.code).toBe('unknown-outcome'),
        );
        if ((await target.size('lab')) > 0)
          for (const code of CODES) expect(await target.size(`study-${code}`)).toBe(28);
      }
      target.left = Infinity;
      await replicate(source, target);
      await expectSame(source, target);
    }),
    runs(30),
  );
});

it('names stream and record where the target has another one, and writes nothing', async () => {
  const target = new MemoryStore();
  const texts = await textsOf(source, 'study-TWO-2');
  const other = texts[4]!.replace('"unit":"g"', '"unit":"kg"');
  expect(other).not.toBe(texts[4]);
  await target.append('study-TWO-2', 0, [...texts.slice(0, 4), other].map(record));
  expect(await codeOf(replicate(source, target))).toMatch(/^target-differs: Record 4 of study-TWO-2 /);
  expect(await target.size('lab')).toBe(0);
  expect(await target.size('study-ONE-1')).toBe(0);
});

it('does not take another ledger for a target', async () => {
  const target = new MemoryStore();
  const engine = new Engine(target, Date.now);
  await engine.initialise('other.example', true, '0199d3f2-6a3c-7c1e-8a55-3f5b8a1d2c09');
  expect(await codeOf(replicate(source, target))).toMatch(/^target-differs: Record 0 of lab /);
});

it('says so where the source is the earlier one', async () => {
  const target = new MemoryStore();
  await replicate(source, target);
  const [text = ''] = await textsOf(source, 'study-ONE-1');
  await target.append('study-ONE-1', 28, [record(text)]);
  expect(await codeOf(replicate(source, target))).toMatch(
    /^source-behind: .* 29 records of study-ONE-1.* 28: /,
  );
});

it('finds nothing to copy in a store without a ledger', async () => {
  expect(await codeOf(replicate(new MemoryStore(), new MemoryStore()))).toMatch(/^source-empty/);
});

/** Hands out other bytes for one record than those that were stored. */
function altering(store: MemoryStore, stream: string, number: number): EventStore {
  const altered = Object.create(store) as MemoryStore;
  altered.append = (...given) => store.append(...given);
  altered.size = (log) => store.size(log);
  altered.read = async function* (log, from) {
    for await (const page of store.read(log, from))
      yield page.map((stored): StoredRecord =>
        log === stream && stored.number === number
          ? { ...stored, text: stored.text.replace('"unit":"g"', '"unit":"kg"') }
          : stored,
      );
  };
  return altered;
}

it('does not make a damaged record look whole', async () => {
  const target = new MemoryStore();
  const damaged = altering(source, 'study-ONE-1', 9);
  expect(await codeOf(replicate(damaged, target))).toMatch(/^source-damaged: Record 9 of study-ONE-1 /);
  expect(await target.size('lab')).toBe(0);
});

it('notices a target that gives back something else', async () => {
  const target = altering(new MemoryStore(), 'study-ONE-1', 9);
  expect(await codeOf(replicate(source, target))).toMatch(/^copy-differs: study-ONE-1 /);
});

it('follows a source that is written to meanwhile, and says when it is not done', async () => {
  for (const [more, grew] of [
    [3, false],
    [1000, true],
  ] as const) {
    const live = await ledger(new MemoryStore());
    const send = sender(new Engine(live, Date.now), 'ONE-1');
    const target = new MemoryStore();
    const append = target.append.bind(target);
    let sent = 0;
    target.append = async (stream, size, records) => {
      await append(stream, size, records);
      // With every append to the target something more is recorded in the source.
      if (stream === 'study-ONE-1' && sent++ < more) await send('RecordBodyWeight');
    };
    const { sourceGrew } = await replicate(live, target);
    expect(sourceGrew).toBe(grew);
    if (!grew) await expectSame(live, target);
  }
});

it('tells how far it is, up to all of it', async () => {
  const seen: [number, number][] = [];
  const long = new MemoryStore();
  await replicate(source, long);
  const engine = new Engine(long, Date.now);
  const send = sender(engine, 'ONE-1');
  for (let i = 0; i < 600; i++) await send('RecordBodyWeight');
  await replicate(long, new MemoryStore(), { onProgress: (done, total) => seen.push([done, total]) });
  expect(seen.length).toBeGreaterThan(3);
  for (const [done, total] of seen) expect(done).toBeLessThanOrEqual(total);
  expect(seen.map(([done]) => done)).toEqual(seen.map(([done]) => done).sort((one, other) => one - other));
});
