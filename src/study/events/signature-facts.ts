import { Type } from '../schema-types.js';
import {
  CalendarDate,
  Commitment,
  Line,
  PersonId,
  ProvenReference,
  RecordNumber,
  Sha256Hex,
  Text,
  described,
} from '../schema.js';
import { closed } from '../schema.js';
import { data, optional } from './fact-parts.js';

/** Who vouches for what, and the end of a study. Part of the storage contract of `events.ts`. */

const Base64 = described('bytes in base64', { pattern: '^[A-Za-z0-9+/]+={0,2}$', maxLength: 40_000 });
const Base64url = described('bytes in base64url', { pattern: '^[A-Za-z0-9_-]+$', maxLength: 8000 });

export const SIGNATURE_FACTS = {
  /** A DSSE envelope over an in-toto statement, and the assertion of the signer’s passkey over the same bytes. */
  SignatureApplied: data({
    envelope: closed({
      payload: Base64,
      payloadType: Line,
      /** The first is the ledger’s own: that it showed these bytes to this person. */
      signatures: Type.Array(closed({ keyid: Line, sig: Base64 }), { minItems: 1, maxItems: 4 }),
    }),
    webauthn: closed({
      credentialId: Base64url,
      authenticatorData: Base64url,
      clientDataJSON: Base64url,
      signature: Base64url,
    }),
  }),
  /** A second person saw what a record states. */
  RecordWitnessed: data({ target: ProvenReference, comment: optional(Text) }),
  /** Both ends are included. */
  TrailReviewed: data({ from: RecordNumber, to: RecordNumber, findings: Text }),
  /** What was found is kept beside the log: dates are shown to inspectors, findings are not. */
  InspectionRecorded: data({ phase: Line, on: CalendarDate, findings: optional(Commitment) }),
  InspectionReported: data({
    target: ProvenReference,
    to: Type.Enum(['director', 'management']),
    on: CalendarDate,
  }),
  /** Bytes that are kept beside the log. */
  AttachmentAdded: data({
    sha256: Sha256Hex,
    /** In bytes. */
    size: Type.Integer({ minimum: 1, maximum: 2 ** 31 }),
    mediaType: described('a media type such as application/pdf', {
      pattern: '^[a-z]+/[a-z0-9][a-z0-9.+-]{0,100}$',
    }),
    name: Line,
    kind: Type.Enum(['contributor-report', 'document', 'raw-data', 'other']),
    contributor: optional(PersonId),
    comment: optional(Text),
  }),
  StudyReopened: data({ comment: optional(Text) }),
  StudyArchived: data({
    /** Where what belongs to the study and is not in the ledger lies. */
    location: Line,
    retainUntil: CalendarDate,
  }),
} as const;
