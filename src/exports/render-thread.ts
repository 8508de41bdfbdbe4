import { once } from 'node:events';
import type { MessagePort } from 'node:worker_threads';
import type { StoredStudyRecord } from '../study/record.js';
import { emptyStudy, fold } from '../study/study.js';
import { fileNamed, renderFile, type FileOptions } from './files.js';
import type { StudyPeople } from '../lab/people/study-people.js';
import type { Snapshot } from './snapshot.js';
import { TableError } from './tables/table-error.js';

export interface RenderTask {
  readonly file: string;
  readonly options: FileOptions;
  readonly snapshot: Snapshot;
  readonly people: StudyPeople;
  /** Gives a batch of the study's records for each message, and null after the last. */
  readonly records: MessagePort;
}

/** An error of the table as data: a class does not pass from thread to thread. */
export type Rendered = Uint8Array | Pick<TableError, 'code' | 'message' | 'field'>;

/** What a thread does: folds the study from its records, and renders the file. */
export async function render({ file, options, snapshot, people, records }: RenderTask): Promise<Rendered> {
  let study = emptyStudy(snapshot.code);
  for await (const batch of batchesFrom(records)) study = fold(study, batch);
  try {
    return await renderFile(fileNamed(file)!, { study, snapshot, people, names: new Map() }, options);
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
    return { code: error.code, message: error.message, ...(error.field && { field: error.field }) };
  }
}

async function* batchesFrom(port: MessagePort): AsyncGenerator<StoredStudyRecord[]> {
  for (;;) {
    port.postMessage('next');
    const [batch] = (await once(port, 'message')) as [StoredStudyRecord[] | null];
    if (batch === null) return;
    yield batch;
  }
}
