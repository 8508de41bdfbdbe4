import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { openSqliteReader } from '../../store/sqlite/open-sqlite.js';
import { readPrefix, type PrefixJob } from './prefix-pages.js';

/** Pages that may wait to be taken: some 130 MB of the largest records, less than 2 MB of common ones. */
const AHEAD = 8;

// Reads ahead of the thread that folds, and waits while too many pages have not been taken.
const { folder, prefixes } = workerData as PrefixJob;
const store = openSqliteReader(folder);
let waiting = 0;
parentPort!.on('message', () => waiting--);
for (const prefix of prefixes) {
  for await (const page of readPrefix(store, prefix)) {
    if (waiting >= AHEAD) await once(parentPort!, 'message');
    parentPort!.postMessage(page);
    waiting++;
  }
}
await store.close();
parentPort!.close();
