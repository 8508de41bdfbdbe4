import fc from 'fast-check';
import { v4 } from 'uuid';
import { Engine } from '../../src/engine/engine.js';
import type { Receipt } from '../../src/engine/open-stream.js';
import { sha256 } from '../../src/engine/sha256.js';
import { hashToBase64 } from '../../src/ledger/encoding.js';
import { leafHash } from '../../src/ledger/merkle.js';
import { MerkleTree } from '../../src/ledger/tree.js';
import { readKurrentDBAddress } from '../../src/store/kurrentdb-address.js';
import { KurrentDBStore } from '../../src/store/kurrentdb.store.js';
import { isStoreError } from '../../src/store/store-error.js';
import { Refusal } from '../../src/study/refusal.js';
import { KurrentDBDouble, type Fault } from '../store/kurrentdb-double.js';
import { START, sender, type Send } from './ledger.js';

/**
 * Two processes on one cluster that loses, delays and falsifies answers, while processes crash and commands are sent
 * twice. Whatever happens, what is recorded is a history that one correct ledger could have made, and every answer fits it.
 * (Through the real client, against the double: it shows our side, not a server's.)
 */
const STREAM = 'study-NP-001';
const PATIENCE = { attemptMs: 250, giveUpMs: 2_500, staleMs: 1_500 };
const ALLOWED = ['unknown-outcome', 'unavailable'];

interface Sent {
  readonly id: string;
  readonly name: string;
  readonly subject: string;
  /** Ticks of one counter, so that "answered before the other was sent" can be told. */
  readonly begun: number;
  ended: number;
  answer: Receipt | Refusal | 'unknown';
}

class Process {
  readonly store: KurrentDBStore;
  readonly engine: Engine;
  readonly send: Send;
  crashed = false;
  treeSize = 0;

  constructor(double: KurrentDBDouble) {
    this.store = new KurrentDBStore(readKurrentDBAddress(double.url), PATIENCE);
    this.engine = new Engine(this.store, () => START);
    this.send = sender(this.engine);
  }

  async looked(): Promise<void> {
    try {
      const { size } = await this.engine.study('NP-001');
      expect(size).toBeGreaterThanOrEqual(this.treeSize);
      this.treeSize = size;
    } catch (error) {
      if (!isStoreError(error) || !ALLOWED.includes(error.code)) throw error;
    }
  }
}

class World {
  readonly sent: Sent[] = [];
  private readonly everybody: Process[] = [];
  private readonly running: Process[];
  private readonly underWay: Promise<void>[] = [];
  private ticks = 0;

  constructor(
    readonly double: KurrentDBDouble,
    private readonly random: () => number,
  ) {
    this.running = [this.started(), this.started()];
  }

  async begin(): Promise<void> {
    const [one, other] = this.running as [Process, Process];
    await one.engine.initialise('lab.example', true, '00000000-0000-4000-8000-000000000001');
    await other.engine.initialise('lab.example', true, '00000000-0000-4000-8000-000000000001');
    for (const name of ['RegisterStudy', 'ApproveProtocol', 'EnrolSubject']) await one.send(name);
    this.double.faults = { append: () => this.appendFault(), read: () => this.readFault() };
  }

  async step(): Promise<void> {
    const dice = this.random();
    if (dice < 0.05) this.crash();
    else if (dice < 0.2) this.underWay.push(this.pick(this.running).looked());
    else if (dice < 0.4 && this.sent.length > 0) this.again(this.pick(this.sent));
    else this.command();
    if (this.random() < 0.4) await Promise.race([Promise.all(this.underWay), this.short()]);
  }

  /** Nothing misbehaves any more; whoever still waits gets an answer. */
  async end(): Promise<void> {
    this.double.faults = {};
    await Promise.all(this.underWay);
    await Promise.all(this.everybody.map(({ store }) => store.close()));
  }

  private command(): void {
    const subject = this.pick(['R01', 'R01', 'R02', 'R03']);
    const name = this.pick(['RecordBodyWeight', 'RecordBodyWeight', 'EnrolSubject']);
    this.transmit({ id: v4(), name, subject });
  }

  /** The same command once more, perhaps while it is under way, to whichever process. */
  private again({ id, name, subject }: Sent): void {
    this.transmit({ id, name, subject });
    if (this.random() < 0.3) this.transmit({ id, name, subject });
  }

  private transmit(command: Pick<Sent, 'id' | 'name' | 'subject'>): void {
    const process = this.pick(this.running);
    const sent: Sent = { ...command, begun: this.ticks++, ended: Infinity, answer: 'unknown' };
    this.sent.push(sent);
    this.underWay.push(
      process.send(command.name, { subject: command.subject }, command.id).then(
        (answer) => {
          // Nobody hears what a crashed process says.
          if (process.crashed) return;
          sent.answer = answer;
          sent.ended = this.ticks++;
          if (!(answer instanceof Refusal)) process.treeSize = Math.max(process.treeSize, answer.treeSize);
        },
        (error: unknown) => {
          if (!isStoreError(error) || !ALLOWED.includes(error.code)) throw error;
        },
      ),
    );
  }

  /** It is gone for its clients; what it had under way may still reach the server, as from a process that was paused. */
  private crash(): void {
    const gone = this.running.shift();
    if (gone) gone.crashed = true;
    this.running.push(this.started());
  }

  private started(): Process {
    const process = new Process(this.double);
    this.everybody.push(process);
    return process;
  }

  private appendFault(): Fault | undefined {
    const after = this.random() < 0.5;
    return this.oneOf(0.25, [
      { kind: 'silence', after },
      { kind: 'late', ms: 400 * this.random() },
      { kind: 'delay', ms: 400 * this.random() },
      { kind: 'error', code: this.pick([1, 4, 8, 10, 13, 14]), details: 'x', after },
      { kind: 'false-conflict', actual: Math.floor(20 * this.random()) - 1 },
      { kind: 'false-conflict' },
      { kind: 'cut', after },
    ]);
  }

  private readFault(): Fault | undefined {
    return this.oneOf(0.15, [
      { kind: 'silence', after: false },
      { kind: 'delay', ms: 100 * this.random() },
      { kind: 'error', code: 14, details: 'x', after: false },
      { kind: 'stale', by: 1 + Math.floor(3 * this.random()) },
      { kind: 'short' },
    ]);
  }

  private oneOf(probability: number, faults: Fault[]): Fault | undefined {
    return this.random() < probability ? this.pick(faults) : undefined;
  }

  private pick<T>(all: readonly T[]): T {
    return all[Math.floor(this.random() * all.length)] as T;
  }

  private short(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, 30 * this.random()));
  }
}

interface Stored {
  readonly commandid: string;
  readonly type: string;
  readonly subject?: string;
}

/** Holds every answer against what is recorded. */
function judge(sent: readonly Sent[], texts: readonly string[]): void {
  const records = texts.map((text) => JSON.parse(text) as Stored);
  const place = new Map<string, number>();
  const tree = new MerkleTree(sha256);
  const roots = texts.map((text) => {
    tree.append(leafHash(sha256, text));
    return hashToBase64(tree.root(tree.size));
  });
  for (const [number, { commandid }] of records.entries()) {
    expect(place.has(commandid)).toBe(false);
    place.set(commandid, number);
  }
  const enrolled = records.filter(({ type }) => type === 'SubjectEnrolled').map(({ subject }) => subject);
  expect(new Set(enrolled).size).toBe(enrolled.length);

  for (const { id, answer } of sent) {
    if (answer === 'unknown') continue;
    const number = place.get(id);
    if (answer instanceof Refusal) {
      const hope = sent.some((other) => other.id === id && !(other.answer instanceof Refusal));
      if (!hope) expect([answer.code, number]).toEqual([answer.code, undefined]);
    } else {
      const { records: mine, treeSize, root } = answer;
      expect([mine.map((record) => record.number), treeSize, root]).toEqual([
        [number],
        number! + 1,
        roots[number!],
      ]);
    }
  }
  // Answered before the other was first sent: recorded before it, too.
  const first = new Map<string, number>();
  for (const { id, begun } of sent) first.set(id, Math.min(begun, first.get(id) ?? Infinity));
  const answered = sent.filter(({ answer }) => answer !== 'unknown' && !(answer instanceof Refusal));
  for (const { id, ended } of answered)
    for (const [other, begun] of first)
      if (begun > ended && place.has(other)) expect(place.get(other)!).toBeGreaterThan(place.get(id)!);
}

/** mulberry32, so that a seed that failed can be run again. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

it('records one correct history, whatever two processes and their clients are told', async () => {
  let answered = 0;
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const double = await KurrentDBDouble.start();
      const world = new World(double, randomFrom(seed));
      await world.begin();
      for (let step = 0; step < 40; step++) await world.step();
      await world.end();
      judge(
        world.sent,
        double.stream(STREAM).events.map(({ data }) => data.toString()),
      );
      answered += world.sent.filter(({ answer }) => answer !== 'unknown').length;
      double.stop();
    }),
    { numRuns: Number(process.env['STUDY_LEDGER_MODEL_RUNS'] ?? 8), endOnFailure: true },
  );
  // A world in which nobody is ever answered would pass, too.
  expect(answered).toBeGreaterThan(40);
});
