import { Type } from '../schema-types.js';

/** What is done to animals or measured on them, by the names of the commands: what somebody can be trained in. */
const PROCEDURES = [
  'RecordBodyWeight',
  'LigateNerve',
  'InduceModel',
  'ImplantElectrode',
  'ImplantCatheter',
  'RecordThreshold',
  'RecordMeasurement',
  'DetermineMotorThreshold',
  'ApplySCS',
  'AdministerKetamine',
  'AdministerSubstance',
  'ScoreSideEffects',
  'ScoreWelfare',
  'RecordIntervention',
  'EuthaniseSubject',
] as const;

export const TrainingSchema = Type.Array(Type.Enum([...PROCEDURES]), {
  minItems: 1,
  maxItems: PROCEDURES.length,
  uniqueItems: true,
});
