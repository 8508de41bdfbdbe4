import { ProtocolSchema } from './protocol.js';
import { LadderSchema } from './protocol/measurements.js';
import { ResponderSchema } from './protocol/rules.js';
import { LADDER_PRESETS } from './rules/ladder.js';
import { Type } from './schema-types.js';
import { optionalMember } from './schema.js';

const { ladder: _, responder: __, ...rest } = ProtocolSchema.properties;

/** A protocol in which a shipped ladder or responder rule may be named instead of spelled out. */
export const ProtocolInputSchema = Type.Object(
  {
    ...rest,
    ladder: optionalMember(
      Type.Union([LadderSchema, Type.Enum(Object.keys(LADDER_PRESETS))]),
      'The filaments of up-down thresholds, written out or by the name of a shipped ladder. Without it no threshold is recorded.',
    ),
    responder: optionalMember(
      Type.Union([ResponderSchema, Type.Enum(['A', 'B', 'C'])]),
      'When an animal counts as a responder, and a dose as effective; written out or by the name of a shipped rule. Without it that is not judged.',
    ),
  },
  { additionalProperties: false },
);
