import type { JSX } from 'preact';
import { useContext } from 'preact/hooks';
import { trailRecord, type TrailRecord } from '../../study/projections/audit-trail.projection.js';
import { utcInstant } from '../../study/instant.js';
import { signaturesOver } from '../../study/signatures/signatures.js';
import { Protocols, isGoverned, type ProtocolVersion, type Study } from '../../study/study.js';
import { protocolDifferences, protocolInWords, type Difference } from '../words/protocol.js';
import { addressOfAct } from './act-address.js';
import { RecordLink, StudyHref, StudyLink } from './links.js';
import { Facts, Table } from './table.js';
import { When } from './when.js';

/** The version in force and the one before it, and the record that brought it. */
export interface ProtocolTold {
  readonly last: ProtocolVersion | undefined;
  readonly before: ProtocolVersion | undefined;
  readonly trail: TrailRecord | undefined;
  readonly approval: ApprovalTold | undefined;
  /** The record of a version that its director has not signed yet. */
  readonly unsigned: number | undefined;
}

/** In a study whose acts are signed: from when a version is in force, and the record of the signature. */
export interface ApprovalTold {
  readonly inForce: string;
  readonly signature: number;
}

export function approvalOf(study: Study, { holder, at }: ProtocolVersion): ApprovalTold | undefined {
  if (!isGoverned(study)) return undefined;
  const signed = signaturesOver(study, holder).find(({ meaning }) => meaning === 'approved');
  return signed && { inForce: utcInstant(at), signature: signed.record };
}

export function Approval({ of }: { readonly of: ApprovalTold | undefined }): JSX.Element | null {
  if (!of) return null;
  return (
    <>
      ; signed in <RecordLink number={of.signature} />, in force from <When at={of.inForce} />
    </>
  );
}

/** In a file that leaves the house nothing is signed. */
function SignProtocol({ number }: { readonly number: number }): JSX.Element | null {
  const next = useContext(StudyHref)('/protocol');
  const { to, query } = addressOfAct({ next: { sign: 'approved' }, record: number }, next);
  return next === '' ? null : (
    <StudyLink to={to} query={query}>
      Sign as approved
    </StudyLink>
  );
}

/** @param versions those to be told, in order of when each came into force */
export function protocolTold(study: Study, versions: readonly ProtocolVersion[]): ProtocolTold {
  const [last, before] = [versions.at(-1), versions.at(-2)];
  const stored = last && study.records.at(last.holder);
  const [unsigned] = new Protocols(study).unsigned;
  return {
    last,
    before,
    trail: stored && trailRecord(study, stored),
    approval: last && approvalOf(study, last),
    unsigned: unsigned?.holder,
  };
}

/** The version in force in words: what it changed, who decided it, when and why. */
export function ProtocolInWords({
  told,
  to,
}: {
  readonly told: ProtocolTold;
  /** The page of the protocol, where this is another one. */
  readonly to?: string;
}): JSX.Element {
  const { last, before, trail, approval, unsigned } = told;
  if (!last) {
    return (
      <section>
        <h2>Protocol</h2>
        {unsigned === undefined ? (
          <p class="none">
            No protocol is approved. Until one is, no animal can be enrolled and no verdict can be computed.
          </p>
        ) : (
          <p>
            Version 1 of the protocol (<RecordLink number={unsigned} />) waits for the signature of the
            study’s director and is in force from then on. Until then no animal can be enrolled.{' '}
            <SignProtocol number={unsigned} />
          </p>
        )}
        {to !== undefined && (
          <p>
            <a href={to}>{unsigned === undefined ? 'Write the protocol' : 'The page of the protocol'}</a>
          </p>
        )}
      </section>
    );
  }
  return (
    <section>
      <h2>Protocol, version {last.version}</h2>
      <p>
        {last.protocol.title} (<RecordLink number={last.holder} />)
        {to !== undefined && (
          <>
            {' · '}
            <a href={to}>All versions, and amending it</a>
          </>
        )}
      </p>
      {trail && (
        <p>
          {before ? 'Amended' : 'Approved'} by {trail.actor}, {trail.role}, <When at={trail.occurredAt} />
          {trail.reason !== null && <span class="reason"> “{trail.reason}”</span>}
          <Approval of={approval} />
        </p>
      )}
      {unsigned !== undefined && (
        <p>
          The amendment in <RecordLink number={unsigned} /> is in force once the study’s director signs it as
          approved. <SignProtocol number={unsigned} />
        </p>
      )}
      {before && (
        <>
          <h3>What version {last.version} changed</h3>
          <DifferencesTable
            differences={protocolDifferences(before.protocol, last.protocol)}
            versions={[before.version, last.version]}
          />
        </>
      )}
      <Facts facts={protocolInWords(last.protocol)} />
    </section>
  );
}

/** Before → after in words. */
export function DifferencesTable({
  differences,
  versions: [before, after],
}: {
  readonly differences: readonly Difference[];
  readonly versions: readonly [number, number];
}): JSX.Element {
  return (
    <Table
      label="Changes of the protocol"
      rows={differences}
      none="It changed only parts that are not listed here. The record has all of them."
      columns={[
        { head: 'About', cell: ({ about }) => about },
        { head: `Version ${before}`, as: 'wide', cell: ({ before: was }) => <del>{was ?? 'nothing'}</del> },
        { head: `Version ${after}`, as: 'wide', cell: ({ after: is }) => <ins>{is ?? 'nothing'}</ins> },
      ]}
    />
  );
}
