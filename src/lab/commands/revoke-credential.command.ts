import { RecordNumber } from '../../study/schema.js';
import { Data, Required } from '../../study/commands/common/fields.js';
import { refuse } from '../../study/refusal.js';
import { RevocationCause } from '../people/facts.js';
import { credentialNumbered } from '../people/standing.js';
import { LabCommand, defineLabCommand, labFact } from './common/lab-command.js';

class Revocation {
  @Required(RecordNumber, 'Lab record of the CredentialEnrolled.')
  credential!: number;

  @Required(RevocationCause, 'Why.')
  cause!: 'lost' | 'stolen' | 'replaced' | 'left';
}

/** Ends a passkey at once, with the sessions that it began. */
export class RevokeCredential extends LabCommand {
  @Data(Revocation) readonly data!: Revocation;
}

export const revokeCredential = defineLabCommand(RevokeCredential, {
  summary: 'End a passkey',
  records: 'CredentialRevoked',
  who: 'administrator-or-oneself',
  concerns: ({ data }, { people }) => credentialNumbered(people, data.credential)?.person,
  refuses: ['credential-unknown', 'last-administrator'],
  example: { data: { credential: 12, cause: 'lost' } },
  decide({ data: { credential, cause } }, { lab }) {
    const found = credentialNumbered(lab.people, credential);
    if (!found || found.revoked)
      return refuse(
        'credential-unknown',
        `Lab record ${credential} is not a credential in force.`,
        'data.credential',
      );
    return [labFact('CredentialRevoked', { credential, cause })];
  },
});
