import { Type } from '../schema-types.js';
import {
  ClientCommandId,
  CommandName,
  Flags,
  Instant,
  Line,
  ProvenReference,
  SubjectId,
  Text,
  closed,
} from '../schema.js';
import { data, optional } from './fact-parts.js';

/** What records say about other records. Part of the storage contract of `events.ts`. */
export const RECORD_FACTS = {
  RecordCorrected: data({
    /** The record that first stated the fact. */
    target: ProvenReference,
    /** What held until now: the target, or its latest correction. */
    replaces: ProvenReference,
    corrects: Line,
    /** Schema version of the type that `corrects` names, in whose shape `corrected` is; 1 where left out. */
    correctsVersion: optional(Type.Integer({ minimum: 2, maximum: 1000 })),
    subject: optional(SubjectId),
    occurredAt: Instant,
    corrected: Type.Record(Type.String(), Type.Unknown()),
  }),
  RecordVoided: data({ target: ProvenReference, comment: optional(Text) }),
  /** What was entered and never recorded. */
  EntryDiscarded: closed({
    /** The id that it would have been recorded under. */
    commandid: ClientCommandId,
    /** Its name, such as RecordThreshold. */
    command: CommandName,
    /** Of the entry; the discard was made at its time. */
    enteredAt: Instant,
    flags: optional(Flags),
  }),
  /** What no other record shows. */
  DeviationRecorded: data({
    what: Text,
    animals: optional(Type.Array(SubjectId, { minItems: 1, maxItems: 1000, uniqueItems: true })),
  }),
  DeviationAcknowledged: data({
    target: ProvenReference,
    assessment: Text,
    impact: optional(Type.Enum(['none', 'minor', 'major'])),
    action: optional(Text),
  }),
} as const;
