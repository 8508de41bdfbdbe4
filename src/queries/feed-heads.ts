import { setTimeout } from 'node:timers/promises';
import { isStoreError } from '../store/store-error.js';
import { studyLog, type LogName } from '../lab/origins.js';
import type { Engine } from '../recording/engine.js';

/** A study's stream and how many records it holds. */
export interface Head {
  /** In the order of registration, from 0. */
  readonly place: number;
  readonly code: string;
  readonly stream: LogName;
  readonly size: number;
}

const PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Asks how far the studies have come, once for all who follow the feed and not at all where nobody does. A store of
 * many studies takes a while to ask, so the pause is nine times what the asking took: following costs the store a
 * tenth of one caller at most.
 */
export class FeedHeads {
  #pauseMs = PAUSE_MS;
  #later: Promise<readonly Head[]> | undefined;

  constructor(private readonly engine: Engine) {}

  /** The sizes as the store has them now. */
  async now(study?: string): Promise<readonly Head[]> {
    const { studies } = await this.engine.lab();
    const heads: Head[] = [];
    let place = 0;
    for (const code of studies.keys()) {
      const stream = studyLog(code);
      if (study === undefined || code === study)
        heads.push({ place, code, stream, size: await this.engine.store.size(stream) });
      place++;
    }
    return heads;
  }

  /** The sizes after the pause; none of them while the store cannot be reached. */
  later(): Promise<readonly Head[]> {
    return (this.#later ??= this.#asked().finally(() => {
      this.#later = undefined;
    }));
  }

  async #asked(): Promise<readonly Head[]> {
    await setTimeout(this.#pauseMs, undefined, { ref: false });
    const began = performance.now();
    const heads = await this.now().catch(nothingWhileAway);
    const took = performance.now() - began;
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(PAUSE_MS, 9 * took));
    return heads;
  }
}

/** A reader who follows waits until the store is back; anything else ends the following. */
export function nothingWhileAway(error: unknown): readonly never[] {
  if (isStoreError(error, 'unavailable') || isStoreError(error, 'unknown-outcome')) return [];
  throw error;
}
