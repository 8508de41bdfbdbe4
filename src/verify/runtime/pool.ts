import { existsSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { ChunkChecker, type Checked, type Chunk } from './chunk.js';
import { digestOfFile, type Algorithm } from './files.js';
import { SchemaSet, type Schemas } from '../checks/record.js';

export interface PoolOptions {
  readonly schemas: Schemas;
  /** Threads beside the calling one; by default so many that every core has work. */
  readonly threads?: number | undefined;
  /** Whether the calling thread checks too: not in a server, where it has requests to answer. True by default. */
  readonly joins?: boolean | undefined;
  /** The file that calls `serveChunks` when it runs as a worker; without one, everything is done on the calling thread. */
  readonly worker?: URL | undefined;
}

const MARK = 'study-ledger verify';

/** Below this many bytes of work, starting threads takes longer than they save. */
const MUCH_BYTES = 8 << 20;
/** Jobs given to one thread at a time: enough that it has a next one while the calling thread is busy. */
const FILL = 4;
/** How far the calling thread may run ahead while threads start. What is kept of a checked chunk is small. */
const AHEAD = 64;
/** A chunk is a megabyte of records, so a thread needs little memory. */
const LIMITS = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 256 };

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** To open and close a file takes about as long as to check so many bytes of records. */
const FILE_BYTES = 4096;
/** Many files are given out in so many jobs: a message for each would cost as much as to hash it. */
const FILE_JOBS = 64;

/** Files that are to be hashed. */
interface FileJob {
  readonly paths: readonly string[];
  readonly algorithm: Algorithm;
}

/** A thread, and who waits for its answers, in the order in which they were asked. */
interface Thread {
  readonly worker: Worker;
  readonly waiting: Waiting[];
}

/** Checks chunks and files: on the calling thread, and on others once there is much to do. */
export class CheckerPool {
  /** How many chunks to hand over before waiting for the first answer. */
  readonly width: number;
  private readonly own: ChunkChecker;
  private readonly threads: number;
  private readonly joins: boolean;
  private readonly started: Thread[] = [];
  private bytes = 0;
  private failed: Error | undefined;

  constructor(private readonly options: PoolOptions) {
    const { schemas, threads = availableParallelism() - 1, joins = true, worker } = options;
    this.own = new ChunkChecker(new SchemaSet(schemas));
    // TypeScript sources have no compiled file to start a thread from.
    this.threads = worker && existsSync(fileURLToPath(worker)) ? threads : 0;
    this.joins = joins || this.threads === 0;
    if (this.threads === 0) this.width = 1;
    else this.width = joins ? AHEAD : FILL * threads;
  }

  async check(chunk: Chunk): Promise<Checked> {
    const thread = this.threadFor(chunk.bytes.length);
    if (!thread || (this.joins && thread.waiting.length >= FILL)) return this.own.check(chunk);
    const { buffer, byteOffset } = chunk.bytes;
    // Moved, not copied, unless it is a part of Node’s own pool of small buffers.
    const isOwn = buffer instanceof ArrayBuffer && byteOffset === 0 && buffer.byteLength !== Buffer.poolSize;
    return this.ask<Checked>(thread, chunk, isOwn ? [buffer] : []);
  }

  /** The digest of a file, hex. */
  async digest(path: string, algorithm: Algorithm): Promise<string> {
    const thread = this.threadFor(statSync(path).size);
    return thread
      ? (await this.ask<[string]>(thread, { paths: [path], algorithm }, []))[0]
      : digestOfFile(path, algorithm);
  }

  /** The digests of files, hex, in their order. Other threads read many small ones while this one goes on. */
  async digests(paths: readonly string[], algorithm: Algorithm): Promise<string[]> {
    if (!this.threadFor(FILE_BYTES * paths.length))
      return Promise.all(paths.map((path) => this.digest(path, algorithm)));
    // Neighbours go to different jobs: where large files lie together, so does the work.
    const jobs: string[][] = Array.from({ length: Math.min(FILE_JOBS, paths.length) }, () => []);
    for (const [i, path] of paths.entries()) jobs[i % FILE_JOBS]!.push(path);
    const found = await Promise.all(
      jobs.map((job) => this.ask<string[]>(this.threadFor(0)!, { paths: job, algorithm }, [])),
    );
    return paths.map((_, i) => found[i % FILE_JOBS]![Math.floor(i / FILE_JOBS)]!);
  }

  async close(): Promise<void> {
    await Promise.all(this.started.map(({ worker }) => worker.terminate()));
  }

  /** The thread with the fewest jobs; none while there is little to do. */
  private threadFor(bytes: number): Thread | undefined {
    this.bytes += bytes;
    if (this.threads === 0 || (this.joins && this.bytes < MUCH_BYTES)) return undefined;
    while (this.started.length < this.threads) this.started.push(this.start());
    return this.started.reduce((a, b) => (b.waiting.length < a.waiting.length ? b : a));
  }

  private start(): Thread {
    const { worker: file, schemas } = this.options;
    const worker = new Worker(file!, { workerData: { mark: MARK, schemas }, resourceLimits: LIMITS });
    const waiting: Waiting[] = [];
    worker.on('message', (answer: unknown) => waiting.shift()?.resolve(answer));
    worker.on('error', (error) => {
      this.failed = error;
      for (const { reject } of waiting.splice(0)) reject(error);
    });
    return { worker, waiting };
  }

  private ask<A>({ worker, waiting }: Thread, job: Chunk | FileJob, moved: ArrayBuffer[]): Promise<A> {
    return new Promise((resolve, reject) => {
      if (this.failed) return reject(this.failed);
      waiting.push({ resolve: (answer) => resolve(answer as A), reject });
      worker.postMessage(job, moved);
    });
  }
}

/** What a worker does; nothing in the main thread. True where this thread is such a worker. */
export function serveChunks(): boolean {
  const data = workerData as { mark?: unknown; schemas?: Schemas } | null;
  if (isMainThread || data?.mark !== MARK) return false;
  const checker = new ChunkChecker(new SchemaSet(data.schemas!));
  parentPort!.on('message', (job: Chunk | FileJob) => {
    if ('paths' in job)
      return parentPort!.postMessage(
        job.paths.map((path) => digestOfFile(path, job.algorithm)),
        [],
      );
    const checked = checker.check(job);
    const { ids, recordedMs, labSizes } = checked;
    parentPort!.postMessage(
      checked,
      [ids, recordedMs, labSizes].map(({ buffer }) => buffer as ArrayBuffer),
    );
  });
  return true;
}
