import { existsSync } from 'node:fs';
import { on } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { sha256 } from '../../shared/sha256.js';
import { hashToBase64 } from '../../tlog/encoding.js';
import { Frontier } from '../../tlog/merkle.js';
import { studyLog } from '../../lab/origins.js';
import type { EventStore } from '../../store/event-store.js';

/** The records of a study below a record number: all of them where `until` is Infinity. */
export interface Prefix {
  readonly code: string;
  readonly until: number;
}

/** Consecutive records of a study as they are stored. */
export interface PrefixPage {
  readonly texts: readonly string[];
  /** With the last page: base64, over the stored leaf hashes. */
  readonly root?: string;
}

/** Reads a prefix in pages. There is at least one, and the last one has the root. */
export async function* readPrefix(store: EventStore, { code, until }: Prefix): AsyncGenerator<PrefixPage> {
  const tree = new Frontier(sha256);
  for await (const page of store.read(studyLog(code))) {
    const wanted = page.filter(({ number }) => number < until);
    for (const { leaf } of wanted) tree.append(leaf);
    if (wanted.length > 0) yield { texts: wanted.map(({ text }) => text) };
    if (wanted.length < page.length) break;
  }
  yield { texts: [], root: hashToBase64(tree.root()) };
}

/** What the reading thread is given. */
export interface PrefixJob {
  readonly folder: string;
  readonly prefixes: readonly Prefix[];
}

/** The thread's program. It exists where the sources have been compiled. */
export const PREFIX_THREAD = new URL('./prefix-thread.js', import.meta.url);

/**
 * Reads several prefixes, one after the other, in a thread that runs ahead of the caller: SQLite and hashes are half of
 * what a return costs. The pages end early, or fail, when the thread fails.
 */
export async function* readPrefixesAhead(job: PrefixJob, program: URL): AsyncGenerator<PrefixPage> {
  if (!existsSync(fileURLToPath(program))) return;
  const worker = new Worker(program, { workerData: job });
  // `on` below reports a failure to the caller. One that comes after the caller has left must not end the process.
  worker.on('error', () => undefined);
  try {
    for await (const [page] of on(worker, 'message', { close: ['exit'] })) {
      worker.postMessage('taken');
      yield page as PrefixPage;
    }
  } finally {
    await worker.terminate();
  }
}
