import type { Static, TProperties } from 'typebox';
import { Type } from '../schema-types.js';
import { ProtocolSchema } from '../protocol.js';
import { Scores, Touch, Use, observation, stimulus, surgery } from './fact-parts.js';
import {
  BodyWeight,
  Concentration,
  Current,
  Dose,
  FlowRate,
  Impedance,
  Length,
  Minutes,
  Percent,
  Seconds,
  Temperature,
  Volume,
} from '../quantity.js';
import {
  ActualSeverity,
  CalendarDate,
  Code,
  Count,
  Flags,
  Instant,
  Line,
  Minute,
  Paw,
  PersonId,
  ProvenReference,
  RecordNumber,
  Severity,
  Side,
  SubjectId,
  Text,
  closed,
} from '../schema.js';

/**
 * Every kind of fact a study can hold, as the JSON Schema of its `data`. These are a storage contract: a schema that
 * has been released is never edited so that a stored record would no longer fit: it may gain optional members and words,
 * and for anything else a new version is added and old records are upcast on read.
 * Measured values are kept as read; everything that can be computed is computed. Longer than other files, since the
 * contract is read as one list.
 */

const optional = Type.Optional;

export const EVENTS = {
  StudyOpened: data({
    title: Line,
    director: PersonId,
    sponsor: optional(Line),
    testSite: optional(Line),
    ethicsApproval: optional(Line),
    preregistration: optional(Line),
    objective: optional(Text),
    guideline: optional(Line),
    comment: optional(Text),
  }),
  ProtocolApproved: data({ version: Count, protocol: ProtocolSchema, comment: optional(Text) }),
  ProtocolAmended: data({ version: Count, protocol: ProtocolSchema, comment: optional(Text) }),
  StudyClosed: data({ outcome: Type.Enum(['completed', 'terminated']), summary: optional(Text) }),

  SubjectEnrolled: data({
    species: Line,
    strain: Line,
    sex: Type.Enum(['female', 'male']),
    dateOfBirth: optional(CalendarDate),
    bodyWeight: optional(BodyWeight),
    supplier: optional(Line),
    healthStatus: optional(Line),
    genotype: optional(Line),
    identification: optional(closed({ method: Code, mark: Line })),
    arrival: optional(CalendarDate),
    acclimatisationDays: optional(Type.Integer({ minimum: 0, maximum: 365 })),
    previousProcedures: optional(Text),
    placeOfBirth: optional(
      Type.Enum([
        'eu-registered',
        'eu-not-registered',
        'uk-licensed',
        'uk-not-licensed',
        'rest-of-europe',
        'rest-of-world',
      ]),
    ),
    bredForProcedures: optional(Type.Boolean()),
    geneticStatus: optional(
      Type.Enum(['not-altered', 'altered-no-harmful-phenotype', 'altered-harmful-phenotype']),
    ),
    /** Whether the animal was used to create a new genetically altered line. */
    newGeneticLine: optional(Type.Boolean()),
    use: optional(Use),
    housing: optional(
      closed({
        cage: optional(Line),
        companions: optional(Type.Integer({ minimum: 0, maximum: 50 })),
        bedding: optional(Line),
        enrichment: optional(Line),
        lightCycle: optional(Line),
        temperature: optional(Temperature),
        diet: optional(Line),
      }),
    ),
    allocation: optional(
      closed({
        group: Line,
        method: optional(Line),
        sequenceSource: optional(Line),
        stratum: optional(Line),
        concealed: optional(Type.Boolean()),
      }),
    ),
    comment: optional(Text),
  }),
  BodyWeightRecorded: data({ weight: BodyWeight, ...observation }),
  SubjectExcluded: data({
    criterion: optional(Code),
    prespecified: Type.Boolean(),
    decidedBy: optional(PersonId),
    afterUnblinding: optional(Type.Boolean()),
    comment: optional(Text),
  }),
  SubjectEuthanised: data({
    method: Line,
    cause: Type.Enum(['planned', 'humane-endpoint', 'surgical-complication', 'other']),
    endpoint: optional(Code),
    agent: optional(Line),
    confirmation: optional(Line),
    tissue: optional(Text),
    electrodePosition: optional(Line),
    catheterPosition: optional(Line),
    ...observation,
  }),
  FateRecorded: data({
    fate: Type.Enum(['found-dead', 'released', 'rehomed', 'kept-alive']),
    /** Of death, where known. */
    cause: optional(Text),
    /** Where the animal went, and into whose hands. */
    to: optional(Line),
    ...observation,
  }),

  NerveLigated: data({
    side: Side,
    nerve: Code,
    procedure: Type.Enum(['partial-ligation', 'sham']),
    fraction: optional(Line),
    suture: optional(closed({ size: Line, material: optional(Line) })),
    ...surgery,
  }),
  ElectrodeImplanted: data({
    action: Type.Enum(['implanted', 'repaired', 'replaced']),
    model: Line,
    serial: optional(Line),
    contacts: optional(Type.Integer({ minimum: 1, maximum: 64 })),
    polarity: optional(Line),
    level: Line,
    laminectomySite: optional(Line),
    verification: optional(Type.Enum(['x-ray', 'visual', 'post-mortem', 'none'])),
    impedance: optional(Impedance),
    ...surgery,
  }),
  CatheterImplanted: data({
    route: Line,
    tipLevel: Line,
    side: optional(Type.Enum(['left', 'right', 'midline'])),
    length: optional(Length),
    deadVolume: optional(Volume),
    lidocaineTest: optional(
      closed({ result: Type.Enum(['bilateral-paralysis', 'unilateral', 'none']), lot: optional(Line) }),
    ),
    ...surgery,
  }),

  ThresholdRecorded: data({
    paw: Paw,
    ladder: Line,
    touches: Type.Array(Touch, { minItems: 1, maxItems: 100 }),
    /** The stimulation or the dose that this run belongs to, and the minutes since it began. */
    session: optional(RecordNumber),
    minute: optional(Minute),
    kit: optional(Line),
    holdTime: optional(Seconds),
    interval: optional(Seconds),
    acclimatisation: optional(Minutes),
    stopReason: optional(Line),
    ...observation,
  }),
  MotorThresholdDetermined: data({
    ...stimulus,
    rampStep: optional(Current),
    muscle: optional(Line),
    posture: optional(Line),
    ...observation,
  }),

  SCSApplied: data({
    ...stimulus,
    duration: Minutes,
    outcome: Type.Enum(['completed', 'aborted']),
    /** The ketamine administration that this stimulation follows; absent for stimulation alone. */
    follows: optional(RecordNumber),
    mode: optional(Line),
    percentOfMotorThreshold: optional(Percent),
    interruptions: optional(Text),
    sideEffects: optional(Text),
    ...observation,
  }),
  KetamineAdministered: data({
    dose: Dose,
    bodyWeight: BodyWeight,
    route: Code,
    volume: Volume,
    purpose: Type.Enum(['titration', 'combination']),
    enantiomer: optional(Type.Enum(['racemic', 'S', 'R'])),
    salt: optional(Line),
    preservative: optional(Line),
    vehicle: optional(Line),
    concentration: optional(Concentration),
    lot: optional(Line),
    expiry: optional(CalendarDate),
    flush: optional(Volume),
    rate: optional(FlowRate),
    site: optional(Line),
    preparedBy: optional(PersonId),
    witnessedBy: optional(PersonId),
    ...observation,
  }),
  SideEffectsScored: data({
    scale: Line,
    scores: Scores,
    /** The administration or stimulation after which it was scored, and the minutes since. */
    after: RecordNumber,
    minute: Minute,
    ...observation,
  }),
  SubEffectiveDoseDesignated: data({
    dose: Dose,
    /** The administrations whose threshold courses justify it. */
    evidence: Type.Array(RecordNumber, { minItems: 1, maxItems: 50, uniqueItems: true }),
    justification: Text,
  }),

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
    /** Due where suffering was severe and could not be eased (Dir. 2010/63/EU, Art. 55). */
    explanation: optional(Text),
  }),

  RecordCorrected: data({
    /** The record that first stated the fact. */
    target: ProvenReference,
    /** What held until now: the target, or its latest correction. */
    replaces: ProvenReference,
    corrects: Line,
    subject: optional(SubjectId),
    occurredAt: Instant,
    corrected: Type.Record(Type.String(), Type.Unknown()),
  }),
  RecordVoided: data({ target: ProvenReference, comment: optional(Text) }),
  DeviationAcknowledged: data({
    target: ProvenReference,
    assessment: Text,
    impact: optional(Type.Enum(['none', 'minor', 'major'])),
    action: optional(Text),
  }),
} as const;

/** `flags` are codes fixed when the record was written: deviation, late, implausible and the reasons behind them. */
function data<P extends TProperties>(properties: P) {
  return closed({ ...properties, flags: Type.Optional(Flags) });
}

export type EventType = keyof typeof EVENTS;
export type EventData<T extends EventType = EventType> = Static<(typeof EVENTS)[T]>;
/** Facts that a correction or a void can name; the other two speak about records instead of the study. */
export type FactType = Exclude<EventType, 'RecordCorrected' | 'RecordVoided'>;

/** Schema version written today, one for all types together; older ones are upcast on read. */
export const SCHEMA_VERSION = 1;

export function isEventType(type: string): type is EventType {
  return Object.hasOwn(EVENTS, type);
}
