import { existsSync } from 'node:fs';
import { on } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { sha256 } from '../../shared/sha256.js';
import { hashToBase64 } from '../../tlog/encoding.js';
import { Frontier } from '../../tlog/merkle.js';
import { studyLog } from '../../lab/origins.js';
import type { EventStore } from '../../store/event-store.js';

/** So much of a study as is to be read; all of it where `until` is Infinity. */
export interface Asked {
  readonly code: string;
  readonly until: number;
}

/** Consecutive records of a study as they are stored. */
export interface PrefixPage {
  readonly texts: readonly string[];
  /** With the last page: base64, over the stored leaf hashes. */
  readonly root?: string;
}

/** The pages of a prefix: at least one, and the last one has the root. */
export async function* prefixPages(store: EventStore, { code, until }: Asked): AsyncGenerator<PrefixPage> {
  const tree = new Frontier(sha256);
  for await (const page of store.read(studyLog(code))) {
    const wanted = page.filter(({ number }) => number < until);
    for (const { leaf } of wanted) tree.append(leaf);
    if (wanted.length > 0) yield { texts: wanted.map(({ text }) => text) };
    if (wanted.length < page.length) break;
  }
  yield { texts: [], root: hashToBase64(tree.root()) };
}

/** What the thread is started with. */
export interface Reading {
  readonly folder: string;
  readonly asked: readonly Asked[];
}

/** Where the thread's program lies; sources that were not compiled have none. */
export const READING_THREAD = new URL('./prefix-thread.js', import.meta.url);

/**
 * The pages of all that is asked for, one prefix after the other, read by a thread ahead of whoever takes them: half of
 * what a return costs is SQLite and hashes. It ends early, or fails, where the thread comes to grief.
 */
export async function* pagesAside(reading: Reading, program: URL): AsyncGenerator<PrefixPage> {
  if (!existsSync(fileURLToPath(program))) return;
  const worker = new Worker(program, { workerData: reading });
  // Whoever takes its pages hears of it; once nobody does, it shall not end the process.
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
