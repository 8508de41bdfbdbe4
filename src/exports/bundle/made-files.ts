import { archiveOf } from '../../study/archive.js';
import { signaturesOf, type Study } from '../../study/study.js';
import { filesIn, unpack, type Parts } from '../files.js';
import { snapshotOf, type FileSource } from '../snapshot.js';
import type { About } from './about.js';
import { readme } from './readme.js';
import { studyPage } from './study-page.js';
import { verifyText } from './verify-text.js';

export interface MadeFile {
  /** Below `data/`. */
  readonly path: string;
  readonly parts: Parts;
}

/**
 * What an export makes from the records, for people: texts, page, tables, data sets and reports. The same records and the same version
 * give the same bytes, so that they can be made again and compared. A bundle of one animal has the page and the table
 * only: the other files are about the whole study.
 */
export async function* madeFiles(about: About, study: Study): AsyncGenerator<MadeFile> {
  const signatures = signaturesOf(study).length;
  yield { path: 'ledger/VERIFY.md', parts: [verifyText(about, signatures)] };
  yield { path: 'ledger/README.md', parts: [readme(about, signatures, archiveOf(study))] };
  yield { path: 'study.html', parts: [studyPage(about, study)] };
  const subject = about.partial?.subject;
  const { people, names } = about;
  const of: FileSource = { study, snapshot: snapshotOf(study, about), people, names, subject };
  for (const file of filesIn('bundle'))
    if (subject === undefined || file.name === 'table.csv')
      for await (const { path, parts } of unpack(file, of, 'bundle')) yield { path: `files/${path}`, parts };
}
