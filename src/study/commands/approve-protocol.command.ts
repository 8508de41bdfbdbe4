import { Type } from '../schema-types.js';
import { ProtocolSchema, type Protocol } from '../protocol.js';
import { refuse, type Refusal } from '../refusal.js';
import { completeProtocol, type ProtocolInput } from '../rules/complete-protocol.js';
import { Text } from '../schema.js';
import { StudyCommand, defineCommand, propose } from './common/command.js';
import { Data, Optional, Required } from './common/fields.js';
import { exampleProtocol } from './common/example-protocol.js';

const { ladder, responder, ...rest } = ProtocolSchema.properties;

/** A protocol in which a shipped ladder or responder rule may be named instead of spelled out. */
export const ProtocolInputSchema = Type.Object(
  {
    ...rest,
    ladder: Type.Union([ladder, Type.String({ description: 'RAT-H8, RAT-N8 or RAT-N9' })]),
    responder: Type.Union([responder, Type.Enum(['A', 'B', 'C'])]),
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
  const protocol = completeProtocol(data.protocol);
  return typeof protocol === 'string'
    ? refuse('protocol-invalid', `The protocol cannot be used: ${protocol}.`, 'data.protocol')
    : then(protocol);
}
