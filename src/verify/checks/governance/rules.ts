/** What a study whose acts are signed takes when. Written here anew, as the role table is. */

/** Recorded before a protocol is in force. */
export const BEFORE_PROTOCOL: ReadonlySet<string> = new Set([
  'StudyOpened',
  'ProtocolApproved',
  'SignatureApplied',
  'StudyHandedOver',
  'DirectorReplaced',
  'ImportMappingSaved',
  'AttachmentAdded',
  'InspectionRecorded',
  'InspectionReported',
  'TrailReviewed',
  'EntryDiscarded',
  'RecordCorrected',
  // A protocol that is not signed is withdrawn.
  'RecordVoided',
]);

/** Recorded in a closed study. */
export const AFTER_CLOSE: ReadonlySet<string> = new Set([
  'ImportMappingSaved',
  'DeviationAcknowledged',
  'AttachmentAdded',
  'StudyArchived',
  'SeverityAssessed',
  'RecordCorrected',
  'RecordVoided',
  'EndpointDecided',
  'EntryDiscarded',
  'StudyHandedOver',
  'DirectorReplaced',
  'InspectionRecorded',
  'InspectionReported',
  'StudyReopened',
  'TrailReviewed',
  'SignatureApplied',
  'RecordWitnessed',
]);

/** Recorded in an archived study. */
export const AFTER_ARCHIVE: ReadonlySet<string> = new Set([
  'StudyReopened',
  'DirectorReplaced',
  'SignatureApplied',
]);

/** Records that vouch for others, or end a study, are not reviewed themselves. */
export const NOT_REVIEWED: ReadonlySet<string> = new Set([
  'SignatureApplied',
  'RecordWitnessed',
  'TrailReviewed',
  'InspectionRecorded',
  'InspectionReported',
  'DeviationAcknowledged',
  'StudyClosed',
  'StudyReopened',
  'StudyArchived',
]);

export type State = 'open' | 'closed' | 'archived';

/** Acts that end a study or take that back: where they lead, from where, and who signs them with which meaning. */
export const CLOSING: Readonly<
  Record<
    string,
    {
      readonly to: State;
      readonly from: readonly State[];
      readonly meaning: string;
      readonly by: 'director' | 'management';
    }
  >
> = {
  StudyClosed: { to: 'closed', from: ['open'], meaning: 'closed', by: 'director' },
  StudyReopened: { to: 'open', from: ['closed', 'archived'], meaning: 'approved', by: 'director' },
  StudyArchived: { to: 'archived', from: ['closed'], meaning: 'archived', by: 'management' },
};
