import type { TProperties } from 'typebox';
import { Type } from '../schema-types.js';
import { Current, Frequency, Percent, PulseWidth, Temperature } from '../quantity.js';
import {
  ActualSeverity,
  CalendarDate,
  Code,
  Flags,
  Instant,
  Line,
  PersonId,
  Score,
  Text,
  closed,
} from '../schema.js';

/** Members that several kinds of fact share. Part of the storage contract of `events.ts`. */

export const optional = Type.Optional;

/**
 * `flags` are codes fixed when the record was written: deviation, late, implausible, query and the reasons behind them.
 * `enteredAt` is when it was entered, where it was sent later.
 */
export function data<P extends TProperties>(properties: P) {
  return closed({ ...properties, enteredAt: optional(Instant), flags: optional(Flags) });
}

/** What any observation may carry beside its own facts. */
export const observation = {
  observedBy: optional(PersonId),
  instrument: optional(
    closed({ id: Line, calibration: optional(Line), calibrationDue: optional(CalendarDate) }),
  ),
  blinded: optional(Type.Boolean()),
  comment: optional(Text),
};

/** What any operation may carry. */
export const surgery = {
  ...observation,
  surgeon: optional(PersonId),
  assistant: optional(PersonId),
  start: optional(Instant),
  end: optional(Instant),
  anaesthesia: optional(closed({ agent: Line, concentration: optional(Percent), route: optional(Line) })),
  analgesia: optional(closed({ agent: Line, dose: optional(Line), route: optional(Line) })),
  antibiotic: optional(Line),
  bodyTemperature: optional(Temperature),
  recovery: optional(Text),
  complication: optional(closed({ code: Code, text: optional(Text) })),
};

/** One stimulus, the touch of a filament, with the response: X withdrawal, O none, ? ambiguous and repeated. */
export const Touch = closed({
  filament: Type.String({ minLength: 1, maxLength: 12 }),
  response: Type.Enum(['O', 'X', '?']),
  time: optional(Instant),
});

/** A touch that was made and does not count: struck through by who entered it, at its place among all touches made. */
export const StruckTouch = closed({
  /** Counted from 1. */
  place: Type.Integer({ minimum: 1, maximum: 200 }),
  filament: Touch.properties.filament,
  response: Touch.properties.response,
  why: Type.Enum(['mistyped', 'moved']),
});

/** Whether the animal is used for the first time, or re-used (Dir. 2010/63/EU, Art. 16). */
export const Use = closed({
  kind: Type.Enum(['first', 'reuse']),
  previousActualSeverity: optional(ActualSeverity),
  previousProject: optional(Line),
  /** Why the authority permitted a re-use after a severe use (Art. 16 (2)). */
  authorityReason: optional(Text),
});

export const Scores = Type.Array(closed({ item: Code, score: Score }), { minItems: 1, maxItems: 40 });

/** The electrical stimulus, as set on the stimulator. */
export const stimulus = {
  device: optional(Line),
  frequency: Frequency,
  pulseWidth: PulseWidth,
  amplitude: Current,
  waveform: optional(Line),
};
