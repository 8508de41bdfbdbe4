import fc from 'fast-check';
import { v4 } from 'uuid';
import { Engine } from '../../src/recording/engine.js';
import { readKurrentDBAddress } from '../../src/store/kurrentdb/address.js';
import { KurrentDBStore } from '../../src/store/kurrentdb/kurrentdb.store.js';
import { isStoreError } from '../../src/store/store-error.js';
import { Refusal } from '../../src/study/refusal.js';
import { KurrentDBDouble, type Fault } from '../store/kurrentdb/server-double.js';
import { FIRST, judge, type Reads, type Sent } from './kurrentdb-judge.js';
import { START, sender, type Send } from './test-ledger.js';
import { runs } from '../support/effort.js';

/**
 * Two processes on one cluster that loses, delays and falsifies answers, while processes crash and commands are sent
 * twice. Whatever happens, what is recorded is a history that one correct ledger could have made, and every answer fits it.
 * (Through the real client, against the double: it shows our side, not a server's.)
 */
const STREAM = 'study-NP-001';
const OTHERS = Array.from({ length: 6 }, (_, i) => `R0${i + 2}`);
const PATIENCE = { attemptMs: 250, giveUpMs: 1_200, staleMs: 1_200 };
/** So many clients of a world send their command until they hear an answer. */
const INSISTENT = 6;
/** So long no append is answered once in a world: longer than anybody is patient. */
const DARK_MS = 1_600;
const STEPS = 40;
const ALLOWED = ['unknown-outcome', 'unavailable'];

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
  private darkUntil = 0;

  constructor(
    readonly double: KurrentDBDouble,
    private readonly random: () => number,
    private readonly reads: Reads,
  ) {
    this.running = [this.started(), this.started()];
  }

  async begin(): Promise<void> {
    const [one, other] = this.running as [Process, Process];
    for (const { engine } of [one, other])
      await surely(() => engine.initialise('lab.example', true, '00000000-0000-4000-8000-000000000001'));
    for (const name of ['RegisterStudy', 'ApproveProtocol', 'EnrolSubject']) {
      const id = v4();
      await surely(() => one.send(name, {}, id));
    }
    this.double.faults = { append: () => this.appendFault(), read: () => this.readFault() };
  }

  async run(): Promise<void> {
    for (let step = 0; step < STEPS; step++) {
      if (step % Math.ceil(STEPS / INSISTENT) === 0) this.underWay.push(this.insist());
      await (step === STEPS / 2 ? this.dark() : this.step());
    }
  }

  private async step(): Promise<void> {
    const dice = this.random();
    if (dice < 0.05) this.crash();
    else if (dice < 0.15) this.elsewhere();
    else if (dice < 0.2) this.underWay.push(this.pick(this.running).looked());
    else if (dice < 0.4 && this.sent.length > 0) this.again(this.pick(this.sent));
    else this.command();
    if (this.random() < 0.4) await Promise.race([Promise.all(this.underWay), this.short()]);
  }

  /** Nobody gets an answer to an append, for longer than anybody waits. */
  private async dark(): Promise<void> {
    this.darkUntil = performance.now() + DARK_MS;
    for (let sent = 0; sent < 4; sent++) this.command();
    this.elsewhere();
    await new Promise((resolve) => setTimeout(resolve, DARK_MS));
  }

  /** Nothing misbehaves any more; whoever still waits gets an answer. */
  async end(): Promise<void> {
    this.double.faults = {};
    await Promise.all(this.underWay);
    await Promise.all(this.everybody.map(({ store }) => store.close()));
  }

  private command(): void {
    const subject = this.pick([FIRST, FIRST, ...OTHERS]);
    const name = this.pick(['RecordBodyWeight', 'RecordBodyWeight', 'EnrolSubject']);
    void this.transmit({ id: v4(), name, subject });
  }

  /** An animal is enrolled at one process and, once that is answered, weighed at another, which looked meanwhile. */
  private elsewhere(): void {
    const subject = this.pick(OTHERS);
    const [at, other] = this.running as [Process, Process];
    this.underWay.push(other.looked());
    const enrolled = this.transmit({ id: v4(), name: 'EnrolSubject', subject }, at);
    this.underWay.push(
      enrolled.then(() => this.transmit({ id: v4(), name: 'RecordBodyWeight', subject }, other)),
    );
  }

  /** The same command once more, perhaps while it is under way, to whichever process. */
  private again({ id, name, subject }: Sent): void {
    void this.transmit({ id, name, subject });
    if (this.random() < 0.3) void this.transmit({ id, name, subject });
  }

  /** A client that is told nothing sends the same command again, to whichever process. */
  private async insist(): Promise<void> {
    const command = { id: v4(), name: 'RecordBodyWeight', subject: FIRST };
    const first = this.sent.length;
    const answered = (): boolean =>
      this.sent.slice(first).some(({ id, answer }) => id === command.id && answer !== 'unknown');
    for (let tries = 0; tries < 20 && !answered(); tries++) await this.transmit(command);
    expect(answered()).toBe(true);
  }

  private transmit(
    command: Pick<Sent, 'id' | 'name' | 'subject'>,
    process = this.pick(this.running),
  ): Promise<void> {
    const sent: Sent = { ...command, begun: this.ticks++, ended: Infinity, answer: 'unknown' };
    this.sent.push(sent);
    const answered = process.send(command.name, { subject: command.subject }, command.id).then(
      (answer) => {
        // Nobody hears what a crashed process says.
        if (process.crashed) return;
        if (!(answer instanceof Refusal))
          expect(this.double.stream(STREAM).events.length).toBeGreaterThanOrEqual(answer.treeSize);
        sent.answer = answer;
        sent.ended = this.ticks++;
        if (!(answer instanceof Refusal)) process.treeSize = Math.max(process.treeSize, answer.treeSize);
      },
      (error: unknown) => {
        if (!isStoreError(error) || !ALLOWED.includes(error.code)) throw error;
      },
    );
    this.underWay.push(answered);
    return answered;
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
    if (performance.now() < this.darkUntil) return { kind: 'silence', after: this.random() < 0.3 };
    const after = this.random() < 0.5;
    return this.oneOf(0.3, [
      { kind: 'silence', after },
      { kind: 'late', ms: 400 * this.random() },
      { kind: 'delay', ms: 400 * this.random() },
      { kind: 'error', code: this.pick([1, 4, 8, 10, 13, 14]), details: 'x', after },
      { kind: 'false-conflict', actual: Math.floor(20 * this.random()) - 1 },
      { kind: 'false-conflict' },
      { kind: 'false-conflict' },
      { kind: 'cut', after },
    ]);
  }

  private readFault(): Fault | undefined {
    const delay: Fault = { kind: 'delay', ms: 100 * this.random() };
    return this.oneOf(0.25, [
      { kind: 'silence', after: false },
      delay,
      delay,
      delay,
      { kind: 'error', code: 14, details: 'x', after: false },
      { kind: 'short' },
      ...(this.reads === 'stale' ? [{ kind: 'stale', by: 1 + Math.floor(3 * this.random()) } as const] : []),
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

/** A busy machine may be slower than these processes are patient, before anything is meant to go wrong. */
async function surely(work: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; ; tries++)
    try {
      await work();
      return;
    } catch (error) {
      if (tries === 20 || !isStoreError(error) || !ALLOWED.includes(error.code)) throw error;
    }
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
  await fc.assert(
    fc.asyncProperty(
      fc.integer(),
      fc.constantFrom<Reads>('faithful', 'faithful', 'stale'),
      async (seed, reads) => {
        const double = await KurrentDBDouble.start();
        const world = new World(double, randomFrom(seed), reads);
        await world.begin();
        await world.run();
        await world.end();
        judge(
          world.sent,
          double.stream(STREAM).events.map(({ data }) => data.toString()),
          reads,
        );
        // A world in which nobody is ever answered would pass, too.
        const answered = world.sent.filter(({ answer }) => answer !== 'unknown').length;
        expect(answered).toBeGreaterThanOrEqual(INSISTENT);
        double.stop();
      },
    ),
    { ...runs(24, 2), endOnFailure: true },
  );
});
