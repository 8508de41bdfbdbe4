import { refuse } from '../refusal.js';
import { ProtocolText, flagsOfProtocol, withCompleteProtocol } from './approve-protocol.command.js';
import { refuseSecond } from '../signatures/refuse-open.js';
import { StudyCommand, defineCommand, propose } from './common/command.js';
import { exampleProtocol } from './common/example-protocol.js';
import { Data } from './common/fields.js';
import { THE_STUDY_DIRECTOR } from '../who.js';

/** Replaces the protocol from `occurredAt` on, in full. What was recorded before keeps the version it was recorded under. */
export class AmendProtocol extends StudyCommand {
  @Data(ProtocolText) readonly data!: ProtocolText;
}

export const amendProtocol = defineCommand(AmendProtocol, {
  phase: 'study',
  who: THE_STUDY_DIRECTOR,
  summary: 'Amend the protocol',
  records: 'ProtocolAmended',
  refuses: ['act-unsigned', 'amendment-out-of-order', 'protocol-invalid'],
  reasonRequired: true,
  example: {
    reason: 'Washout lengthened on the advice of the animal-welfare body',
    data: { protocol: exampleProtocol },
  },
  decide({ data }, { protocols, study, at }) {
    const latest = protocols.versions.at(-1);
    if (latest && at < latest.at) {
      return refuse(
        'amendment-out-of-order',
        `Protocol version ${latest.version} came into force later than that; an amendment cannot precede it.`,
        'occurredAt',
      );
    }
    const version = (latest?.version ?? 0) + 1;
    return (
      refuseSecond(study, 'ProtocolAmended') ??
      withCompleteProtocol(data, (protocol) =>
        propose('ProtocolAmended', { ...data, version, protocol }, flagsOfProtocol(protocol)),
      )
    );
  },
});
