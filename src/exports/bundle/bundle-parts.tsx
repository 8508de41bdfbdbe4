import type { JSX } from 'preact';
import { Facts, Table } from '../../console/parts/table.js';
import { When } from '../../console/parts/when.js';
import { counted } from '../../console/words/phrase.js';
import type { About } from './about.js';
import type { Actor } from './study-answers.js';

/** What a bundle is of, and up to where. */
export function Identity({ about }: { readonly about: About }): JSX.Element {
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

/** Who recorded, in which role, from when to when. Names are shown only where the bundle discloses them. */
export function Actors({
  actors,
  names,
}: {
  readonly actors: readonly Actor[];
  readonly names: About['names'];
}): JSX.Element {
  return (
    <Table
      label="Who acted"
      rows={actors}
      columns={[
        { head: 'Who', cell: ({ actor }) => actor },
        ...(names.size === 0
          ? []
          : [{ head: 'Name', cell: ({ actor }: Actor) => names.get(actor) ?? 'not disclosed' }]),
        { head: 'Role', cell: ({ role }) => role },
        { head: 'Records', as: 'number', cell: ({ records }) => records },
        { head: 'First', cell: ({ first }) => <When at={first} /> },
        { head: 'Last', cell: ({ last }) => <When at={last} /> },
      ]}
    />
  );
}
