import { Data, Required } from '../../study/commands/common/fields.js';
import { Refusal, refuse } from '../../study/refusal.js';
import { Sha256Hex } from '../../study/schema.js';
import { ATTESTATION_SHA256 } from '../people/attestation.js';
import { findPerson } from './common/find.js';
import { LabCommand, defineLabCommand, labFact } from './common/lab-command.js';

class Attestation {
  @Required(Sha256Hex, 'SHA-256, hex, of the text that was shown.')
  text!: string;
}

/** Says once that one's electronic signature binds like one by hand (21 CFR 11.100(c)). */
export class GiveAttestation extends LabCommand {
  @Data(Attestation) readonly data!: Attestation;
}

export const giveAttestation = defineLabCommand(GiveAttestation, {
  summary: 'State that one’s electronic signature binds like one by hand',
  records: 'AttestationGiven',
  who: 'oneself',
  concerns: ({ submission }) => submission.actor,
  refuses: ['attestation-given', 'attestation-text', 'person-inactive', 'person-unknown'],
  example: { data: { text: ATTESTATION_SHA256 } },
  decide({ data: { text } }, { lab, actor }) {
    const person = findPerson(lab, actor);
    if (person instanceof Refusal) return person;
    if (person.attestation)
      return refuse(
        'attestation-given',
        `${actor} stated this already (lab record ${person.attestation.number}): it is stated only once.`,
      );
    if (text !== ATTESTATION_SHA256)
      return refuse(
        'attestation-text',
        `data.text is ${text}, and the text to be shown has ${ATTESTATION_SHA256}: read it at /api/v1/attestation, and state that.`,
        'data.text',
      );
    return [labFact('AttestationGiven', { text })];
  },
});
