import { setTimeout as pause } from 'node:timers/promises';
import { KurrentDBClient } from '@kurrent/kurrentdb-client';
import type { KurrentDBAddress } from './address.js';
import { GivenUp, meaningOf, saidBy } from './kurrentdb-errors.js';
import { tuneChannel } from './tune-channel.js';
import { StoreError } from '../store-error.js';

/** How long is waited for what, in milliseconds. */
export interface Patience {
  /**
   * For one answer. Longer than 3 s: sent twice at once, an append is often answered once only, after so long. A killed
   * leader's appends are swallowed until this is over.
   */
  readonly attemptMs: number;
  /** For one append or read in all, with its repetitions: an election takes 6 to 13 s. */
  readonly giveUpMs: number;
  /** While a stream looks shorter than it was: a leader that was paused and resumed does so for up to 4 s. */
  readonly staleMs: number;
}

export const PATIENCE: Patience = { attemptMs: 5_000, giveUpMs: 25_000, staleMs: 10_000 };

/**
 * Appends that one client has under way at once. One connection would take them all; four were a tenth faster with 50
 * callers, and where one breaks fewer have to be sent again.
 */
const APPENDS_AT_ONCE = 16;

/** With more appends than that under way, another client object carries them, up to so many. */
const MOST_CLIENTS = 4;

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/** A client object, and how many still wait for an answer of it. */
interface Held {
  readonly client: KurrentDBClient;
  waiting: number;
  appending: number;
  retired: boolean;
}

/**
 * Owns the connection. The client finds the leader and follows it, but not out of every hole: after an answer that does
 * not come it goes on asking the sleeper. Then it is replaced, and whoever still waits for it is left in peace until
 * their own time is over. The first one reads; where it has its fill of appends, others beside it append too.
 */
export class KurrentDBConnection {
  readonly #held: Held[];
  #closed = false;
  readonly #idle: (() => void)[] = [];
  /** Whoever waits for a place among the appends under way, in order. */
  readonly #queue: (() => void)[] = [];

  constructor(
    private readonly address: KurrentDBAddress,
    readonly patience: Patience,
  ) {
    this.#held = [hold(address)];
  }

  /**
   * Makes attempts, one after another and never two at once, until one is answered. Whatever is asked must be the same
   * each time, and harmless when repeated.
   * @throws StoreError: a final one, or `outcome` when the time is over.
   */
  async patiently<T>(
    outcome: 'unknown-outcome' | 'unavailable',
    attempt: (client: KurrentDBClient) => Promise<T>,
  ): Promise<T> {
    const end = performance.now() + this.patience.giveUpMs;
    let isUnknown = false;
    for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(2 * wait, LONGEST_PAUSE_MS)) {
      if (this.#closed) throw closed();
      const held = outcome === 'unknown-outcome' ? await this.#place() : this.#held[0]!;
      try {
        return await this.#timed(held, attempt);
      } catch (error) {
        const meaning = meaningOf(error);
        if (meaning.kind === 'wrong-version') throw error;
        if (meaning.kind === 'final') {
          // Who may do what can change: that it is denied now says nothing of an attempt before.
          const isRefused = !isUnknown || meaning.error.code !== 'denied';
          throw isRefused ? meaning.error : gaveUp(outcome, this.address, error);
        }
        isUnknown = outcome === 'unknown-outcome';
        if (meaning.replace) this.#replace(held);
        if (performance.now() + wait > end) throw gaveUp(outcome, this.address, error);
        await pause(wait);
      } finally {
        if (outcome === 'unknown-outcome') this.#leave(held);
      }
    }
  }

  /** Waits for nobody: what is still under way ends by its own time. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const wake of this.#queue.splice(0)) wake();
    if (!this.#isIdle()) await new Promise<void>((resolve) => this.#idle.push(resolve));
    await Promise.all(this.#held.map(({ client }) => letGo(client)));
  }

  /** A place among the appends of a client of the moment; after a replacement, of the new one. */
  async #place(): Promise<Held> {
    for (;;) {
      const held = this.#withRoom();
      if (held) {
        held.appending++;
        return held;
      }
      await new Promise<void>((resolve) => this.#queue.push(resolve));
    }
  }

  #withRoom(): Held | undefined {
    if (this.#closed) return this.#held[0];
    const held = this.#held.find(({ appending }) => appending < APPENDS_AT_ONCE);
    if (held || this.#held.length === MOST_CLIENTS) return held;
    const another = hold(this.address);
    this.#held.push(another);
    return another;
  }

  #isIdle(): boolean {
    return this.#held.every(({ waiting }) => waiting === 0);
  }

  #leave(held: Held): void {
    held.appending--;
    this.#queue.shift()?.();
  }

  async #timed<T>(held: Held, attempt: (client: KurrentDBClient) => Promise<T>): Promise<T> {
    const { attemptMs } = this.patience;
    let timer: NodeJS.Timeout | undefined;
    held.waiting++;
    try {
      const answer = attempt(held.client);
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new GivenUp(`no answer within ${attemptMs} ms`)), attemptMs);
      });
      return await Promise.race([answer, late]);
    } finally {
      clearTimeout(timer);
      this.#answered(held);
    }
  }

  #answered(held: Held): void {
    held.waiting--;
    if (held.waiting > 0) return;
    if (held.retired) void letGo(held.client);
    else if (this.#closed && this.#isIdle()) for (const resolve of this.#idle.splice(0)) resolve();
  }

  #replace(held: Held): void {
    const index = this.#held.indexOf(held);
    if (index < 0 || this.#closed) return;
    this.#held[index] = hold(this.address);
    held.retired = true;
    if (held.waiting === 0) void letGo(held.client);
    for (const wake of this.#queue.splice(0)) wake();
  }
}

/**
 * How long a node is waited for when it is asked who leads: one that sleeps would otherwise be asked for the client's 5 s,
 * as long as a whole attempt, and a new client object may well ask it first.
 */
const GOSSIP_SECONDS = 2;

function hold({ connectionString }: KurrentDBAddress): Held {
  const client = KurrentDBClient.connectionString(`${connectionString}&gossipTimeout=${GOSSIP_SECONDS}`);
  // Where no leader is found, whoever asked is told. What failed on an older channel is then told a second time, by a
  // promise that nobody has: it would end the process.
  const handleError = client['handleError'];
  client['handleError'] = (grpc, error) => handleError(grpc, error).catch(() => undefined);
  const createChannel = client['createChannel'];
  client['createChannel'] = async () => tuneChannel(await createChannel());
  return { client, waiting: 0, appending: 0, retired: false };
}

const LET_GO_MS = 1_000;

/** The client has no way to close its channel, which would go on trying to connect. */
async function letGo(client: KurrentDBClient): Promise<void> {
  const timeOut = new AbortController();
  const gone = client.dispose().then(async () => (await client['getChannel']()).close());
  await Promise.race([
    gone.catch(() => undefined),
    pause(LET_GO_MS, undefined, { signal: timeOut.signal, ref: false }).catch(() => undefined),
  ]);
  timeOut.abort();
}

export function closed(): StoreError {
  return new StoreError('closed', 'This store was closed; open it again.');
}

function gaveUp(
  code: 'unknown-outcome' | 'unavailable',
  { shown }: KurrentDBAddress,
  cause: unknown,
): StoreError {
  const sentence =
    code === 'unavailable'
      ? `KurrentDB at ${shown} does not answer.`
      : `Whether this append was written is not known: KurrentDB at ${shown} did not answer. Repeat exactly this append.`;
  return new StoreError(code, `${sentence} (Last: ${saidBy(cause)})`, { cause });
}
