import { setTimeout as pause } from 'node:timers/promises';
import { KurrentDBClient } from '@kurrent/kurrentdb-client';
import type { KurrentDBAddress } from './address.js';
import { findCertificateError } from './certificate.js';
import { TimedOut, classifyError, describeError } from './kurrentdb-errors.js';
import { tuneChannel } from './tune-channel.js';
import { StoreError } from '../store-error.js';

/** Time limits, in milliseconds. */
export interface Patience {
  /**
   * For one attempt. Longer than 3 s, because of two attempts under way at once the server often answers only one, after
   * 3 s. Appends to a leader that was killed are not answered until this has passed.
   */
  readonly attemptMs: number;
  /** For one append or read with all its attempts. An election takes 6 to 13 s. */
  readonly giveUpMs: number;
  /** While a stream looks shorter than before: a leader that was paused and resumed shows old states for up to 4 s. */
  readonly staleMs: number;
}

export const PATIENCE: Patience = { attemptMs: 5_000, giveUpMs: 25_000, staleMs: 10_000 };

/**
 * Appends that one client has under way at once. One connection could carry all of them; four were a tenth faster with
 * 50 callers, and fewer appends are repeated when one breaks.
 */
const APPENDS_AT_ONCE = 16;

/** More appends than that are spread over further client objects, up to so many in all. */
const MOST_CLIENTS = 4;

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/** A client object and its use. */
interface PooledClient {
  readonly client: KurrentDBClient;
  /** Attempts under way, reads and appends. */
  attempts: number;
  appends: number;
  /** Replaced by another one: to be disposed of after its last attempt. */
  retired: boolean;
}

/**
 * Owns the client objects. A client finds the leader and follows it, but after an answer that does not come it keeps
 * asking the same node. It is then replaced; attempts that still wait for it end by their own time. The first client
 * serves reads and appends, the others appends beyond what the first can take.
 */
export class KurrentDBConnection {
  readonly #pool: PooledClient[];
  #closed = false;
  /** Whether any attempt was ever answered. */
  #hasAnswered = false;
  readonly #whenIdle: (() => void)[] = [];
  /** Appends that wait for a free client, in order. */
  readonly #queue: (() => void)[] = [];

  constructor(
    private readonly address: KurrentDBAddress,
    readonly patience: Patience,
  ) {
    this.#pool = [createClient(address)];
  }

  /**
   * Repeats an attempt until it is answered, never two at once. It must ask for the same thing each time, and be harmless
   * when repeated.
   * @param outcome the code of the error when the time is over; `unknown-outcome` marks an append.
   * @throws StoreError: a final one, or `outcome`.
   */
  async retry<T>(
    outcome: 'unknown-outcome' | 'unavailable',
    attempt: (client: KurrentDBClient) => Promise<T>,
  ): Promise<T> {
    const isAppend = outcome === 'unknown-outcome';
    const end = performance.now() + this.patience.giveUpMs;
    let mayBeWritten = false;
    for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(2 * wait, LONGEST_PAUSE_MS)) {
      if (this.#closed) throw closedError();
      const pooled = isAppend ? await this.#acquire() : this.#pool[0]!;
      try {
        const answer = await this.#runWithTimeout(pooled, attempt);
        this.#hasAnswered = true;
        return answer;
      } catch (error) {
        const found = classifyError(error);
        if (found.kind !== 'unknown') this.#hasAnswered = true;
        // Nothing was written where no node was ever reached, so this is final.
        else if (!this.#hasAnswered) await this.#checkCertificates();
        if (found.kind === 'wrong-version') throw error;
        if (found.kind === 'final') {
          // Rights can change between two attempts: a denial now does not mean that an earlier attempt was not written.
          const wasRefused = !mayBeWritten || found.error.code !== 'denied';
          throw wasRefused ? found.error : gaveUpError(outcome, this.address, error);
        }
        mayBeWritten = isAppend;
        if (found.replace) this.#replace(pooled);
        if (performance.now() + wait > end) throw gaveUpError(outcome, this.address, error);
        await pause(wait);
      } finally {
        if (isAppend) this.#release(pooled);
      }
    }
  }

  /** Waits until the attempts under way have ended, each by its own time limit at the latest. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#wakeQueue();
    if (!this.#isIdle()) await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
    await Promise.all(this.#pool.map(({ client }) => disposeClient(client)));
  }

  /** @throws StoreError `address` */
  async #checkCertificates(): Promise<void> {
    const error = await findCertificateError(this.address);
    if (error) throw error;
  }

  /** A client with room for one more append, once there is one. */
  async #acquire(): Promise<PooledClient> {
    for (;;) {
      const pooled = this.#findFree();
      if (pooled) {
        pooled.appends++;
        return pooled;
      }
      await new Promise<void>((resolve) => this.#queue.push(resolve));
    }
  }

  #findFree(): PooledClient | undefined {
    if (this.#closed) return this.#pool[0];
    const free = this.#pool.find(({ appends }) => appends < APPENDS_AT_ONCE);
    if (free || this.#pool.length === MOST_CLIENTS) return free;
    const another = createClient(this.address);
    this.#pool.push(another);
    return another;
  }

  #release(pooled: PooledClient): void {
    pooled.appends--;
    this.#queue.shift()?.();
  }

  #wakeQueue(): void {
    for (const wake of this.#queue.splice(0)) wake();
  }

  #isIdle(): boolean {
    return this.#pool.every(({ attempts }) => attempts === 0);
  }

  async #runWithTimeout<T>(
    pooled: PooledClient,
    attempt: (client: KurrentDBClient) => Promise<T>,
  ): Promise<T> {
    const { attemptMs } = this.patience;
    let timer: NodeJS.Timeout | undefined;
    pooled.attempts++;
    try {
      const answer = attempt(pooled.client);
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new TimedOut(`no answer within ${attemptMs} ms`)), attemptMs);
      });
      return await Promise.race([answer, late]);
    } finally {
      clearTimeout(timer);
      this.#endAttempt(pooled);
    }
  }

  #endAttempt(pooled: PooledClient): void {
    pooled.attempts--;
    if (pooled.attempts > 0) return;
    if (pooled.retired) void disposeClient(pooled.client);
    else if (this.#closed && this.#isIdle()) for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  #replace(pooled: PooledClient): void {
    const index = this.#pool.indexOf(pooled);
    if (index < 0 || this.#closed) return;
    this.#pool[index] = createClient(this.address);
    pooled.retired = true;
    if (pooled.attempts === 0) void disposeClient(pooled.client);
    this.#wakeQueue();
  }
}

export async function withConnection<T>(
  address: KurrentDBAddress,
  use: (connection: KurrentDBConnection) => Promise<T>,
): Promise<T> {
  const connection = new KurrentDBConnection(address, PATIENCE);
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}

/**
 * How long a node may take to say who leads. The client's default is 5 s, a whole attempt, and a new client object may ask
 * a node first that does not answer.
 */
const GOSSIP_SECONDS = 2;

function createClient({ connectionString }: KurrentDBAddress): PooledClient {
  const client = KurrentDBClient.connectionString(`${connectionString}&gossipTimeout=${GOSSIP_SECONDS}`);
  // When no leader is found, the attempt fails. An error on an older channel is then reported a second time, by a promise
  // that nobody awaits: unhandled, it would end the process.
  const handleError = client['handleError'];
  client['handleError'] = (grpc, error) => handleError(grpc, error).catch(() => undefined);
  const createChannel = client['createChannel'];
  client['createChannel'] = async () => tuneChannel(await createChannel());
  return { client, attempts: 0, appends: 0, retired: false };
}

const DISPOSE_MS = 1_000;

/** Closes the channel too: the client has no call for that, and an open channel would go on connecting. */
async function disposeClient(client: KurrentDBClient): Promise<void> {
  const timeOut = new AbortController();
  const disposed = client.dispose().then(async () => (await client['getChannel']()).close());
  await Promise.race([
    disposed.catch(() => undefined),
    pause(DISPOSE_MS, undefined, { signal: timeOut.signal, ref: false }).catch(() => undefined),
  ]);
  timeOut.abort();
}

export function closedError(): StoreError {
  return new StoreError('closed', 'This store was closed. Open it again.');
}

function gaveUpError(
  code: 'unknown-outcome' | 'unavailable',
  { shown }: KurrentDBAddress,
  cause: unknown,
): StoreError {
  const sentence =
    code === 'unavailable'
      ? `KurrentDB at ${shown} does not answer.`
      : `KurrentDB at ${shown} did not answer: this append may or may not be written. Repeat exactly this append.`;
  return new StoreError(code, `${sentence} (Last: ${describeError(cause)})`, { cause });
}
