import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { openSqliteReader } from '../../store/sqlite/open-sqlite.js';
import { prefixPages, type Reading } from './prefix-pages.js';

/** As many pages as may wait to be taken: of the largest records, some 130 MB; of common ones, less than 2. */
const AHEAD = 8;

/** Reads studies beside the thread that folds them. It waits where that has not taken what it was given. */
const { folder, asked } = workerData as Reading;
const store = openSqliteReader(folder);
let waiting = 0;
parentPort!.on('message', () => waiting--);
for (const one of asked) {
  for await (const page of prefixPages(store, one)) {
    if (waiting >= AHEAD) await once(parentPort!, 'message');
    parentPort!.postMessage(page);
    waiting++;
  }
}
await store.close();
parentPort!.close();
