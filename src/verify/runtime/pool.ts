import { existsSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { ChunkChecker, type Checked, type Chunk } from './chunk.js';
import { sha512OfFile } from './files.js';
import { SchemaSet, type Schemas } from '../checks/record.js';

/** Who checks chunks: whoever asks, threads, or both. */
export interface Checker {
  /** How many chunks it is worth handing over before the first comes back. */
  readonly width: number;
  check(chunk: Chunk): Promise<Checked>;
  /** SHA-512 of a file, hex. */
  sha512(path: string): Promise<string>;
  close(): Promise<void>;
}

export interface CheckerOptions {
  readonly schemas: Schemas;
  /** Beside the one that asks; where it is not said, so many that every core has something to do. */
  readonly threads?: number | undefined;
  /** False for a server, which has others to answer: then the threads do everything. */
  readonly joins?: boolean | undefined;
  /** The file that calls `serveChunks` when it is run as a worker. */
  readonly worker: URL;
}

const MARK = 'study-ledger verify';

export function openChecker(options: CheckerOptions): Checker {
  const { schemas, threads = availableParallelism() - 1, joins = true, worker } = options;
  // Sources that were not compiled have no file to start a thread from.
  if (threads === 0 || !existsSync(fileURLToPath(worker))) return new Here(schemas);
  if (!joins) return new Threads(schemas, threads, worker);
  return new Together(new Here(schemas), () => new Threads(schemas, threads, worker));
}

/** The one that asks. */
class Here implements Checker {
  readonly width = 1;
  private readonly checker: ChunkChecker;

  constructor(schemas: Schemas) {
    this.checker = new ChunkChecker(new SchemaSet(schemas));
  }

  async check(chunk: Chunk): Promise<Checked> {
    return this.checker.check(chunk);
  }

  async sha512(path: string): Promise<string> {
    return sha512OfFile(path);
  }

  async close(): Promise<void> {}
}

/** Below this much no thread is worth the time that it takes to start. */
const MUCH_BYTES = 8 << 20;
/** While threads start, whoever asks gets so far ahead of them. What is kept of a chunk that is checked is small. */
const AHEAD = 64;

/** The one that asks, and threads once there is much to do: it checks what they have no room for. */
class Together implements Checker {
  readonly width = AHEAD;
  private threads: Threads | undefined;
  private bytes = 0;

  constructor(
    private readonly here: Checker,
    private readonly start: () => Threads,
  ) {}

  check(chunk: Chunk): Promise<Checked> {
    const threads = this.threadsFor(chunk.bytes.length);
    return (threads?.hasRoom ? threads : this.here).check(chunk);
  }

  sha512(path: string): Promise<string> {
    return (this.threadsFor(statSync(path).size) ?? this.here).sha512(path);
  }

  async close(): Promise<void> {
    await this.threads?.close();
  }

  private threadsFor(bytes: number): Threads | undefined {
    this.bytes += bytes;
    return this.bytes < MUCH_BYTES ? undefined : (this.threads ??= this.start());
  }
}

/** What a worker does; nothing in the main thread. True where this thread is such a worker. */
export function serveChunks(): boolean {
  const data = workerData as { mark?: unknown; schemas?: Schemas } | null;
  if (isMainThread || data?.mark !== MARK) return false;
  const checker = new ChunkChecker(new SchemaSet(data.schemas!));
  parentPort!.on('message', (job: Chunk | string) => {
    if (typeof job === 'string') return parentPort!.postMessage(sha512OfFile(job), []);
    const checked = checker.check(job);
    parentPort!.postMessage(checked, [
      checked.ids.buffer as ArrayBuffer,
      checked.recordedMs.buffer as ArrayBuffer,
      checked.labSizes.buffer as ArrayBuffer,
    ]);
  });
  return true;
}

/** A chunk is a megabyte of records: a thread needs little more, and is not to keep what it could let go. */
const LIMITS = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 256 };

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Jobs that a thread holds: some are there when it has done one, also while the one that asks is busy. */
const FILL = 4;

/** Threads that take jobs in turn; each answers in the order in which it was asked. */
class Threads implements Checker {
  readonly width: number;
  private readonly threads: { worker: Worker; waiting: Waiting[] }[];
  private failed: Error | undefined;

  constructor(schemas: Schemas, threads: number, file: URL) {
    this.width = FILL * threads;
    this.threads = Array.from({ length: threads }, () => {
      const worker = new Worker(file, { workerData: { mark: MARK, schemas }, resourceLimits: LIMITS });
      const waiting: Waiting[] = [];
      worker.on('message', (answer: unknown) => waiting.shift()?.resolve(answer));
      worker.on('error', (error) => {
        this.failed = error;
        for (const { reject } of waiting.splice(0)) reject(error);
      });
      return { worker, waiting };
    });
  }

  get hasRoom(): boolean {
    return this.threads.some(({ waiting }) => waiting.length < FILL);
  }

  check(chunk: Chunk): Promise<Checked> {
    const { buffer, byteOffset } = chunk.bytes;
    // Moved, not copied, unless it is a part of Node’s own pool of small buffers.
    const isOwn = buffer instanceof ArrayBuffer && byteOffset === 0 && buffer.byteLength !== Buffer.poolSize;
    return this.ask<Checked>(chunk, isOwn ? [buffer] : []);
  }

  sha512(path: string): Promise<string> {
    return this.ask<string>(path, []);
  }

  async close(): Promise<void> {
    await Promise.all(this.threads.map(({ worker }) => worker.terminate()));
  }

  private ask<A>(job: Chunk | string, moved: ArrayBuffer[]): Promise<A> {
    return new Promise((resolve, reject) => {
      if (this.failed) return reject(this.failed);
      const least = this.threads.reduce((a, b) => (b.waiting.length < a.waiting.length ? b : a));
      least.waiting.push({ resolve: (answer) => resolve(answer as A), reject });
      least.worker.postMessage(job, moved);
    });
  }
}
