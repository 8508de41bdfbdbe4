import type { Protocol } from '../protocol.js';
import { ProtocolInputSchema } from '../protocol-input.js';
import { Refusal, refuse } from '../refusal.js';
import { REQUIRED, checkProtocol, type CheckedProtocol } from '../rules/check-protocol.js';
import { hasHandlesAsGrams } from '../rules/ladder.js';
import type { ProtocolInput } from '../rules/complete-protocol.js';
import { Text } from '../schema.js';
import { refuseSecond } from '../signatures/refuse-open.js';
import { StudyCommand, defineCommand, propose } from './common/command.js';
import { implausible, type Flag } from './common/flags.js';
import { Data, Optional, Required } from './common/fields.js';
import { exampleProtocol } from './common/example-protocol.js';
import { THE_STUDY_DIRECTOR } from '../who.js';

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
  who: THE_STUDY_DIRECTOR,
  summary: 'Approve the protocol',
  records: 'ProtocolApproved',
  refuses: ['act-unsigned', 'protocol-exists', 'protocol-invalid'],
  beforeProtocol: true,
  example: { data: { protocol: exampleProtocol } },
  decide({ data }, { protocols, study }) {
    if (protocols.versions.length > 0) {
      return refuse('protocol-exists', 'This study has an approved protocol: change it with AmendProtocol.');
    }
    return (
      refuseSecond(study, 'ProtocolApproved') ??
      withCompleteProtocol(data, (protocol) =>
        propose('ProtocolApproved', { ...data, version: 1, protocol }, flagsOfProtocol(protocol)),
      )
    );
  },
});

/** `handles-as-grams`: the forces of the ladder are numbers from handles. */
export function flagsOfProtocol({ ladder }: Protocol): (Flag | false | undefined)[] {
  return [ladder && hasHandlesAsGrams(ladder) && implausible('handles-as-grams')];
}

/** Writes out named ladders and rules and refuses contradictions, so that the record is complete by itself. */
export function withCompleteProtocol<T>(
  data: ProtocolText,
  then: (protocol: Protocol) => T,
): T | Refusal<'protocol-invalid'> {
  const checked = checkProtocol(data.protocol);
  return checked.protocol ? then(checked.protocol) : refuseProtocol(checked);
}

/** A refusal that names all that is missing or wrong. */
export function refuseProtocol({ missing, wrong }: CheckedProtocol): Refusal<'protocol-invalid'> {
  const code = 'protocol-invalid' as const;
  const due = missing.map(({ path, message }) => ({
    path,
    message: `${path} is still ${REQUIRED}: ${message}`,
  }));
  const errors = [...due, ...wrong].map(({ path, message }) => ({
    field: path === '' ? 'data.protocol' : `data.protocol.${path}`,
    code,
    detail: `The protocol cannot be used: ${message.replace(/\.$/, '')}.`,
  }));
  const [first] = errors;
  return new Refusal(code, first?.detail ?? '', first?.field, errors.length > 1 ? errors : undefined);
}
