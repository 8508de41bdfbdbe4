import type { JSX } from 'preact';
import { trailRecord, type TrailRecord } from '../../study/projections/audit-trail.projection.js';
import type { ProtocolVersion, Study } from '../../study/study.js';
import { protocolDifferences, protocolInWords } from '../words/protocol.js';
import { RecordLink } from './links.js';
import { Facts, Table } from './table.js';
import { When } from './when.js';

/** The version in force and the one before it, and the record that brought it. */
export interface ProtocolTold {
  readonly last: ProtocolVersion | undefined;
  readonly before: ProtocolVersion | undefined;
  readonly trail: TrailRecord | undefined;
}

/** @param versions those to be told, in order of when each came into force */
export function protocolTold(study: Study, versions: readonly ProtocolVersion[]): ProtocolTold {
  const [last, before] = [versions.at(-1), versions.at(-2)];
  const stored = last && study.records.at(last.holder);
  return { last, before, trail: stored && trailRecord(study, stored) };
}

/** The version in force in words: what it changed, who decided it, when and why. */
export function ProtocolInWords({ told }: { readonly told: ProtocolTold }): JSX.Element {
  const { last, before, trail } = told;
  if (!last) {
    return (
      <section>
        <h2>Protocol</h2>
        <p class="none">
          No protocol is approved. Until one is, no animal can be enrolled and no verdict can be computed.
        </p>
      </section>
    );
  }
  return (
    <section>
      <h2>Protocol, version {last.version}</h2>
      <p>
        {last.protocol.title} (<RecordLink number={last.holder} />)
      </p>
      {trail && (
        <p>
          {before ? 'Amended' : 'Approved'} by {trail.actor}, {trail.role}, <When at={trail.occurredAt} />
          {trail.reason !== null && <span class="reason"> “{trail.reason}”</span>}
        </p>
      )}
      {before && (
        <>
          <h3>What version {last.version} changed</h3>
          <Table
            label="Changes of the protocol"
            rows={protocolDifferences(before.protocol, last.protocol)}
            none="Nothing that is in words here; the record has every member."
            columns={[
              { head: 'About', cell: ({ about }) => about },
              {
                head: `Version ${before.version}`,
                as: 'wide',
                cell: ({ before: was }) => <del>{was ?? 'nothing'}</del>,
              },
              {
                head: `Version ${last.version}`,
                as: 'wide',
                cell: ({ after }) => <ins>{after ?? 'nothing'}</ins>,
              },
            ]}
          />
        </>
      )}
      <Facts facts={protocolInWords(last.protocol)} />
    </section>
  );
}
