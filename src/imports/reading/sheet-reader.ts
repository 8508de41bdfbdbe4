import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { sha256Hex } from '../../shared/sha256.js';
import { ImportError } from '../import-error.js';
import { readBook, type ReadFile, type Reading, type SheetFile } from './read-book.js';
import { refuseMany, type ReadMessage, type ReadTask } from './read-thread.js';
import type { Book, Row, Sheet } from './sheet.js';

/** Of one import on a server, which others record on at the same time. */
export const MOST_ROWS = 20_000;
const MEMORY_MB = 1024;
const MOST_MS = 60_000;
/** An idle thread keeps its modules for the next file; then it ends and gives its memory back. */
const IDLE_MS = 5000;

/**
 * Reads the spreadsheets that are sent to a server. Given a thread, they are read there: a file that is
 * made to cost time or memory costs that thread, and nobody who records.
 */
export class SheetReader {
  private readonly pool: Piscina<ReadTask, void> | undefined;

  /** @param thread read-thread.js, as built */
  constructor(thread?: URL) {
    this.pool =
      thread &&
      new Piscina({
        filename: thread.href,
        name: 'read',
        minThreads: 0,
        maxThreads: 2,
        idleTimeout: IDLE_MS,
        resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
      });
  }

  /** @throws ImportError where it cannot be read. */
  async read(file: SheetFile, reading: Reading = {}): Promise<ReadFile> {
    const book = await (this.pool ? this.inThread(this.pool, file, reading) : this.here(file, reading));
    return { name: file.name, sha256: sha256Hex(file.bytes), book };
  }

  private async here(file: SheetFile, reading: Reading): Promise<Book> {
    const book = await readBook(file, reading);
    refuseMany(book.sheets, MOST_ROWS);
    return book;
  }

  private async inThread(pool: Piscina<ReadTask, void>, file: SheetFile, reading: Reading): Promise<Book> {
    const { port1, port2 } = new MessageChannel();
    try {
      const book = bookFrom(port1);
      const task = { file, reading, mostRows: MOST_ROWS, port: port2 };
      const run = pool.run(task, { transferList: [port2], signal: AbortSignal.timeout(MOST_MS) });
      // It resolves once the thread has sent everything, and rejects where the thread is lost.
      const lost = run.then(
        () => book,
        () => Promise.reject(tooCostly()),
      );
      return await Promise.race([book, lost]);
    } finally {
      port1.close();
    }
  }

  /** Nest calls it after the last request was answered. */
  async onApplicationShutdown(): Promise<void> {
    await this.pool?.destroy();
  }
}

/** The book that is sent over a port. @throws ImportError that is sent instead of one */
function bookFrom(port: MessagePort): Promise<Book> {
  const sheets: (Omit<Sheet, 'rows'> & { readonly rows: Row[] })[] = [];
  return new Promise((resolve, reject) => {
    port.on('message', (message: ReadMessage) => {
      if ('sheet' in message) sheets.push({ ...message.sheet, rows: [] });
      else if ('rows' in message) sheets.at(-1)?.rows.push(...message.rows);
      else if ('epoch' in message) resolve({ sheets, epoch: message.epoch });
      else reject(new ImportError(message.error.code, message.error.message, message.error.place));
    });
  });
}

function tooCostly(): ImportError {
  return new ImportError(
    'file-too-large',
    'The file takes more time or memory to read than a sheet that somebody filled in: save the sheet alone, as .csv.',
  );
}
