import { Type } from '../schema-types.js';
import {
  AnyConcentration,
  AnyDose,
  BodyWeight,
  Concentration,
  Dose,
  FlowRate,
  Minutes,
  Percent,
  Volume,
} from '../quantity.js';
import { CalendarDate, Code, Line, Minute, PersonId, RecordNumber, Text } from '../schema.js';
import { Scores, data, observation, optional, stimulus } from './fact-parts.js';
import { burst, dutyCycle } from './treatment-parts.js';

/** Facts about stimulation, doses and what they did. Part of the storage contract of `events.ts`. */
export const TREATMENT_FACTS = {
  SCSApplied: data({
    ...stimulus,
    duration: Minutes,
    outcome: Type.Enum(['completed', 'aborted']),
    /** By its id in the protocol; absent where the protocol has one setting. */
    setting: optional(Code),
    burst: optional(burst),
    dutyCycle: optional(dutyCycle),
    /** The dose that this stimulation follows; absent for stimulation alone. */
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
    routeText: optional(Line),
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
  SubstanceAdministered: data({
    /** By its id in the protocol. */
    substance: Code,
    dose: AnyDose,
    /** That a dose per body weight was worked out with. */
    bodyWeight: optional(BodyWeight),
    route: Code,
    routeText: optional(Line),
    purpose: Type.Enum(['test', 'titration', 'combination', 'vehicle', 'control', 'rescue']),
    volume: optional(Volume),
    concentration: optional(AnyConcentration),
    salt: optional(Line),
    preservative: optional(Line),
    vehicle: optional(Line),
    lot: optional(Line),
    expiry: optional(CalendarDate),
    flush: optional(Volume),
    rate: optional(FlowRate),
    duration: optional(Minutes),
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
    dose: AnyDose,
    /** The administrations whose threshold courses justify it. */
    evidence: Type.Array(RecordNumber, { minItems: 1, maxItems: 50, uniqueItems: true }),
    justification: Text,
  }),
} as const;
