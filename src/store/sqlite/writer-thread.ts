import { parentPort, workerData } from 'node:worker_threads';
import { SqliteAppends } from './appends.js';
import { openForWriting } from './connection.js';
import { appendOf, told, type Asked, type Opening } from './writer.js';

/**
 * The thread that writes what many have asked for at once, while the others decide what comes next. It has a connection
 * of its own; the ledger's lock stays with the thread that started it.
 */
const { file, holder } = workerData as Opening;
const db = openForWriting(file, false, holder);
const appends = new SqliteAppends(db);

parentPort!.on('message', (asked: Asked[] | 'close') => {
  if (asked !== 'close') return parentPort!.postMessage(appends.commit(asked.map(appendOf)).map(told));
  db.close();
  parentPort!.close();
});
parentPort!.postMessage('ready');
