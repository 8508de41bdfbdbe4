import fc from 'fast-check';
import { setImmediate } from 'node:timers/promises';
import { OpenStream, type Receipt, type StreamKind } from '../../src/recording/open-stream.js';
import { SealedRecord, type Sealed } from '../../src/recording/seal.js';
import { sha256 } from '../../src/shared/sha256.js';
import type { Proposal } from '../../src/recording/write-plan.js';
import { WriteQueue } from '../../src/recording/write-queue.js';
import { leafHash } from '../../src/tlog/merkle.js';
import type { NewRecord } from '../../src/store/event-store.js';
import { MemoryStore } from '../../src/store/memory.store.js';
import { StoreError } from '../../src/store/store-error.js';
import type { RecordAttributes } from '../../src/study/record.js';
import { Refusal, refuse } from '../../src/study/refusal.js';
import { runs } from '../support/effort.js';

/** A stream of names, each of which may be taken once: what is refused rests on what was recorded before. */
type Names = readonly string[];
interface Taken extends RecordAttributes {
  readonly name: string;
}

const NAMES: StreamKind<Names, Taken> = {
  stream: 'names',
  empty: [],
  fold: (names, records) => [...names, ...records.map(({ record }) => record.name)],
  draftOf: (names) => [...names],
  extend(draft, records) {
    (draft as string[]).push(...records.map(({ record }) => record.name));
    return draft;
  },
  parse: (text) => JSON.parse(text) as Taken,
};

function taking(name: string, commandId = name): Proposal<Names, Taken> {
  return {
    command: 'TakeName',
    commandId,
    study: 'names',
    decide: (names, size) =>
      names.includes(name) ? refuse('study-exists', name) : [sealed(name, commandId, size)],
    isSame: (names, first) => (names[first] === name ? undefined : refuse('command-id-reused', commandId)),
  };
}

function sealed(name: string, commandid: string, number: number): Sealed<Taken> {
  const record = { name, commandid } as Taken;
  const text = JSON.stringify(record);
  const leaf = leafHash(sha256, text);
  return { text, leaf, parsed: new SealedRecord(number, leaf, record) };
}

interface Asked {
  readonly from: number;
  readonly names: string[];
  readonly write: () => Promise<void>;
  readonly fail: (error: Error) => void;
}

/** A store that makes each append when the test tells it to. */
class SlowStore extends MemoryStore {
  readonly asked: Asked[] = [];

  override append(stream: string, from: number, records: readonly NewRecord[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.asked.push({
        from,
        names: records.map(({ text }) => (JSON.parse(text) as Taken).name),
        write: () => super.append(stream, from, records).then(resolve, reject),
        fail: reject,
      });
    });
  }

  /** What another process appends, past this one. */
  async others(...names: string[]): Promise<void> {
    const from = await this.size('names');
    await super.append(
      'names',
      from,
      names.map((name, i) => sealed(name, name, from + i)),
    );
  }

  async names(): Promise<string[]> {
    const names: string[] = [];
    for await (const page of this.read('names'))
      names.push(...page.map(({ text }) => NAMES.parse(text).name));
    return names;
  }
}

type Answer = Receipt | Refusal | Error;

function setUp(store = new SlowStore()) {
  const open = new OpenStream(NAMES, store);
  const queue = new WriteQueue(open, store);
  const answers = new Map<string, Answer>();
  const crowd = (label: string): string[] => Array.from({ length: 8 }, (_, i) => `${label}${i}`);
  const send = (names: string[], idOf = (name: string) => name): void => {
    for (const name of names) {
      const id = idOf(name);
      void queue.submit(taking(name, id)).then(
        (answer) => answers.set(id, answer),
        (error: Error) => answers.set(id, error),
      );
    }
  };
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn++) await setImmediate();
  };
  const kindsOf = (names: string[]): string[] =>
    names.map((name) => {
      const answer = answers.get(name);
      if (answer instanceof Refusal) return answer.code;
      if (answer instanceof Error) return 'failed';
      return answer ? `#${answer.records[0]!.number}` : 'waits';
    });
  return { store, open, queue, answers, crowd, send, settle, kindsOf };
}

describe('commands that come while others are being written', () => {
  it('wait, are decided on what was recorded before them, and share one append', async () => {
    const { store, crowd, send, settle, kindsOf } = setUp();
    send(crowd('a'));
    await settle();
    send(['a0', 'b0', 'b1'], (name) => `second ${name}`);
    await settle();
    expect(store.asked.map(({ from, names }) => [from, names.length])).toEqual([[0, 8]]);
    expect(kindsOf(['a0', 'second a0', 'second b0'])).toEqual(['waits', 'waits', 'waits']);
    await store.asked[0]!.write();
    await settle();
    expect(store.asked.slice(1).map(({ from, names }) => [from, names])).toEqual([[8, ['b0', 'b1']]]);
    expect(kindsOf(['a0', 'second a0', 'second b0'])).toEqual(['#0', 'waits', 'waits']);
    await store.asked[1]!.write();
    await settle();
    expect(kindsOf(['second a0', 'second b0', 'second b1'])).toEqual(['study-exists', '#8', '#9']);
    expect(await store.names()).toEqual([...crowd('a'), 'b0', 'b1']);
  });

  it('and repeat one of those get its receipt; with other content they are refused', async () => {
    const { store, crowd, send, settle, answers } = setUp();
    send(crowd('a'));
    await settle();
    send(['a3']);
    send(['x'], () => 'a4');
    await settle();
    await store.asked[0]!.write();
    await settle();
    expect(answers.get('a3')).toMatchObject({ treeSize: 4 });
    expect(answers.get('a4')).toMatchObject({ code: 'command-id-reused' });
    expect(store.asked).toHaveLength(1);
  });

  it('are decided without the records of an append that failed', async () => {
    const { store, crowd, send, settle, kindsOf } = setUp();
    send(crowd('a'));
    send(['a0'], () => 'refused beside');
    await settle();
    send(['a0', 'b'], (name) => `second ${name}`);
    await settle();
    store.asked[0]!.fail(new StoreError('full', 'no space'));
    await settle();
    expect(kindsOf(['a0', 'a7', 'refused beside'])).toEqual(['failed', 'failed', 'failed']);
    await store.asked[1]!.write();
    await settle();
    expect(kindsOf(['second a0', 'second b'])).toEqual(['#0', '#1']);
  });

  it('are decided again where another process was first', async () => {
    const { store, crowd, send, settle, kindsOf } = setUp();
    await store.others(...crowd('a'));
    send([...crowd('b')]);
    send(['a0'], (name) => `second ${name}`);
    await settle();
    await store.asked[0]!.write();
    await settle();
    expect(store.asked.slice(1).map(({ from, names }) => [from, names.length])).toEqual([[8, 8]]);
    await store.asked[1]!.write();
    await settle();
    expect(kindsOf(['b0', 'b7', 'second a0'])).toEqual(['#8', '#15', 'study-exists']);
    expect(await store.names()).toEqual([...crowd('a'), ...crowd('b')]);
  });

  it('whatever fails and whoever else records: every yes is there once, in order, and no is true', async () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ send: fc.array(fc.nat(40), { minLength: 1, maxLength: 20 }) }) },
      { weight: 4, arbitrary: fc.constant('write' as const) },
      { weight: 1, arbitrary: fc.constant('fail' as const) },
      { weight: 1, arbitrary: fc.record({ others: fc.nat(40) }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { store, open, queue, answers, send, settle } = setUp();
        const pending: Asked[] = [];
        let sent = 0;
        const arrive = (): void => void pending.push(...store.asked.splice(0));
        for (const each of steps) {
          if (each === 'write') await pending.shift()?.write();
          else if (each === 'fail') pending.shift()?.fail(new StoreError('unavailable', 'away'));
          else if ('others' in each) await store.others(`other ${each.others}`).catch(() => undefined);
          else
            send(
              each.send.map((n) => `n${n}`),
              (name) => `${name} as ${sent++}`,
            );
          await settle();
          arrive();
        }
        for (; pending.length > 0; arrive()) await pending.shift()!.write().then(settle);
        const names = await store.names();
        expect(queue.idle).toBe(true);
        expect(answers.size).toBe(sent);
        for (const [id, answer] of answers) {
          const name = id.split(' as ')[0]!;
          if (answer instanceof Refusal) expect(names).toContain(name);
          else if (!(answer instanceof Error)) expect(names[answer.records[0]!.number]).toBe(name);
        }
        const own = names.filter((name) => !name.startsWith('other'));
        expect(new Set(own).size).toBe(own.length);
        await open.catchUp();
        expect(open.state).toEqual(names);
      }),
      runs(300),
    );
  });
});
