import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { Study } from '../study/study.js';
import { renderFile, type FileOptions, type StudyFile } from './files.js';
import type { Rendered, RenderTask } from './render-thread.js';
import type { FileSource } from './snapshot.js';
import { TableError } from './tables/table-error.js';

/** Records copied at once: a command waits for no longer than this takes. */
const BATCH = 512;
const MEMORY_MB = 2048;
/** An idle thread keeps its modules for the next file; then it ends and gives its memory back. */
const IDLE_MS = 5000;

/**
 * Renders the files that a server hands out. Given a thread, heavy ones are rendered there, one after another, so that
 * recording goes on while somebody waits for a spreadsheet.
 */
export class RenderPool {
  private readonly pool: Piscina<RenderTask, Rendered> | undefined;

  /** @param thread render-thread.js, as built */
  constructor(thread?: URL) {
    this.pool =
      thread &&
      new Piscina({
        filename: thread.href,
        name: 'render',
        minThreads: 0,
        maxThreads: 1,
        idleTimeout: IDLE_MS,
        resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
      });
  }

  /** @throws TableError */
  async render(file: StudyFile, source: FileSource, options: FileOptions): Promise<Uint8Array> {
    const { pool } = this;
    if (!pool || !file.isHeavy) return renderFile(file, source, options);
    const { port1, port2 } = new MessageChannel();
    const { study, snapshot, people } = source;
    sendRecords(study, port1);
    try {
      const task = { file: file.name, options, snapshot, people, records: port2 };
      const rendered = await pool.run(task, { transferList: [port2] });
      if (rendered instanceof Uint8Array) return rendered;
      throw new TableError(rendered.code, rendered.message, rendered.field);
    } finally {
      port1.close();
    }
  }

  /** Nest calls it after the last request was answered. */
  async onApplicationShutdown(): Promise<void> {
    await this.pool?.destroy();
  }
}

/** A batch whenever the thread asks for one: a file that waits for its turn holds no copy of the study. */
function sendRecords(study: Study, port: MessagePort): void {
  const records = study.records.toArray();
  let from = 0;
  port.on('message', () => {
    const batch = records.slice(from, (from += BATCH));
    port.postMessage(
      batch.length === 0 ? null : batch.map(({ number, leaf, record }) => ({ number, leaf, record })),
    );
  });
}
