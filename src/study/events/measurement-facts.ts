import { Type } from '../schema-types.js';
import { Current, Decimal, Minutes, Seconds } from '../quantity.js';
import { Code, Instant, Line, Minute, Paw, RecordNumber, closed } from '../schema.js';
import { StruckTouch, Touch, data, observation, optional, stimulus } from './fact-parts.js';

const Filament = Type.String({ pattern: '^[A-Za-z0-9.]{1,12}$' });
const Responses = Type.Integer({ minimum: 0, maximum: 1000 });

/** One trial of an assay as it was read: a value, n responses of m touches of a filament, or a value of each side. */
export const Trial = Type.Union(
  [
    closed({
      value: Decimal,
      /** The trial was stopped there: the true value is not smaller. */
      censored: optional(Type.Boolean()),
      time: optional(Instant),
    }),
    closed({ filament: Filament, n: Responses, of: Responses }),
    closed({ left: Decimal, right: Decimal }),
  ],
  {
    description:
      'one trial: {"value":"12.4"} (with "censored":true where it was stopped there), {"filament":"0.6","n":2,"of":5} or {"left":"52.1","right":"40.3"}',
  },
);

/** Facts about measurements. Part of the storage contract of `events.ts`. */
export const MEASUREMENT_FACTS = {
  ThresholdRecorded: data({
    paw: Paw,
    ladder: Line,
    touches: Type.Array(Touch, { minItems: 1, maxItems: 100 }),
    /** Touches that were struck through; the threshold does not take them. */
    struck: optional(Type.Array(StruckTouch, { minItems: 1, maxItems: 100 })),
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
  MeasurementRecorded: data({
    /** By its id in the protocol that the record pins, whose unit the values are in. */
    assay: Code,
    site: Code,
    trials: Type.Array(Trial, { minItems: 1, maxItems: 100 }),
    /** The stimulation or the dose that it belongs to, and the planned minutes since it began. */
    session: optional(RecordNumber),
    minute: optional(Minute),
    device: optional(Line),
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
