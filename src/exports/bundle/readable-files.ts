import type { Study } from '../../study/study.js';
import { filesIn, unpack, type Parts } from '../files.js';
import { snapshotOf, type FileSource, type Snapshot } from '../snapshot.js';
import { studyPage } from './study-page.js';

export interface ReadableSource {
  readonly study: Study;
  readonly given: Pick<Snapshot, 'facility' | 'simulated' | 'root' | 'version'>;
  /** Of the anchor that covers the study. */
  readonly anchor: { readonly record: number; readonly recorded: string };
  readonly subject: string | undefined;
}

/**
 * The page, tables, data sets and reports of a bundle. They follow from the records, so that the verifier can render them
 * again. A bundle of one animal has the page and the table only: the other files are about the whole study.
 */
export async function* readableFiles(
  source: ReadableSource,
): AsyncGenerator<{ readonly path: string; readonly parts: Parts }> {
  const { study, given, anchor, subject } = source;
  const { facility, simulated, root } = given;
  const page = {
    study,
    facility,
    simulated,
    root,
    labRecord: anchor.record,
    anchored: anchor.recorded,
    subject,
  };
  yield { path: 'study.html', parts: [studyPage(page)] };
  const of: FileSource = { study, snapshot: snapshotOf(study, given), subject };
  for (const file of filesIn('bundle'))
    if (subject === undefined || file.name === 'table.csv')
      for await (const { path, parts } of unpack(file, of)) yield { path: `files/${path}`, parts };
}
