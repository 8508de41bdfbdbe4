import { Type } from '../schema-types.js';
import { ProtocolSchema, type Protocol } from '../protocol.js';
import { LadderSchema } from '../protocol/measurements.js';
import { ResponderSchema } from '../protocol/rules.js';
import { Refusal, refuse } from '../refusal.js';
import { completeProtocol, type ProtocolInput } from '../rules/complete-protocol.js';
import type { Problem } from '../rules/protocol-problems.js';
import { Text, described, optionalMember } from '../schema.js';
import { StudyCommand, defineCommand, propose } from './common/command.js';
import { Data, Optional, Required } from './common/fields.js';
import { exampleProtocol } from './common/example-protocol.js';

const { ladder: _, responder: __, ...rest } = ProtocolSchema.properties;

/** A protocol in which a shipped ladder or responder rule may be named instead of spelled out. */
export const ProtocolInputSchema = Type.Object(
  {
    ...rest,
    ladder: optionalMember(
      Type.Union([LadderSchema, described('RAT-H8, RAT-N8 or RAT-N9', {})]),
      'The filaments of up-down thresholds, written out or by the name of a shipped ladder. Without it no threshold is recorded.',
    ),
    responder: optionalMember(
      Type.Union([ResponderSchema, Type.Enum(['A', 'B', 'C'])]),
      'When an animal counts as a responder, and a dose as effective; written out or by the name of a shipped rule. Without it that is not judged.',
    ),
  },
  { additionalProperties: false },
);

export class ProtocolText {
  @Required(ProtocolInputSchema, 'The protocol: ladder, schedule, rules, doses, scales, endpoints, windows.')
  protocol!: ProtocolInput;

  @Optional(Text, 'Anything else worth keeping.')
  comment?: string;
}

/** Approves the first protocol. Until then nothing but the registration can be recorded. */
export class ApproveProtocol extends StudyCommand {
  @Data(ProtocolText) readonly data!: ProtocolText;
}

export const approveProtocol = defineCommand(ApproveProtocol, {
  phase: 'study',
  summary: 'Approve the protocol',
  records: 'ProtocolApproved',
  refuses: ['protocol-exists', 'protocol-invalid'],
  beforeProtocol: true,
  example: { data: { protocol: exampleProtocol } },
  decide({ data }, { protocols }) {
    if (protocols.versions.length > 0) {
      return refuse('protocol-exists', 'This study has an approved protocol: change it with AmendProtocol.');
    }
    return withCompleteProtocol(data, (protocol) =>
      propose('ProtocolApproved', { ...data, version: 1, protocol }),
    );
  },
});

/** Writes out named ladders and rules and refuses contradictions, so that the record is complete by itself. */
export function withCompleteProtocol<T>(
  data: ProtocolText,
  then: (protocol: Protocol) => T,
): T | Refusal<'protocol-invalid'> {
  const completed = completeProtocol(data.protocol);
  return Array.isArray(completed) ? refuseProtocol(completed) : then(completed);
}

function refuseProtocol(problems: readonly Problem[]): Refusal<'protocol-invalid'> {
  const code = 'protocol-invalid' as const;
  const errors = problems.map(({ path, message }) => ({
    field: `data.protocol.${path}`,
    code,
    message: `The protocol cannot be used: ${message}.`,
  }));
  const [first] = errors;
  return new Refusal(code, first?.message ?? '', first?.field, errors.length > 1 ? errors : undefined);
}
