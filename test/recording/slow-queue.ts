import { setImmediate } from 'node:timers/promises';
import { OpenStream, type Receipt, type StreamKind } from '../../src/recording/open-stream.js';
import { SealedRecord, type Sealed } from '../../src/recording/seal.js';
import { sha256 } from '../../src/shared/sha256.js';
import type { Proposal } from '../../src/recording/write-plan.js';
import { WriteQueue } from '../../src/recording/write-queue.js';
import { leafHash } from '../../src/tlog/merkle.js';
import type { NewRecord } from '../../src/store/event-store.js';
import { MemoryStore } from '../../src/store/memory.store.js';
import type { RecordAttributes } from '../../src/study/record.js';
import { Refusal, refuse } from '../../src/study/refusal.js';

/** A stream of names, each of which may be taken once: what is refused rests on what was recorded before. */
export type Names = readonly string[];
export interface Taken extends RecordAttributes {
  readonly name: string;
}

export const NAMES: StreamKind<Names, Taken> = {
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

export function taking(name: string, commandId = name): Proposal<Names, Taken> {
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

export interface Asked {
  readonly from: number;
  readonly names: string[];
  readonly write: () => Promise<void>;
  readonly fail: (error: Error) => void;
}

/** A store that makes each append when the test tells it to. */
export class SlowStore extends MemoryStore {
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

export type Answer = Receipt | Refusal | Error;

export function setUp(store = new SlowStore()) {
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
    for (let turn = 0; turn < 20; turn++) await setImmediate();
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
