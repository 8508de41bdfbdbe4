import { Type } from '../schema-types.js';
import { Current, Minutes, Seconds } from '../quantity.js';
import { Line, Minute, Paw, RecordNumber } from '../schema.js';
import { Touch, data, observation, optional, stimulus } from './fact-parts.js';

/** Facts about measurements. Part of the storage contract of `events.ts`. */
export const MEASUREMENT_FACTS = {
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
} as const;
