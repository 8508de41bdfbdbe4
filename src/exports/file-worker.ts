import { parentPort, workerData } from 'node:worker_threads';
import type { StoredStudyRecord } from '../study/record.js';
import { emptyStudy, fold } from '../study/study.js';
import { made, type Order } from './file-maker.js';

/** Makes one file beside the server: is sent the records of a study in batches, then null, and answers once. */
const order = workerData as Order;
let study = emptyStudy(order.stand.code);

parentPort?.on('message', (records: StoredStudyRecord[] | null) => {
  if (records === null) void made(order, study).then((answer) => parentPort?.postMessage(answer));
  else study = fold(study, records);
});
