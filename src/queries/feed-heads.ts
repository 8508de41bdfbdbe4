import { counted } from '../shared/counted.js';
import { setTimeout } from 'node:timers/promises';
import { StoreError, isStoreError, concernsOneLog } from '../store/store-error.js';
import { studyLog, type LogName } from '../lab/origins.js';
import type { Engine } from '../recording/engine.js';

/** A study's stream and its size. */
export interface Head {
  /** In the order of registration, from 0. */
  readonly index: number;
  readonly code: string;
  readonly stream: LogName;
  readonly size: number;
  /** Why nothing can be read of the study: records of it are missing, or were changed. */
  readonly problem?: StoreError;
}

const PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Reads the sizes of the studies, once for all readers that follow the feed, and only while there is one. The pause after
 * it is nine times as long as it took, so that with many studies it keeps at most a tenth of one connection busy.
 */
export class FeedHeads {
  #pauseMs = PAUSE_MS;
  #next: Promise<readonly Head[]> | undefined;

  constructor(private readonly engine: Engine) {}

  /** The sizes in the store now, of one study if it is given. */
  async read(study?: string): Promise<readonly Head[]> {
    const { studies, anchors } = await this.engine.lab();
    const heads: Head[] = [];
    let index = 0;
    for (const code of studies.keys()) {
      const stream = studyLog(code);
      if (study === undefined || code === study)
        heads.push({ index, code, stream, ...(await this.#sizeOf(stream, anchors.get(stream)?.size ?? 0)) });
      index++;
    }
    return heads;
  }

  async #sizeOf(stream: LogName, anchored: number): Promise<Pick<Head, 'size' | 'problem'>> {
    try {
      const size = await this.engine.store.size(stream);
      if (size >= anchored) return { size };
      const message = `${stream} holds ${counted(size, 'record')}, but the lab anchored its first ${anchored}.`;
      return { size, problem: new StoreError('integrity', message) };
    } catch (error) {
      if (!concernsOneLog(error)) throw error;
      return { size: 0, problem: error };
    }
  }

  /** The sizes after the pause; empty while the store cannot be reached. */
  readLater(): Promise<readonly Head[]> {
    return (this.#next ??= this.#waitAndRead().finally(() => {
      this.#next = undefined;
    }));
  }

  async #waitAndRead(): Promise<readonly Head[]> {
    await setTimeout(this.#pauseMs, undefined, { ref: false });
    const began = performance.now();
    const heads = await this.read().catch(ignoreOutage);
    const took = performance.now() - began;
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(PAUSE_MS, 9 * took));
    return heads;
  }
}

/** A reader that follows waits while the store is away; any other error ends its answer. */
export function ignoreOutage(error: unknown): readonly never[] {
  if (isStoreError(error, 'unavailable') || isStoreError(error, 'unknown-outcome')) return [];
  throw error;
}
