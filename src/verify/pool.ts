import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { ChunkChecker, type Checked, type Chunk } from './chunk.js';
import { sha512OfFile } from './files.js';
import { SchemaSet, type Schemas } from './record.js';

/** Who checks chunks: threads of their own, or whoever asks. */
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
  /** 0: no thread but this one. */
  readonly threads: number;
  /** The file that calls `serveChunks` when it is run as a worker. */
  readonly worker: URL;
}

const MARK = 'study-ledger verify';

export function openChecker({ schemas, threads, worker }: CheckerOptions): Checker {
  // Sources that were not compiled have no file to start a thread from.
  if (threads > 0 && existsSync(fileURLToPath(worker))) return new Pool(schemas, threads, worker);
  const checker = new ChunkChecker(new SchemaSet(schemas));
  return {
    width: 1,
    check: async (chunk) => checker.check(chunk),
    sha512: async (path) => sha512OfFile(path),
    close: async () => undefined,
  };
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

/** Threads that take jobs in turn; each answers in the order in which it was asked. */
class Pool implements Checker {
  readonly width: number;
  private readonly threads: { worker: Worker; waiting: Waiting[] }[];
  private failed: Error | undefined;

  constructor(schemas: Schemas, threads: number, file: URL) {
    this.width = 2 * threads;
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
