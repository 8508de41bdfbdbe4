import type { JSX } from 'preact';
import { Facts } from '../../console/parts/table.js';
import { When } from '../../console/parts/when.js';
import { counted } from '../../console/words/phrase.js';
import { archiveOf } from '../../study/archive.js';
import type { Study } from '../../study/study.js';
import { archiveInWords } from '../snapshot.js';
import type { About } from './about.js';

/** What a bundle is of, and up to where. */
export function Identity({ about, study }: { readonly about: About; readonly study: Study }): JSX.Element {
  const archive = archiveOf(study);
  const { code, facility, size, root, anchor, partial } = about;
  return (
    <>
      <p class="lead">
        {partial
          ? `What the records say about animal ${partial.subject}. ${partial.subject} only: ${counted(size - partial.records, 'record')} of other animals are withheld.`
          : `What the ${counted(size, 'record')} of this study say, each of them once.`}{' '}
        Nothing was overwritten: what was corrected stays, and names what replaced it.
      </p>
      <Facts
        facts={[
          ['Facility', facility],
          ['Study', code],
          ['Animal', partial?.subject],
          ['Archived', archive && archiveInWords(archive)],
          ['State shown', `tree size ${size}: records 0 to ${size - 1}`],
          ['Root', <code>{root}</code>],
          [
            'Anchored',
            <>
              lab record {anchor.record}, <When at={anchor.recorded} />
            </>,
          ],
        ]}
      />
    </>
  );
}
