import { Type } from '../schema-types.js';
import { ActualSeverity, Code, Line, PersonId, RecordNumber, Severity, Text } from '../schema.js';
import { Scores, data, observation, optional } from './fact-parts.js';

/** Facts about the welfare of an animal. Part of the storage contract of `events.ts`. */
export const WELFARE_FACTS = {
  WelfareScored: data({
    sheet: Line,
    scores: Scores,
    severity: optional(Severity),
    action: optional(Text),
    veterinarianContacted: optional(Type.Boolean()),
    ...observation,
  }),
  AdverseEventReported: data({
    description: Text,
    expected: Type.Boolean(),
    severity: Severity,
    relation: optional(Type.Enum(['unrelated', 'possible', 'probable', 'definite'])),
    action: optional(Text),
    outcome: optional(Text),
    /** The animal-welfare body, the veterinarian, the authority. */
    reportedTo: optional(Line),
    ...observation,
  }),
  InterventionRecorded: data({
    kind: Type.Enum([
      'analgesia',
      'anaesthesia',
      'antibiotic',
      'fluid',
      'nutrition',
      'wound-care',
      'housing',
      'closer-monitoring',
      'pause',
      'other',
    ]),
    description: optional(Text),
    agent: optional(Line),
    dose: optional(Line),
    route: optional(Line),
    /** The score, weight or event that it answers. */
    because: optional(RecordNumber),
    orderedBy: optional(PersonId),
    ...observation,
  }),
  EndpointDecided: data({
    endpoint: Code,
    /** The score or weight that reached it. */
    reachedBy: RecordNumber,
    decision: Type.Enum(['kill', 'treat', 'change-design', 'continue', 'not-confirmed']),
    justification: Text,
  }),
  SeverityAssessed: data({
    severity: ActualSeverity,
    basis: optional(Text),
    /** Due where suffering was severe and could not be eased (Dir. 2010/63/EU, Art. 55), and in the United Kingdom below the threshold. */
    explanation: optional(Text),
  }),
} as const;
