import type { JSX } from 'preact';
import type { AnchorReason } from '../../lab/events.js';
import type { Anchor } from '../../lab/lab.js';
import { Pager, type Shown } from './choices.js';
import { countText } from '../words/phrase.js';
import { Table } from './table.js';
import { When } from './when.js';
import { API } from '../../shared/api-prefix.js';

const REASONS: Readonly<Record<AnchorReason, string>> = {
  interval: 'in the course of time',
  protocolApproved: 'a protocol had been approved since the anchor before',
  studyLocked: 'the study was closed',
  studyArchived: 'the study was archived',
  signatureApplied: 'something was signed',
  export: 'an export was made',
};

/** States of a log that stand in the lab. The last column is filled in by the reader’s browser, where it runs a script. */
export function AnchorTable({
  anchors,
  older,
  shown,
}: {
  /** Newest first. */
  readonly anchors: readonly Anchor[];
  /** The one before the last of these. */
  readonly older: Anchor | undefined;
  readonly shown: Shown;
}): JSX.Element {
  return (
    <>
      <div data-anchors data-older-size={older?.size} data-older-root={older?.root}>
        <Table
          label="Anchors"
          rows={anchors}
          none="Up to this tree size, no state is recorded in the log of the laboratory. The server records one at each milestone and at regular times, and a later one covers these records too: the mark at the head of the page says how far. Until then, whoever holds folder and seed can replace them unnoticed."
          columns={[
            { head: 'Records', as: 'number', cell: ({ size }) => countText(size) },
            { head: 'Recorded', cell: ({ recordedtime }) => <When at={recordedtime} /> },
            { head: 'Because', as: 'wide', cell: ({ reason }) => REASONS[reason] },
            {
              head: 'Lab record',
              cell: ({ number }) => <a href={`${API}/lab/records?from=${number}&limit=1`}>{`#${number}`}</a>,
            },
            { head: 'Root', cell: ({ root }) => <code>{root}</code> },
            {
              head: 'In your browser',
              as: 'wide',
              cell: ({ size, root }) => (
                <span data-size={size} data-root={root}>
                  not checked
                </span>
              ),
            },
          ]}
        />
      </div>
      <Pager to="/verify" query={{}} what="anchor" shown={shown} />
    </>
  );
}
