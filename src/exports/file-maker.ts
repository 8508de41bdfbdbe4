import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { Refusal, refuse } from '../study/refusal.js';
import type { RefusalCode } from '../study/refusal-codes.js';
import type { Study } from '../study/study.js';
import { bytesOf, type OutputSource } from './outputs.js';
import { SERVED, type Form, type Served } from './served.js';
import type { Stand } from './snapshot.js';
import { SheetTooLong } from './tables/xlsx.js';

/** What a thread is told to make; the records follow in messages. */
export interface Order {
  readonly file: string;
  readonly form: Form;
  readonly stand: Stand;
}

/** What a thread answers. */
export type Made = Uint8Array | { readonly code: RefusalCode; readonly message: string };

/** As many as a command can wait for while they are copied. */
const BATCH = 512;
const MEMORY_MB = 2048;

/**
 * Makes the files that a server hands out. Given a worker, what takes seconds is made in a thread of its own, one file
 * after another: a server records while somebody waits for a spreadsheet.
 */
export class FileMaker {
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly worker?: URL) {}

  async make(served: Served, form: Form, source: OutputSource): Promise<Uint8Array | Refusal> {
    const { worker } = this;
    const { study, stand } = source;
    const order: Order = { file: served.name, form, stand };
    if (!served.isSlow || !worker) return orRefusal(await made(order, study));
    const next = this.last.then(() => madeAside(worker, order, study));
    this.last = next.catch(() => undefined);
    return orRefusal(await next);
  }
}

/** The file itself, wherever it is made. */
export async function made({ file, form, stand }: Order, study: Study): Promise<Made> {
  const output = SERVED.find(({ name }) => name === file)?.in(form);
  if (!output) throw new Error(`there is no file ${file}`);
  if (output instanceof Refusal) return { code: output.code, message: output.message };
  try {
    return await bytesOf(output, { study, stand });
  } catch (error) {
    if (!(error instanceof SheetTooLong)) throw error;
    return { code: error.code, message: error.message };
  }
}

async function madeAside(file: URL, order: Order, study: Study): Promise<Made> {
  const worker = new Worker(file, {
    workerData: order,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  });
  const answer = once(worker, 'message') as Promise<[Made]>;
  // It may fail while records are still being sent; that is said where it is awaited.
  answer.catch(() => undefined);
  try {
    const records = study.records.toArray();
    for (let from = 0; from < records.length; from += BATCH) {
      const batch = records.slice(from, from + BATCH);
      worker.postMessage(batch.map(({ number, leaf, record }) => ({ number, leaf, record })));
      await setImmediate();
    }
    worker.postMessage(null);
    return (await answer)[0];
  } finally {
    await worker.terminate();
  }
}

function orRefusal(answer: Made): Uint8Array | Refusal {
  return answer instanceof Uint8Array ? answer : refuse(answer.code, answer.message);
}
