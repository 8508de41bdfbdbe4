import type { JSX } from 'preact';
import { trailRecord, type TrailRecord } from '../../study/projections/audit-trail.projection.js';
import type { ProtocolVersion, Study } from '../../study/study.js';
import { RecordLink } from '../parts/links.js';
import { Approval, DifferencesTable, approvalOf, type ApprovalTold } from '../parts/protocol.js';
import { When } from '../parts/when.js';
import { protocolDifferences } from '../words/protocol.js';

/** A version with the record that brought it, and the version before it. */
export interface VersionTold {
  readonly version: ProtocolVersion;
  readonly before: ProtocolVersion | undefined;
  readonly trail: TrailRecord;
  readonly approval: ApprovalTold | undefined;
}

/** All versions but the last, which is told by itself; newest first. */
export function earlierVersions(study: Study, versions: readonly ProtocolVersion[]): VersionTold[] {
  return versions
    .map((version, index) => ({
      version,
      before: versions[index - 1],
      trail: trailRecord(study, study.records.at(version.holder)!),
      approval: approvalOf(study, version),
    }))
    .slice(0, -1)
    .reverse();
}

export function EarlierVersions({ told }: { readonly told: readonly VersionTold[] }): JSX.Element | null {
  if (told.length === 0) return null;
  return (
    <section>
      <h2>Earlier versions</h2>
      {told.map(({ version, before, trail, approval }) => (
        <section>
          <h3>Version {version.version}</h3>
          <p>
            {before ? 'Amended' : 'Approved'} by {trail.actor}, <When at={trail.occurredAt} /> (
            <RecordLink number={version.holder} />)
            {trail.reason !== null && <span class="reason"> “{trail.reason}”</span>}
            <Approval of={approval} />
          </p>
          {before && (
            <DifferencesTable
              differences={protocolDifferences(before.protocol, version.protocol)}
              versions={[before.version, version.version]}
            />
          )}
        </section>
      ))}
    </section>
  );
}
