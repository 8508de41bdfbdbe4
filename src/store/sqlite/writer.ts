import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Append, Outcome } from './appends.js';
import { StoreError, type Holder, type StoreErrorCode } from '../store-error.js';

/** What the thread is started with. */
export interface Opening {
  readonly file: string;
  readonly holder: Holder;
}

const LEAF_CHARACTERS = 32;

/** An append as it crosses to the thread: flat, since every object on the way is copied. */
export interface Asked extends Omit<Append, 'records'> {
  readonly texts: readonly string[];
  /** One after another. */
  readonly leaves: string;
}

function asked({ stream, expectedSize, follows, records }: Append): Asked {
  return {
    stream,
    expectedSize,
    follows,
    texts: records.map(({ text }) => text),
    leaves: records.map(({ leaf }) => leaf).join(''),
  };
}

/** The append again, for the thread. */
export function appendOf({ texts, leaves, ...append }: Asked): Append {
  const records = texts.map((text, i) => ({
    text,
    leaf: leaves.slice(LEAF_CHARACTERS * i, LEAF_CHARACTERS * (i + 1)),
  }));
  return { ...append, records };
}

/** An outcome as it crosses back: errors lose their class and all that is theirs on the way. */
export type Told = { code?: StoreErrorCode; message: string; actualSize?: number | undefined } | undefined;

export function told(outcome: Outcome): Told {
  if (!outcome) return undefined;
  const { message } = outcome;
  return outcome instanceof StoreError
    ? { code: outcome.code, message, actualSize: outcome.actualSize }
    : { message };
}

function outcomeOf(answer: Told): Outcome {
  if (!answer) return undefined;
  const { code, message, actualSize } = answer;
  if (code === undefined) return new Error(message);
  return new StoreError(code, message, actualSize === undefined ? {} : { actualSize });
}

interface Job {
  readonly resolve: (outcomes: Outcome[]) => void;
  readonly reject: (error: Error) => void;
}

/** Where the thread's program lies; sources that were not compiled have none. */
export const THREAD = new URL('./writer-thread.js', import.meta.url);

/** A second connection to the ledger's file, in a thread of its own, which writes while this one goes on. */
export class SqliteWriter {
  readonly #worker: Worker;
  readonly #jobs: Job[] = [];
  #state: 'starting' | 'ready' | 'closing' | 'gone' = 'starting';

  /** Undefined where there is no program to start. */
  static start(opening: Opening, program: URL): SqliteWriter | undefined {
    return existsSync(fileURLToPath(program)) ? new SqliteWriter(opening, program) : undefined;
  }

  private constructor(opening: Opening, program: URL) {
    this.#worker = new Worker(program, { workerData: opening });
    this.#worker.on('message', (answer: Told[] | 'ready') => {
      if (answer === 'ready') this.#state = this.#state === 'starting' ? 'ready' : this.#state;
      else this.#jobs.shift()?.resolve(answer.map(outcomeOf));
      // Whoever closes it waits for its end, and the process with them.
      if (this.#jobs.length === 0 && this.#state !== 'closing') this.#worker.unref();
    });
    this.#worker.on('error', (error) => this.#lost(error));
    this.#worker.on('exit', () => this.#lost(new Error('the writing thread ended')));
    this.#worker.unref();
  }

  /** Whether it takes appends: not before its connection is open, nor after it came to grief. */
  get isReady(): boolean {
    return this.#state === 'ready';
  }

  get isBusy(): boolean {
    return this.#jobs.length > 0;
  }

  /** Rejected where the thread was lost meanwhile: then nobody here knows what was written. */
  commit(appends: readonly Append[]): Promise<Outcome[]> {
    return new Promise((resolve, reject) => {
      this.#jobs.push({ resolve, reject });
      this.#worker.ref();
      this.#worker.postMessage(appends.map(asked));
    });
  }

  /** Once it has answered everything, its connection is closed. */
  async close(): Promise<void> {
    if (this.#state === 'gone') return;
    this.#state = 'closing';
    this.#worker.ref();
    await new Promise<void>((resolve) => {
      this.#worker.once('exit', () => resolve());
      this.#worker.postMessage('close');
    });
  }

  #lost(error: Error): void {
    this.#state = 'gone';
    for (const { reject } of this.#jobs.splice(0)) reject(error);
  }
}
