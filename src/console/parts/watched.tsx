import type { JSX } from 'preact';
import type { ContactStatus, WatchStatus } from '../../shared/watch-status.js';
import { countText } from '../words/phrase.js';
import { contactInWords, publishedInWords, watchStateInWords } from '../words/watched.js';
import { Facts, Table } from './table.js';
import { When } from './when.js';

const SHAPES = { holds: '✓', fails: '✕', open: '–' };

/** A state as a shape and words. */
export function Standing({
  stands,
  children,
}: {
  readonly stands: keyof typeof SHAPES;
  readonly children: string;
}): JSX.Element {
  return (
    <span class={`standing ${stands}`}>
      <span class={`tick ${stands}`} aria-hidden="true">
        {SHAPES[stands]}
      </span>{' '}
      {children}
    </span>
  );
}

/** Who outside watches the log of the laboratory, and how far they have come. */
export function Watched({
  status,
  unwitnessed,
}: {
  readonly status: WatchStatus | undefined;
  readonly unwitnessed: string;
}): JSX.Element {
  if (!status)
    return (
      <p class="none">
        This ledger has no folder, so nothing of it is published, and nobody watches it from outside.
      </p>
    );
  const { published, quorum, authority, alarm, policyAsInitialised, problems = {} } = status;
  return (
    <>
      {alarm && (
        <p class="superseded">
          <strong>Alarm.</strong> {alarm.message}
        </p>
      )}
      <p class="lead">{watchStateInWords(status, unwitnessed)}</p>
      <Facts
        facts={[
          [
            'Log of the laboratory',
            <>
              {publishedInWords(status)}
              {published.at !== undefined && (
                <span class="quiet">
                  {' '}
                  Published <When at={published.at} />
                </span>
              )}
            </>,
          ],
          [
            'Quorum of witnesses',
            quorum && (
              <>
                for its first {countText(quorum.size)} records, <When at={quorum.at} />
              </>
            ),
          ],
          [
            'Policy',
            policyAsInitialised
              ? 'the one that the ledger began with'
              : 'not the one that the ledger began with: check whether that was intended',
          ],
          ...Object.entries(problems).map(
            ([log, problem]) => [`Could not be anchored: ${log}`, problem] as const,
          ),
        ]}
      />
      <h3>Witnesses and time stamps</h3>
      <Contacts contacts={[...status.witnesses, ...(authority ? [authority] : [])]} authority={authority} />
      {authority && (
        <p>
          {authority.genTime === undefined ? (
            'The authority has stamped nothing yet.'
          ) : (
            <>
              The last time stamp says <When at={authority.genTime} />.
            </>
          )}
        </p>
      )}
    </>
  );
}

function Contacts({
  contacts,
  authority,
}: {
  readonly contacts: readonly ContactStatus[];
  readonly authority: ContactStatus | undefined;
}): JSX.Element {
  return (
    <Table
      label="Witnesses and time-stamp authority"
      rows={contacts}
      none="None is named. They are named when a ledger is made: witnesses by study-ledger init --policy, a time-stamp authority by --tsa."
      columns={[
        { head: 'Name', cell: ({ name }) => name },
        {
          head: 'What it is',
          cell: (contact) => (contact === authority ? 'time-stamp authority' : 'witness'),
        },
        {
          head: 'State',
          as: 'text',
          cell: (contact) => {
            const { stands, words } = contactInWords(contact);
            return <Standing stands={stands}>{words}</Standing>;
          },
        },
        { head: 'Lab records it has seen', as: 'number', cell: ({ size }) => countText(size) },
        { head: 'Last answer', cell: ({ at }) => (at === undefined ? 'none' : <When at={at} />) },
        { head: 'Address', as: 'wide', cell: ({ url }) => <code>{url}</code> },
      ]}
    />
  );
}
