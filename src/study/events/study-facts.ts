import { Type } from '../schema-types.js';
import { ProtocolSchema } from '../protocol.js';
import { Count, Line, MappingText, PersonId, Text } from '../schema.js';
import { data, optional } from './fact-parts.js';

/** Facts about the study as a whole. Part of the storage contract of `events.ts`. */
export const STUDY_FACTS = {
  StudyOpened: data({
    title: Line,
    director: PersonId,
    sponsor: optional(Line),
    testSite: optional(Line),
    ethicsApproval: optional(Line),
    preregistration: optional(Line),
    objective: optional(Text),
    guideline: optional(Line),
    /** What acts of the study need before they hold. Their record alone, where it is left out. */
    governance: optional(Type.Enum(['signed'])),
    comment: optional(Text),
  }),
  ProtocolApproved: data({ version: Count, protocol: ProtocolSchema, comment: optional(Text) }),
  ProtocolAmended: data({ version: Count, protocol: ProtocolSchema, comment: optional(Text) }),
  /** Who directs the study from this record on, whatever its `time` says. */
  StudyHandedOver: data({ to: PersonId }),
  DirectorReplaced: data({ director: PersonId }),
  /** Its SHA-256 is what imported records name in `importmapping`. */
  ImportMappingSaved: data({ name: Line, mapping: MappingText }),
  StudyClosed: data({ outcome: Type.Enum(['completed', 'terminated']), summary: optional(Text) }),
} as const;
