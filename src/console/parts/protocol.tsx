import type { JSX } from 'preact';
import type { ProtocolVersion } from '../../study/study.js';
import { protocolDifferences, protocolInWords } from '../words/protocol.js';
import { RecordLink } from './links.js';
import { Facts, Table } from './table.js';

/** The version in force in words, and what it changed. */
export function ProtocolInWords({
  versions,
}: {
  readonly versions: readonly ProtocolVersion[];
}): JSX.Element {
  const [last, before] = [versions.at(-1), versions.at(-2)];
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
