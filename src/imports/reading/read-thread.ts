import type { MessagePort } from 'node:worker_threads';
import { counted } from '../../shared/counted.js';
import { ImportError, type Place } from '../import-error.js';
import { readBook, type Reading, type SheetFile } from './read-book.js';
import type { Book, Row, Sheet } from './sheet.js';

export interface ReadTask {
  readonly file: SheetFile;
  readonly reading: Reading;
  readonly mostRows: number;
  /** Gets the sheets: first each without its rows, then batches of these. */
  readonly port: MessagePort;
}

/** What comes over the port. An error is data here: a class does not pass from thread to thread. */
export type ReadMessage =
  | { readonly sheet: Omit<Sheet, 'rows'> }
  | { readonly rows: readonly Row[] }
  | { readonly epoch: Book['epoch'] }
  | { readonly error: { readonly code: string; readonly message: string; readonly place: Place } };

/** Rows that are handed over at once: whoever waits meanwhile waits for no more than these. */
const BATCH = 500;

/** What a thread does: reads the file, which may be hostile, and hands over its rows. */
export async function read({ file, reading, mostRows, port }: ReadTask): Promise<void> {
  try {
    const { sheets, epoch } = await readBook(file, reading);
    refuseMany(sheets, mostRows);
    for (const { rows, ...sheet } of sheets) {
      send(port, { sheet });
      for (let from = 0; from < rows.length; from += BATCH)
        send(port, { rows: rows.slice(from, from + BATCH) });
    }
    send(port, { epoch });
  } catch (error) {
    if (!(error instanceof ImportError)) throw error;
    const { code, message, place } = error;
    send(port, { error: { code, message, place } });
  }
}

function send(port: MessagePort, message: ReadMessage): void {
  port.postMessage(message);
}

/** @throws ImportError */
export function refuseMany(sheets: readonly Sheet[], most: number): void {
  const count = sheets.reduce((sum, { rows }) => sum + rows.length, 0);
  if (count <= most) return;
  const message = `The file has ${counted(count, 'row')}; here at most ${most} are imported at once: divide it, or use study-ledger import.`;
  throw new ImportError('too-many-rows', message);
}
